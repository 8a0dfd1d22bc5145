/**
 * The check of materials by their facts: format, size, length, transparency, and what must fit
 * together (seed). Pure: where the facts come from is somebody else's business.
 */
import {
	type Facts,
	type Judgement,
	LENGTH_TOLERANCE_SECONDS,
	type MaterialFacts,
	seconds,
} from './materialFacts';
import { nameOf, type Place, placed } from './materialSource';
import { DEFAULT_MODEL } from './models';
import type { MaterialLimits, Model } from './models/model';
import { judgeTogether } from './rules';

export type { Facts, Judgement, MaterialFacts };

const MEGABYTE = 1024 * 1024;
/** Documents whose first bytes are those of several formats: one of these stands for all. */
const STANDS_FOR: Readonly<Record<string, string>> = { office: 'docx', ole: 'doc', text: 'txt' };

/**
 * Problems and hints of all materials of one request, and of how they fit each other and its duration (seconds;
 * `open` where it is left to the model or the clip; by default what EvoLink takes).
 */
export function judgeMaterials(
	facts: Facts,
	duration?: number | 'open',
	model: Model = DEFAULT_MODEL,
): Judgement {
	const judgement: Judgement = { problems: [], hints: [] };
	for (const { value, ...place } of placed(facts)) {
		const limits = model.materials[place.name];
		if (limits !== undefined) judgeOne(place, value, limits, judgement);
	}
	const { default: fallback } = model.settings.durationSeconds;
	const seconds = duration ?? fallback;
	judgeTogether(model, facts, typeof seconds === 'number' ? seconds : undefined, judgement);
	return judgement;
}

function judgeOne(
	place: Place,
	facts: MaterialFacts,
	limits: MaterialLimits,
	{ problems, hints }: Judgement,
): void {
	const label = nameOf(place);
	const field = { field: place.name, ...(place.row !== undefined && { row: place.row }) };
	const { maxMegabytes = Infinity } = limits;
	const refuse = (text: string) => problems.push({ ...field, text: `${label} ${text}` });
	const formats = Object.values(limits.formats).join(', ');
	const isPhones = facts.format === '3gp' && facts.codec === 'h264';
	if (isPhones && Object.hasOwn(limits.formats, 'mp4')) {
		hints.push(
			`${label} is a phone's MP4 that is marked as the older 3GP. If EvoLink refuses it, save it as a plain MP4.`,
		);
	} else if (!Object.hasOwn(limits.formats, STANDS_FOR[facts.format] ?? facts.format)) {
		refuse(`is ${kindOf(facts.format)}. EvoLink takes ${formats} here. ${adviceFor(place, facts)}`);
		return;
	}
	if (facts.bytes !== undefined && facts.bytes > maxMegabytes * MEGABYTE) {
		refuse(
			`has ${megabytes(facts.bytes)} MB, and EvoLink takes at most ${maxMegabytes} MB. Make the file smaller.`,
		);
	}
	if (facts.pages !== undefined && facts.pages > (limits.maxPages ?? Infinity)) {
		refuse(
			`has ${facts.pages} pages, and EvoLink takes at most ${limits.maxPages}. Take some out.`,
		);
	}
	judgePixels(facts, limits, refuse);
	judgeSeconds(facts, limits, refuse);
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
	if (facts.partly !== undefined)
		hints.push(`${label} could not be checked to the end: ${facts.partly}.`);
	else if (facts.transparency === 'unknown' && facts.format === 'png')
		hints.push(
			`${label} has a channel for transparency, and could not be checked for what shows through. EvoLink takes no PNG with transparent parts.`,
		);
}

function judgePixels(
	{ width, height }: MaterialFacts,
	{ minPixels = 0, maxPixels = Infinity, maxAspectRatio = Infinity }: MaterialLimits,
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
	{ durationSeconds, partly }: MaterialFacts,
	{ minSeconds = 0, maxSeconds = Infinity }: MaterialLimits,
	refuse: (text: string) => void,
): void {
	if (durationSeconds === undefined) return;
	const isShort = durationSeconds < minSeconds - LENGTH_TOLERANCE_SECONDS && partly === undefined;
	if (isShort || durationSeconds > maxSeconds + LENGTH_TOLERANCE_SECONDS) {
		const length = `${partly === undefined ? '' : 'at least '}${seconds(durationSeconds)} s`;
		refuse(
			`is ${length} long, and EvoLink takes ${minSeconds} to ${maxSeconds} s. ${isShort ? 'Use a longer one.' : 'Cut it.'}`,
		);
	}
}

function kindOf(format: string): string {
	if (format === 'text' || format === 'html') return 'a web page or a text, no media file';
	// Documents of Office are ZIP archives, and of one that is cut off nothing else is known.
	return `of the format ${(format === 'office' ? 'zip' : format).toUpperCase()}`;
}

function adviceFor({ name }: Place, { format }: MaterialFacts): string {
	return name === 'document' && format === 'html'
		? "Choose Web Page as 'Document Source', or give the address of the file itself."
		: 'Convert the file.';
}

const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1);
