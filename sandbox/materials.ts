// Fetches the materials of a submission, reads them, and holds them against the contract's limits.
// A problem says what EvoLink would say, either as a 400 or as the failure of a task.

import { MATERIAL_FIELDS, MATERIALS, type MaterialField, type MaterialLimits } from './contract';
import { UnfetchableError, type FetchedMaterial, type MaterialFetcher } from './fetchMaterial';
import { readMediaFacts, type MediaFacts } from './mediaFacts';
import type { Submission } from './submission';
import type { Switches } from './switches';
import type { TaskFailure } from './world';

export type ReadMaterial = FetchedMaterial & { readonly facts: MediaFacts };
export type ReadMaterials = Partial<Record<MaterialField, ReadMaterial>>;
export type MaterialsRead = { materials: ReadMaterials } | { problem: TaskFailure };

const KIND = {
	image_start: 'image',
	image_end: 'image',
	video_urls: 'video',
	audio_urls: 'audio',
} as const satisfies Record<MaterialField, keyof typeof MATERIALS>;

/** Lengths are judged with the slack of one coded audio frame or so. */
const SLACK_SECONDS = 0.05;

export class MaterialReader {
	/** ffprobe is slow next to everything else here, so each content is read once. */
	#facts = new Map<string, Promise<MediaFacts | undefined>>();

	constructor(
		private readonly fetcher: MaterialFetcher,
		private readonly switches: Switches,
	) {}

	/** Reads all materials of a submission; the first problem in field order ends it. */
	async read(submission: Submission): Promise<MaterialsRead> {
		const materials: ReadMaterials = {};
		for (const name of MATERIAL_FIELDS) {
			const url = submission.materials[name];
			if (url === undefined) continue;
			const read = await this.#readOne(name, url, submission.durationSeconds);
			if ('code' in read) return { problem: { ...read, message: `${name}: ${read.message}` } };
			materials[name] = read;
		}
		return { materials };
	}

	async #readOne(
		name: MaterialField,
		url: string,
		durationSeconds: number,
	): Promise<ReadMaterial | TaskFailure> {
		const limits: MaterialLimits = MATERIALS[KIND[name]];
		let fetched: FetchedMaterial;
		try {
			fetched = await this.fetcher.fetch(url, limits.bytesMax);
		} catch (error) {
			const reason = error instanceof UnfetchableError ? error.message : 'unreadable address';
			return unprocessable(`input media URL could not be fetched (${reason})`);
		}
		if (fetched.bytes > limits.bytesMax) {
			return invalid(`file size exceeds ${limits.bytesMax / 1024 / 1024}MB`);
		}
		const facts = await this.#factsOf(fetched);
		if (facts === undefined || !limits.formats.includes(facts.format)) {
			return unprocessable('unsupported file type');
		}
		const problem =
			this.#alphaProblem(limits, facts) ??
			sizeProblem(limits, facts) ??
			lengthProblem(limits, facts) ??
			this.#clipProblem(name, facts, durationSeconds);
		return problem ?? { ...fetched, facts };
	}

	#factsOf(material: FetchedMaterial): Promise<MediaFacts | undefined> {
		const known = this.#facts.get(material.hash) ?? readMediaFacts(material.path);
		this.#facts.set(material.hash, known);
		return known;
	}

	#alphaProblem(limits: MaterialLimits, facts: MediaFacts): TaskFailure | undefined {
		const refused = limits.transparency === 'refused' && this.switches.pngAlpha === 'refused';
		return refused && facts.hasAlpha
			? unprocessable('PNG transparency is not supported')
			: undefined;
	}

	#clipProblem(
		name: MaterialField,
		facts: MediaFacts,
		durationSeconds: number,
	): TaskFailure | undefined {
		const clipSeconds = facts.durationSeconds ?? 0;
		const fits = clipSeconds <= durationSeconds + this.switches.clipToleranceSeconds;
		if (name !== 'video_urls' || fits) return undefined;
		return invalid(`duration must not be shorter than the input video (${clipSeconds} s)`);
	}
}

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
