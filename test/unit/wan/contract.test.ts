/**
 * The node's table against the sandbox's own transcription of EvoLink's page: both were written
 * independently, so one misreading shows up here as a difference, told in words.
 */
import {
	LIMITS,
	type Material,
	MATERIAL_LIMITS,
	MODE_NAMES,
	MODES,
	MODEL_ID,
} from '../../support/imageToVideo';
import { RESULT_LINK_HOURS } from '../../../nodes/WanVideo/wan/resultLink';
import * as sandbox from '../../../sandbox/contract';

type Facts = Record<string, unknown>;

/** The wire's name of each material, written by hand from the page. */
const WIRE: Readonly<Record<Material, sandbox.MaterialField>> = {
	firstFrame: 'image_start',
	lastFrame: 'image_end',
	clip: 'video_urls',
	drivingAudio: 'audio_urls',
};
const page = sandbox.wan27ImageToVideo;
const modes: Readonly<Record<sandbox.Mode, Partial<Record<sandbox.MaterialField, sandbox.Need>>>> =
	page.modes;

/** Facts that differ, e.g. "clip.maxSeconds: the node says 10, the sandbox 12". */
function differences(node: Facts, other: Facts): string[] {
	const names = [...new Set([...Object.keys(node), ...Object.keys(other)])].sort();
	return names
		.filter((name) => JSON.stringify(node[name]) !== JSON.stringify(other[name]))
		.map(
			(name) =>
				`${name}: the node says ${JSON.stringify(node[name])}, the sandbox ${JSON.stringify(other[name])}`,
		);
}

/** Formats by the name that both would use: lower case, jpg as jpeg, without remarks in brackets. */
function formats(names: readonly string[]): string[] {
	return names
		.map((name) =>
			name
				.toLowerCase()
				.replace(/ \(.*\)/, '')
				.replace('jpg', 'jpeg'),
		)
		.sort();
}

function nodeMaterial(name: Material): Facts {
	const limits: Facts = { ...MATERIAL_LIMITS[name] };
	return { ...limits, formats: formats(Object.values(MATERIAL_LIMITS[name].formats)) };
}

function sandboxMaterial(name: Material): Facts {
	const limits: Partial<sandbox.MaterialLimits> =
		(page.materials as sandbox.ModelContract['materials'])[WIRE[name]] ?? {};
	const facts: Facts = {
		formats: formats(limits.formats ?? []),
		minPixels: limits.pixelMin,
		maxPixels: limits.pixelMax,
		maxAspectRatio: limits.ratioMax,
		maxMegabytes: (limits.bytesMax ?? 0) / 1024 / 1024,
		minSeconds: limits.secondsMin,
		maxSeconds: limits.secondsMax,
	};
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

describe('the node and the sandbox read the same page', () => {
	it('tells a difference in words', () => {
		expect(differences({ max: 10, min: 2 }, { max: 12, min: 2 })).toEqual([
			'max: the node says 10, the sandbox 12',
		]);
	});

	it('model and modes', () => {
		expect(MODEL_ID).toBe(page.id);
		expect([...MODE_NAMES].sort()).toEqual(Object.keys(modes).sort());
		const found = MODE_NAMES.flatMap((mode) =>
			(Object.keys(WIRE) as Material[])
				.filter((name) => MODES[mode].materials[name] !== modes[mode][WIRE[name]])
				.map(
					(name) =>
						`${mode}.${name}: the node says ${MODES[mode].materials[name]}, the sandbox ${modes[mode][WIRE[name]]}`,
				),
		);
		expect(found).toEqual([]);
	});

	it.each(Object.keys(WIRE) as Material[])('limits of the material %s', (name) => {
		expect(differences(nodeMaterial(name), sandboxMaterial(name))).toEqual([]);
	});

	it('settings', () => {
		const { prompt, negative_prompt, duration, quality, seed, callback_url } = page.fields;
		const other = {
			'prompt.max': prompt.maxLength,
			'negativePrompt.max': negative_prompt.maxLength,
			'duration.min': duration.min,
			'duration.max': duration.max,
			'duration.default': duration.default,
			'quality.values': quality.enum,
			'quality.default': quality.default,
			'seed.min': seed.min,
			'seed.max': seed.max,
			'callbackUrl.max': callback_url.maxLength,
			linkHours: sandbox.EXPIRY.resultLinkMs.value / 3_600_000,
		};
		const node = {
			'prompt.max': LIMITS.prompt.maxCharacters,
			'negativePrompt.max': LIMITS.negativePrompt.maxCharacters,
			'duration.min': LIMITS.durationSeconds.min,
			'duration.max': LIMITS.durationSeconds.max,
			'duration.default': LIMITS.durationSeconds.default,
			'quality.values': LIMITS.quality.values,
			'quality.default': LIMITS.quality.default,
			'seed.min': LIMITS.seed.min,
			'seed.max': LIMITS.seed.max,
			'callbackUrl.max': LIMITS.callbackUrl.maxCharacters,
			linkHours: RESULT_LINK_HOURS,
		};
		expect(differences(node, other)).toEqual([]);
	});

	it('the modes span exactly the six legal sets of the page', () => {
		const spanned = MODE_NAMES.flatMap((mode) => {
			const rules = MODES[mode].materials;
			const names = Object.keys(WIRE) as Material[];
			const needed = names.filter((name) => rules[name] === 'required');
			const free = names.filter((name) => rules[name] === 'optional');
			const subsets = free.reduce<Material[][]>(
				(sets, name) => [...sets, ...sets.map((set) => [...set, name])],
				[[]],
			);
			return subsets.map((subset) =>
				[...needed, ...subset]
					.map((name) => WIRE[name])
					.sort()
					.join('+'),
			);
		});
		const listed = page.legalSets.map(({ materials }) => [...materials].sort().join('+'));
		expect(spanned.sort()).toEqual(listed.sort());
	});
});
