/**
 * A claim as a set of short texts, because a set is all that n8n's durable store keeps: it tells whether a
 * text is there, and gives none back. So a task ID is written as one text for each of its digits, and read
 * by asking for every digit that could stand there.
 */
import { createHash } from 'node:crypto';

/** What a claim is about. */
export interface Claimed {
	slot: string;
	requestHash: string;
	intent: string;
}

/** What a lost run left: the task where its ID was kept, else only that it was about to be submitted. */
export interface Lost {
	taskId?: string;
}

/** So many claims of one place are told apart: another request after an edit, or runs that look alike. */
export const VARIANTS = 4;

const HEX = [...'0123456789abcdef'];
/** The form that EvoLink's IDs have had so far (docs, create): told in fewer digits. Any other is told by its bytes. */
const USUAL = /^task-unified-(\d{10})-([a-z0-9]{8})$/;
const USUAL_DIGITS = 20;
const CHECK_DIGITS = 2;
const LONGEST_BYTES = 64;

/** The name of a claim: of which executions (`lineage`), for which place in the journal, and the how-manieth there. */
export function claimName(lineage: string, slot: string, variant: number): string {
	return `${hash(`${lineage}\n${slot}`).slice(0, 32)}#${variant}`;
}

/** The texts of a claim: that it is there, and by what it is known again. */
export function claimTexts(name: string, { requestHash, intent }: Claimed): string[] {
	return [name, `${name}|request|${requestHash}`, `${name}|intent|${intent}`];
}

/** Whether a claim that is there is about this item, as the journal reckons it: the same request or the same intent. */
export function isClaimOf(name: string, claimed: Claimed, there: ReadonlySet<string>): boolean {
	return claimTexts(name, claimed)
		.slice(1)
		.some((text) => there.has(text));
}

/** The texts of a task ID; none for one that is too long to be kept. */
export function idTexts(name: string, taskId: string): string[] {
	const usual = USUAL.exec(taskId);
	const digits = usual === null ? byteDigits(taskId) : usualDigits(usual[1], usual[2]);
	if (digits === undefined) return [];
	const all = digits + checkOf(taskId);
	return [`${name}|${formOf(usual !== null)}`, ...[...all].map(digitText(name, usual !== null))];
}

/** Everything that could be there of a usual task ID, and whether there is another one. */
export function usualIdQuestions(name: string): string[] {
	return [
		...[true, false].map((isUsual) => `${name}|${formOf(isUsual)}`),
		...digitQuestions(name, true, USUAL_DIGITS + CHECK_DIGITS),
	];
}

/** The same for an ID of any other form; asked only where `hasOtherId`. */
export function otherIdQuestions(name: string): string[] {
	return digitQuestions(name, false, 2 * LONGEST_BYTES + CHECK_DIGITS);
}

export function hasOtherId(name: string, there: ReadonlySet<string>): boolean {
	return there.has(`${name}|${formOf(false)}`);
}

/** The ID by what is there of it; nothing where it is not whole. */
export function readId(name: string, there: ReadonlySet<string>): string | undefined {
	const isUsual = there.has(`${name}|${formOf(true)}`);
	// Two IDs in one place are none.
	if (isUsual === hasOtherId(name, there)) return undefined;
	let digits = '';
	for (let position = 0; position < 2 * LONGEST_BYTES + CHECK_DIGITS; position += 1) {
		const found = HEX.filter((digit) => there.has(digitText(name, isUsual)(digit, position)));
		if (found.length === 0) break;
		if (found.length > 1) return undefined;
		digits += found[0];
	}
	const taskId = isUsual
		? usualId(digits.slice(0, -CHECK_DIGITS))
		: Buffer.from(digits.slice(0, -CHECK_DIGITS), 'hex').toString('utf8');
	return taskId !== undefined && taskId !== '' && digits.endsWith(checkOf(taskId))
		? taskId
		: undefined;
}

function usualDigits(seconds: string, rest: string): string {
	const first = Number(seconds).toString(16).padStart(9, '0');
	return (
		first +
		parseInt(rest, 36)
			.toString(16)
			.padStart(USUAL_DIGITS - 9, '0')
	);
}

function usualId(digits: string): string | undefined {
	if (digits.length !== USUAL_DIGITS) return undefined;
	const seconds = parseInt(digits.slice(0, 9), 16).toString().padStart(10, '0');
	return `task-unified-${seconds}-${parseInt(digits.slice(9), 16).toString(36).padStart(8, '0')}`;
}

function byteDigits(taskId: string): string | undefined {
	const bytes = Buffer.from(taskId, 'utf8');
	return bytes.length > LONGEST_BYTES ? undefined : bytes.toString('hex');
}

function digitQuestions(name: string, isUsual: boolean, count: number): string[] {
	const text = digitText(name, isUsual);
	return Array.from({ length: count }, (_, position) =>
		HEX.map((digit) => text(digit, position)),
	).flat();
}

function digitText(name: string, isUsual: boolean): (digit: string, position: number) => string {
	return (digit, position) => `${name}|${formOf(isUsual)}${position}|${digit}`;
}

function formOf(isUsual: boolean): string {
	return isUsual ? 'id' : 'other';
}

function checkOf(taskId: string): string {
	return hash(taskId).slice(0, CHECK_DIGITS);
}

function hash(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
