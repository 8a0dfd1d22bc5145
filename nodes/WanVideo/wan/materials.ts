/**
 * The check of materials by their facts: format, size, length, transparency, and what must fit
 * together (seed). Pure: where the facts come from is somebody else's business.
 */
import { LIMITS, type Material, MATERIAL_LIMITS, MATERIALS } from './model';
import { LABELS } from './request';

/** What a check needs to know of a file. Absent: not known, which is never held against it. */
export interface MaterialFacts {
	format: string;
	/** Pixels as shown. */
	width?: number;
	height?: number;
	durationSeconds?: number;
	hasAudio?: boolean;
	transparency?: 'none' | 'opaqueChannel' | 'visible' | 'unknown';
	animated?: boolean;
	truncated?: boolean;
	bytes?: number;
}

export interface Judgement {
	problems: Array<{ field: Material; text: string }>;
	hints: string[];
}

/** Lengths are not kept to the frame: a clip of 10 s often has 10.02 s of sound. */
const LENGTH_TOLERANCE_SECONDS = 0.05;
const MEGABYTE = 1024 * 1024;

/** Problems and hints of all materials of one request, and of how they fit its duration (seconds). */
export function judgeMaterials(
	facts: Readonly<Partial<Record<Material, MaterialFacts>>>,
	durationSeconds: number = LIMITS.durationSeconds.default,
): Judgement {
	const judgement: Judgement = { problems: [], hints: [] };
	for (const field of MATERIALS) {
		const known = facts[field];
		if (known !== undefined) judgeOne(field, known, judgement);
	}
	judgeLengths(facts, durationSeconds, judgement);
	return judgement;
}

function judgeOne(field: Material, facts: MaterialFacts, { problems, hints }: Judgement): void {
	const label = `'${LABELS[field]}'`;
	const refuse = (text: string) => problems.push({ field, text: `${label} ${text}` });
	const limits = MATERIAL_LIMITS[field];
	const formats = Object.values(limits.formats).join(', ');
	if (!Object.hasOwn(limits.formats, facts.format)) {
		refuse(`is ${nameOf(facts.format)}. EvoLink takes ${formats} here. Convert the file.`);
		return;
	}
	if (facts.bytes !== undefined && facts.bytes > limits.maxMegabytes * MEGABYTE) {
		refuse(
			`has ${megabytes(facts.bytes)} MB, and EvoLink takes at most ${limits.maxMegabytes} MB. Make the file smaller.`,
		);
	}
	if ('minPixels' in limits) judgePixels(facts, limits, refuse);
	if ('minSeconds' in limits) judgeSeconds(facts, limits, refuse);
	if (facts.transparency === 'visible' && facts.format === 'png') {
		refuse(
			'has transparent parts, which EvoLink does not take in a PNG. Save it without transparency, or as a JPEG.',
		);
	}
	if (facts.transparency === 'opaqueChannel' && facts.format === 'png') {
		hints.push(
			`${label} has a channel for transparency, though nothing shows through. Save it without one if EvoLink refuses it.`,
		);
	}
	if (facts.animated === true)
		hints.push(`${label} is animated; EvoLink probably uses its first picture only.`);
	if (facts.truncated === true)
		hints.push(`${label} seems to be cut off: its header promises more than there is.`);
}

function judgePixels(
	{ width, height }: MaterialFacts,
	{
		minPixels,
		maxPixels,
		maxAspectRatio,
	}: { minPixels: number; maxPixels: number; maxAspectRatio: number },
	refuse: (text: string) => void,
): void {
	if (width === undefined || height === undefined) return;
	const size = `${width} x ${height} pixels`;
	if (Math.min(width, height) < minPixels || Math.max(width, height) > maxPixels) {
		refuse(
			`has ${size}, and EvoLink takes ${minPixels} to ${maxPixels} pixels each side. Scale it.`,
		);
	}
	if (Math.max(width, height) > maxAspectRatio * Math.min(width, height)) {
		refuse(`has ${size}, and EvoLink takes aspect ratios up to ${maxAspectRatio}:1. Crop it.`);
	}
}

function judgeSeconds(
	{ durationSeconds }: MaterialFacts,
	{ minSeconds, maxSeconds }: { minSeconds: number; maxSeconds: number },
	refuse: (text: string) => void,
): void {
	if (durationSeconds === undefined) return;
	if (
		durationSeconds < minSeconds - LENGTH_TOLERANCE_SECONDS ||
		durationSeconds > maxSeconds + LENGTH_TOLERANCE_SECONDS
	) {
		refuse(
			`is ${seconds(durationSeconds)} s long, and EvoLink takes ${minSeconds} to ${maxSeconds} s. Cut it.`,
		);
	}
}

/** A clip must fit into the duration (seed: an error); sound is cut or followed by silence. */
function judgeLengths(
	{ clip, drivingAudio }: Readonly<Partial<Record<Material, MaterialFacts>>>,
	duration: number,
	{ problems, hints }: Judgement,
): void {
	const clipSeconds = clip?.durationSeconds;
	if (clipSeconds !== undefined && clipSeconds > duration + LENGTH_TOLERANCE_SECONDS) {
		const wanted = Math.ceil(clipSeconds - LENGTH_TOLERANCE_SECONDS);
		problems.push({
			field: 'clip',
			text: `'${LABELS.clip}' is ${seconds(clipSeconds)} s long, longer than 'Duration' (${duration} s), which is the total length. Set 'Duration' to ${wanted} or more.`,
		});
	}
	if (clipSeconds !== undefined && Math.abs(clipSeconds - duration) <= LENGTH_TOLERANCE_SECONDS) {
		hints.push(
			`'${LABELS.clip}' is as long as 'Duration': EvoLink gives it back as it is, and bills it.`,
		);
	}
	const audioSeconds = drivingAudio?.durationSeconds;
	if (audioSeconds === undefined) return;
	const label = `'${LABELS.drivingAudio}' is ${seconds(audioSeconds)} s long`;
	if (audioSeconds > duration + LENGTH_TOLERANCE_SECONDS)
		hints.push(`${label}; EvoLink cuts it after ${duration} s.`);
	if (audioSeconds < duration - LENGTH_TOLERANCE_SECONDS)
		hints.push(`${label}; the rest of the ${duration} s is silent.`);
}

function nameOf(format: string): string {
	return format === 'text'
		? 'a web page or a text, no media file'
		: `of the format ${format.toUpperCase()}`;
}

const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1);
const seconds = (value: number) => String(Math.round(value * 100) / 100);
