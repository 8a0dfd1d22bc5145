// @thorough
/** Every file of the corpus: facts as other programs have them, from a buffer and from streams, whole and cut. */
import { type MediaFacts, type MediaVerdict, probe } from '../../../nodes/WanVideo/media/probe';
import { bufferSource } from '../../../nodes/WanVideo/media/source';
import { bytesOf, filesIn, probeStream, truth } from './corpus';
import { someOf } from '../../support/thorough';

const VALID = filesIn('valid');
const KINDS = filesIn('invalid/kinds').filter((name) => !name.endsWith('empty.png'));
const CUT = filesIn('invalid/cut');
const MAX_DIFFERENCE_SECONDS = 0.05;

const probeFile = (name: string) => probe(bufferSource(bytesOf(name)));

function factsOf(verdict: MediaVerdict) {
	expect(verdict).toMatchObject({ ok: true });
	return verdict.ok ? verdict.facts : undefined;
}

/** What is the same for all kinds; `toEqual` takes a missing fact for an undefined one. */
const seen = (facts: MediaFacts | undefined) => ({
	format: facts?.format,
	width: facts?.width,
	height: facts?.height,
	bytes: facts?.bytes,
});

it('the corpus is there, and the truth knows all of it', () => {
	expect(VALID.length + KINDS.length).toBeGreaterThanOrEqual(150);
	expect(Object.keys(truth).sort()).toEqual([...VALID, ...KINDS].sort());
});

describe('legal files', () => {
	it.each(VALID)('%s', async (name) => {
		const expected = truth[name];
		const facts = factsOf(await probeFile(name));
		const { format, width, height } = expected;
		const bytes = bytesOf(name).length;
		expect(seen(facts)).toEqual({ format, width, height, bytes });
		expect(facts?.truncated).not.toBe(true);
		if (expected.animated !== undefined) expect(facts?.animated ?? false).toBe(expected.animated);
		if (facts?.kind === 'video') expect(facts.hasAudio).toBe(expected.hasAudio);
		if (expected.seconds === undefined) return;
		const seconds = facts?.durationSeconds ?? NaN;
		expect(seconds).toBeGreaterThan(Math.min(...expected.seconds) - MAX_DIFFERENCE_SECONDS);
		expect(seconds).toBeLessThan(Math.max(...expected.seconds) + MAX_DIFFERENCE_SECONDS);
	});

	it.each(VALID.filter((name) => name.includes('/png/')))(
		'%s: what shows through',
		async (name) => {
			expect(factsOf(await probeFile(name))?.transparency).toBe(truth[name].transparency);
		},
	);

	it.each(VALID.filter((name) => truth[name].transparency && !name.includes('/png/')))(
		'%s: no transparency claimed that is not there, none denied that is',
		async (name) => {
			const told = factsOf(await probeFile(name))?.transparency;
			// Only PNGs are looked into; the others may say that they do not know.
			if (told !== 'unknown') expect(told).toBe(truth[name].transparency);
			if (truth[name].transparency === 'visible') expect(told).toBe('unknown');
		},
	);
});

describe('files of other kinds', () => {
	it.each(KINDS)('%s is told by its name', async (name) => {
		expect(factsOf(await probeFile(name))?.format).toBe(truth[name].format);
	});

	it('an empty file is told as such', async () => {
		expect(await probeFile('invalid/kinds/empty.png')).toMatchObject({
			ok: false,
			reason: 'empty',
		});
	});
});

describe('the same from a stream', () => {
	/** Each file in tiny pieces takes half a minute in all. */
	const some = (names: string[]) => someOf(names, 8);
	const PATIENCE_MS = 240_000;
	const ALL = [...VALID, ...KINDS, ...CUT];

	async function expectSame(names: string[], chunkBytes: number) {
		const different: string[] = [];
		for (const name of names) {
			const [a, b] = [await probeFile(name), await probeStream(bytesOf(name), chunkBytes)];
			if (JSON.stringify(a) !== JSON.stringify(b)) different.push(name);
		}
		expect(different).toEqual([]);
	}

	it('in chunks of 65,536 bytes', () => expectSame(some([...ALL, ...filesIn('hostile')]), 65_536));

	it('in chunks of 7 bytes', () => expectSame(some(ALL), 7), PATIENCE_MS);

	it(
		'in chunks of one byte',
		() => expectSame(some(ALL.filter((name) => bytesOf(name).length < 8000)), 1),
		PATIENCE_MS,
	);

	it('whose size nobody told: the same but for what only the size tells', async () => {
		for (const name of VALID) {
			const bytes = bytesOf(name);
			const known = factsOf(await probeFile(name));
			const { truncated, ...facts } = factsOf(await probeStream(bytes, 4096, NaN)) ?? {};
			expect(truncated).not.toBe(true);
			expect({ name, ...known }).toMatchObject({ name, ...facts });
		}
	});
});

describe('cut files', () => {
	it.each(CUT)('%s is told as cut, or refused', async (name) => {
		const verdict = await probeFile(name);
		if (!verdict.ok) expect(['truncated', 'corrupt', 'unknown']).toContain(verdict.reason);
		else if (verdict.facts.format !== 'text') expect(verdict.facts.truncated).toBe(true);
	});

	/** MP3 is whole wherever a frame ends, and some files go on to the end, wherever that is. */
	const OPEN = /\/mp3\/|to-the-end|-pipe\.|size-(zero|unknown)|zeros-behind|appended/;
	const SOLID = VALID.filter((name) => !OPEN.test(name) && bytesOf(name).length < 60_000);

	it.each(SOLID)('%s: wherever it is cut, it is never taken for whole', async (name) => {
		const whole = bytesOf(name);
		const taken: number[] = [];
		for (let part = 1; part < 40; part += 1) {
			const length = Math.floor((whole.length * part) / 40);
			const verdict = await probe(bufferSource(whole.subarray(0, length)));
			if (verdict.ok && verdict.facts.truncated !== true) taken.push(length);
		}
		expect({ name, taken }).toEqual({ name, taken: [] });
	});
});
