/**
 * The tables of all models against the sandbox's own transcriptions of EvoLink's pages. Both sides are
 * walked: a fact of either that has no counterpart on the other is told in words.
 */
import { placeOf, WIRE_SETTINGS } from '../../../nodes/WanVideo/evolink/wire';
import type { MaterialLimits, MaterialSet, Model } from '../../../nodes/WanVideo/wan/models/model';
import { MODELS } from '../../../nodes/WanVideo/wan/models';
import {
	type Material,
	MATERIAL_WORDS,
	SETTING_NAMES,
} from '../../../nodes/WanVideo/wan/vocabulary';
import * as sandbox from '../../../sandbox/contract';

/** What a page has and the node leaves out on purpose. */
const NOT_OFFERED: Readonly<Record<string, readonly string[]>> = {
	// Voices by position; the node binds each by name, which wins over it.
	'wan2.7-reference-video': ['audio_urls'],
};

type Facts = Record<string, unknown>;

/** E.g. "fields.seed.min: the node says 1, the sandbox 0". */
function differences(node: unknown, other: unknown, path = ''): string[] {
	if (isRecord(node) && isRecord(other)) {
		const names = [...new Set([...Object.keys(node), ...Object.keys(other)])].sort();
		return names.flatMap((name) =>
			differences(node[name], other[name], path === '' ? name : `${path}.${name}`),
		);
	}
	const [said, heard] = [JSON.stringify(node), JSON.stringify(other)];
	return said === heard ? [] : [`${path}: the node says ${said}, the sandbox ${heard}`];
}

const isRecord = (value: unknown): value is Facts =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without what is not there. */
const plain = (facts: Facts): Facts =>
	Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

const materialsOf = (model: Model): Material[] =>
	Object.keys(model.materials).filter((name): name is Material => name in MATERIAL_WORDS);

// ---- what the node says, in the words of the page ----

function nodeFields(model: Model): Facts {
	const fields: Facts = { model: { enum: [model.id], required: true } };
	const modes = model.sets.flatMap(({ mode }) => mode ?? []);
	if (modes.length > 0) fields.generation_mode = { enum: modes, required: false };
	for (const name of SETTING_NAMES) {
		const setting = model.settings[name];
		if (setting !== undefined) fields[WIRE_SETTINGS[name]] = nodeSetting(setting);
	}
	for (const name of materialsOf(model)) {
		const wire = placeOf(model, name);
		const { maxCount = 1 } = model.materials[name] ?? {};
		const required = model.sets.length === 1 && model.sets[0].required.includes(name);
		const items = wire.as === 'list' ? { minItems: 1, maxItems: maxCount } : {};
		const bindings = wire.as === 'binding' ? { maxItems: maxCount } : {};
		fields[wire.field] = { required, ...items, ...bindings };
	}
	return fields;
}

function nodeSetting(setting: object): Facts {
	const limits = setting as Facts;
	const open = { smart: -1, asClip: 0 }[String(limits.open)];
	// "As the clip" is nothing on the wire, or 0 where the field has a number for it.
	const fallback = limits.default === 'asClip' ? (open === 0 ? 0 : undefined) : limits.default;
	return plain({
		required: limits.needed === true,
		maxLength: limits.maxCharacters,
		min: limits.min,
		max: limits.max,
		also: open,
		enum: limits.values,
		default: fallback,
	});
}

function nodeMaterial(limits: MaterialLimits): Facts {
	return plain({
		formats: Object.keys(limits.formats).sort(),
		pixelMin: limits.minPixels,
		pixelMax: limits.maxPixels,
		ratioMax: limits.maxAspectRatio,
		megabytes: limits.maxMegabytes,
		secondsMin: limits.minSeconds,
		secondsMax: limits.maxSeconds,
		secondsTogether: limits.maxSecondsTogether,
		pagesMax: limits.maxPages,
		transparency: 'png' in limits.formats ? 'refused' : undefined,
	});
}

function nodeRules(model: Model): string[] {
	const [only] = model.sets;
	const wire = (name: Material) => placeOf(model, name).field;
	const rules = model.rules.flatMap((rule): string[] => {
		switch (rule.rule) {
			case 'clipFitsDuration':
				return ['clipFitsDuration'];
			case 'shorterWithClips':
			case 'clipsAndDuration':
				return [`${rule.rule} ${rule.maxSeconds}`];
			// These refuse nothing, so a body cannot break them.
			case 'soundFollowsDuration':
			case 'clipIsCut':
			case 'firstFrameDecidesShape':
				return [];
		}
	});
	if (model.sets.length > 1) return rules;
	const { together, either, insteadOfPrompt } = only;
	if (together)
		rules.push(`countTogether ${together.of.map(wire).join()} ${together.min} ${together.max}`);
	if (either) rules.push(`notTogether ${either.map(wire).join()}`);
	if (insteadOfPrompt) rules.push(`atLeastOneOf prompt,${insteadOfPrompt.map(wire).join()}`);
	if ('imageVoices' in model.materials) rules.push('voicesBelong');
	return rules;
}

/** Every set that the node lets through, by the wire's names. */
function nodeSets(model: Model): string[] {
	const sets: readonly MaterialSet[] = model.sets;
	return sets.flatMap(({ required, optional }) => {
		const subsets = optional.reduce<Material[][]>(
			(all, name) => [...all, ...all.map((set) => [...set, name])],
			[[]],
		);
		return subsets.map((subset) =>
			[...required, ...subset]
				.map((name) => placeOf(model, name).field)
				.sort()
				.join('+'),
		);
	});
}

function nodeModes(model: Model): Facts {
	const need = (set: MaterialSet, name: Material) => {
		if (set.required.includes(name)) return 'required';
		return set.optional.includes(name) ? 'optional' : 'refused';
	};
	const modes = model.sets.flatMap((set): Array<[string, Facts]> => {
		if (set.mode === undefined) return [];
		const needs = materialsOf(model).map((name) => [placeOf(model, name).field, need(set, name)]);
		return [[set.mode, Object.fromEntries(needs) as Facts]];
	});
	return Object.fromEntries(modes);
}

// ---- what the sandbox says, without where it was read ----

const without = (facts: object, ...names: string[]): Facts =>
	Object.fromEntries(Object.entries(facts).filter(([name]) => !names.includes(name)));

function sandboxFields(page: sandbox.ModelContract): Facts {
	const hidden = NOT_OFFERED[page.id] ?? [];
	return Object.fromEntries(
		Object.entries(page.fields)
			.filter(([name]) => !hidden.includes(name))
			.map(([name, field]) => [name, without(field, 'type', 'mark', 'source', 'overflow')]),
	);
}

function sandboxMaterial(limits: sandbox.MaterialLimits): Facts {
	const { bytesMax, ratioMin, formats, ...rest } = limits;
	if (rest.ratioMax !== undefined) expect(ratioMin).toBe(1 / rest.ratioMax);
	const facts = without(rest, 'kind', 'mark', 'source');
	const megabytes = bytesMax === undefined ? undefined : bytesMax / sandbox.MB;
	return plain({ ...facts, megabytes, formats: [...formats].sort() });
}

function sandboxRules(page: sandbox.ModelContract): string[] {
	return page.rules.map((rule) => {
		switch (rule.rule) {
			case 'atLeastOneOf':
			case 'notTogether':
				return `${rule.rule} ${rule.fields.join()}`;
			case 'countTogether':
				return `${rule.rule} ${rule.fields.join()} ${rule.min} ${rule.max}`;
			case 'shorterWithClips':
			case 'clipsAndDuration':
				return `${rule.rule} ${rule.max}`;
			case 'voicesBelong':
			case 'clipFitsDuration':
				return rule.rule;
		}
	});
}

it('both know the same models, and the first is the default', () => {
	expect(MODELS.map(({ id }) => id)).toEqual(Object.keys(sandbox.MODELS));
	expect(MODELS[0].id).toBe('wan2.7-image-to-video');
});

it('a difference is told in words', () => {
	expect(differences({ a: { max: 10, min: 2 } }, { a: { max: 12 } })).toEqual([
		'a.max: the node says 10, the sandbox 12',
		'a.min: the node says 2, the sandbox undefined',
	]);
});

describe.each(MODELS.map((model) => [model.id, model] as const))('%s', (id, model) => {
	const page = sandbox.MODELS[id];

	it('has the same fields with the same ranges, choices and defaults', () => {
		expect(differences(nodeFields(model), sandboxFields(page))).toEqual([]);
	});

	it('takes the same materials within the same limits', () => {
		const hidden = NOT_OFFERED[id] ?? [];
		const node: Facts = {};
		for (const name of materialsOf(model)) {
			const facts = nodeMaterial(model.materials[name] ?? { formats: {} });
			const { field } = placeOf(model, name);
			// The voices of images and clips are one field of the page.
			if (node[field] !== undefined) expect(facts).toEqual(node[field]);
			node[field] = facts;
		}
		const other = Object.entries(page.materials).filter(([name]) => !hidden.includes(name));
		const theirs = Object.fromEntries(
			other.map(([name, limits]) => [name, sandboxMaterial(limits)]),
		);
		expect(differences(node, theirs)).toEqual([]);
	});

	it('has the same modes and legal sets', () => {
		const modes = Object.fromEntries(
			Object.entries(page.modes ?? {}).map(([mode, needs]) => [
				mode,
				without(needs, 'mark', 'source'),
			]),
		);
		expect(differences(nodeModes(model), modes)).toEqual([]);
		if (page.legalSets === undefined) return;
		const listed = page.legalSets.map(({ materials }) => [...materials].sort().join('+'));
		expect(nodeSets(model).sort()).toEqual(listed.sort());
	});

	it('has the same rules, and bills the same seconds', () => {
		expect(nodeRules(model).sort()).toEqual(sandboxRules(page).sort());
		const { inputCapSeconds, reserveOpenSeconds } = page.billing;
		expect(model.billing).toEqual(
			plain({ clipsUpToSeconds: inputCapSeconds, openUpToSeconds: reserveOpenSeconds }),
		);
	});

	it('has a page of its own, and texts that differ', () => {
		expect(model.page).toContain(id);
		expect(model.summary).not.toBe('');
		expect(MODELS.filter(({ label }) => label === model.label)).toHaveLength(1);
	});
});
