// Fetches the materials of a submission, reads them, and holds them against the contract's limits.
// A problem says what EvoLink would say, either as a 400 or as the failure of a task.

import type { MaterialLimits, ModelContract } from './contract';
import { UnfetchableError, type FetchedMaterial, type MaterialFetcher } from './fetchMaterial';
import { readMediaFacts, type MediaFacts } from './mediaFacts';
import type { Given } from './given';
import type { Submission } from './submission';
import type { Switches } from './switches';
import type { TaskFailure } from './world';

/** A material with its bytes, and what was read of them. */
export type ReadMaterial = FetchedMaterial & Given & { readonly facts: MediaFacts };
export type ReadMaterials = readonly ReadMaterial[];
export type MaterialsRead = { materials: ReadMaterials } | { problem: TaskFailure };

/** Lengths are judged with the slack of one coded audio frame or so. */
const SLACK_SECONDS = 0.05;

/** What was read of each content, by its hash: ffprobe is slow next to everything else here. */
export type KnownFacts = Map<string, Promise<MediaFacts | undefined>>;

export class MaterialReader {
	constructor(
		private readonly fetcher: MaterialFetcher,
		private readonly switches: Switches,
		private readonly known: KnownFacts,
	) {}

	/** Reads all materials of a submission; the first problem in field order ends it. */
	async read(submission: Submission): Promise<MaterialsRead> {
		const materials: ReadMaterial[] = [];
		for (const given of submission.materials) {
			// A page is opened by whoever makes the video; there is no internet here.
			if (given.field === 'link_url') continue;
			const read = await this.#readOne(given, submission.model);
			if ('code' in read) return { problem: { ...read, message: `${given.at}: ${read.message}` } };
			materials.push(read);
		}
		const problem = togetherProblem(submission, materials, this.switches.clipToleranceSeconds);
		return problem === undefined ? { materials } : { problem };
	}

	async #readOne(given: Given, model: ModelContract): Promise<ReadMaterial | TaskFailure> {
		const limits = model.materials[given.field];
		if (limits === undefined) throw new Error(`${model.id} has no limits for ${given.field}`);
		const { bytesMax = Infinity } = limits;
		let fetched: FetchedMaterial;
		try {
			fetched = await this.fetcher.fetch(given.url, bytesMax);
		} catch (error) {
			const reason = error instanceof UnfetchableError ? error.message : 'unreadable address';
			return unprocessable(`input media URL could not be fetched (${reason})`);
		}
		if (fetched.bytes > bytesMax) {
			return invalid(`file size exceeds ${bytesMax / 1024 / 1024}MB`);
		}
		if (limits.kind === 'document') return documentOf(given, fetched, limits);
		const facts = await this.#factsOf(fetched);
		if (facts === undefined || !limits.formats.includes(facts.format)) {
			return unprocessable('unsupported file type');
		}
		const problem =
			this.#alphaProblem(limits, facts) ??
			sizeProblem(limits, facts) ??
			lengthProblem(limits, facts);
		return problem ?? { ...fetched, ...given, facts };
	}

	#factsOf(material: FetchedMaterial): Promise<MediaFacts | undefined> {
		const facts = this.known.get(material.hash) ?? readMediaFacts(material.path);
		this.known.set(material.hash, facts);
		return facts;
	}

	#alphaProblem(limits: MaterialLimits, facts: MediaFacts): TaskFailure | undefined {
		const refused = limits.transparency === 'refused' && this.switches.pngAlpha === 'refused';
		return refused && facts.hasAlpha
			? unprocessable('PNG transparency is not supported')
			: undefined;
	}
}

/** A document goes by the ending of its address; what is in it is not read here. */
function documentOf(
	given: Given,
	fetched: FetchedMaterial,
	{ formats }: MaterialLimits,
): ReadMaterial | TaskFailure {
	const ending = new URL(given.url).pathname.split('.').at(-1)?.toLowerCase() ?? '';
	if (!formats.includes(ending)) return unprocessable('unsupported file type');
	const nothing = { width: undefined, height: undefined, durationSeconds: undefined };
	return {
		...fetched,
		...given,
		facts: { format: ending, ...nothing, hasAudio: false, hasAlpha: false },
	};
}

/** What the lengths of all materials decide together. */
function togetherProblem(
	{ model, duration }: Submission,
	materials: ReadMaterials,
	toleranceSeconds: number,
): TaskFailure | undefined {
	for (const [field, limits] of Object.entries(model.materials)) {
		const { secondsTogether = Infinity } = limits;
		const sum = secondsOf(materials, field);
		if (sum > secondsTogether + SLACK_SECONDS)
			return invalid(`${field}: total length must not exceed ${secondsTogether} seconds`);
	}
	const clipSeconds = secondsOf(materials, 'video_urls');
	if (clipSeconds === 0) return undefined;
	for (const rule of model.rules) {
		if (rule.rule === 'clipFitsDuration' && clipSeconds > duration + toleranceSeconds)
			return invalid(
				`video_urls: duration must not be shorter than the input video (${clipSeconds} s)`,
			);
		if (rule.rule === 'clipsAndDuration' && clipSeconds + duration > rule.max + SLACK_SECONDS)
			return invalid(`video_urls and duration must not exceed ${rule.max} seconds together`);
	}
	return undefined;
}

/** Seconds of all materials of a field together. */
export const secondsOf = (materials: ReadMaterials, field: string): number =>
	materials
		.filter((material) => material.field === field)
		.reduce((sum, { facts }) => sum + (facts.durationSeconds ?? 0), 0);

function sizeProblem(limits: MaterialLimits, facts: MediaFacts): TaskFailure | undefined {
	const { pixelMin, pixelMax, ratioMin = 0, ratioMax = Infinity } = limits;
	if (pixelMin === undefined || pixelMax === undefined) return undefined;
	const { width = 0, height = 0 } = facts;
	if (Math.min(width, height) < pixelMin || Math.max(width, height) > pixelMax) {
		return mismatch(`dimensions must be between ${pixelMin} and ${pixelMax}`);
	}
	const ratio = width / height;
	return ratio < ratioMin || ratio > ratioMax
		? mismatch('aspect ratio must be between 1:8 and 8:1')
		: undefined;
}

function lengthProblem(limits: MaterialLimits, facts: MediaFacts): TaskFailure | undefined {
	const { secondsMin, secondsMax } = limits;
	if (secondsMin === undefined || secondsMax === undefined) return undefined;
	const seconds = facts.durationSeconds ?? 0;
	const fits = seconds >= secondsMin - SLACK_SECONDS && seconds <= secondsMax + SLACK_SECONDS;
	return fits
		? undefined
		: invalid(`length must be between ${secondsMin} and ${secondsMax} seconds`);
}

const invalid = (message: string): TaskFailure => ({ code: 'invalid_parameters', message });
const unprocessable = (message: string): TaskFailure => ({
	code: 'image_processing_error',
	message,
});
const mismatch = (message: string): TaskFailure => ({ code: 'image_dimension_mismatch', message });
