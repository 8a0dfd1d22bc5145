// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/**
 * Files of every reader with a few bytes changed, moved or cut, from a seed that can be repeated:
 * FUZZ_SEED and FUZZ_RUNS. FUZZ_REPORT=1 tells the slowest input.
 */
import { probe } from '../../../nodes/WanVideo/media/probe';
import { mp4Proof } from '../../../nodes/WanVideo/media/mp4';
import { bytesOf, filesIn, watched } from './corpus';

const RUNS = Number(process.env.FUZZ_RUNS ?? 5_000);
const SEED = Number(process.env.FUZZ_SEED ?? 27);
const MAX_BYTES = 25_000;
const MAX_READS = 400;

/** Numbers in [0, below), the same for the same seed (mulberry32). */
function dice(seed: number) {
	let state = seed >>> 0;
	return (below: number) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}

type Dice = ReturnType<typeof dice>;
const SPECIAL = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xfe, 0xff];

/** Most changes go where the structure is: to the front, and to the index of a movie. */
function place(bytes: Uint8Array, roll: Dice): number {
	const near = roll(3) === 0 ? bytes.length : Math.min(bytes.length, 400);
	const moov = Buffer.from(bytes.buffer).indexOf('moov');
	return moov > 0 && roll(2) === 0 ? moov - 4 + roll(bytes.length - moov) : roll(near);
}

const CHANGES: Array<(bytes: Uint8Array, roll: Dice) => Uint8Array> = [
	(bytes, roll) => {
		bytes[place(bytes, roll)] ^= 1 << roll(8);
		return bytes;
	},
	(bytes, roll) => {
		bytes[place(bytes, roll)] = SPECIAL[roll(SPECIAL.length)];
		return bytes;
	},
	(bytes, roll) => {
		const at = place(bytes, roll);
		bytes.fill(SPECIAL[roll(SPECIAL.length)], at, at + 1 + roll(8));
		return bytes;
	},
	(bytes, roll) => bytes.slice(0, roll(bytes.length)),
	(bytes, roll) => {
		const [to, from] = [place(bytes, roll), place(bytes, roll)];
		return bytes.copyWithin(to, from, from + roll(64));
	},
	(bytes, roll) => {
		const at = place(bytes, roll);
		const part = bytes.subarray(at, at + roll(100));
		return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]));
	},
];

function changed(original: Uint8Array, roll: Dice): Uint8Array {
	let bytes: Uint8Array = original.slice();
	for (let changes = 1 + roll(4); changes > 0 && bytes.length > 0; changes -= 1)
		bytes = CHANGES[roll(CHANGES.length)](bytes, roll);
	return bytes;
}

it(`${RUNS} changed files: a verdict each, few reads, none outside`, async () => {
	const roll = dice(SEED);
	const files = [...filesIn('valid'), ...filesIn('hostile')]
		.map((name) => ({ name, bytes: bytesOf(name) }))
		.filter(({ bytes }) => bytes.length <= MAX_BYTES);
	const wrong: string[] = [];
	const slowest = { name: '', ms: 0 };
	for (let run = 0; run < RUNS; run += 1) {
		const { name, bytes } = files[run % files.length];
		const source = watched(changed(bytes, roll));
		const begin = performance.now();
		const verdict = await probe(source).catch((error: unknown) => String(error));
		const ms = performance.now() - begin;
		if (ms > slowest.ms) Object.assign(slowest, { name: `${name} in run ${run}`, ms });
		if (typeof verdict === 'string') wrong.push(`run ${run}, ${name}: ${verdict}`);
		if (source.outside.length > 0) wrong.push(`run ${run}, ${name}: read ${source.outside[0]}`);
		if (source.reads > MAX_READS) wrong.push(`run ${run}, ${name}: ${source.reads} reads`);
		if (typeof verdict !== 'string' && verdict.ok) {
			const { width = 1, height = 1, durationSeconds = 0 } = verdict.facts;
			const sane = width > 0 && height > 0 && durationSeconds >= 0;
			if (!sane || ![width, height, durationSeconds].every(Number.isFinite))
				wrong.push(`run ${run}, ${name}: ${JSON.stringify(verdict.facts)}`);
		}
	}
	expect(wrong).toEqual([]);
	if (process.env.FUZZ_REPORT)
		process.stdout.write(
			`${RUNS} runs, seed ${SEED}; slowest ${slowest.ms.toFixed(1)} ms: ${slowest.name}\n`,
		);
}, 600_000);

it('changed movies never break the proof of a delivered one', () => {
	const roll = dice(SEED);
	const files = filesIn('valid/mp4').map(bytesOf);
	for (let run = 0; run < Math.min(RUNS, 3000); run += 1) {
		const bytes = changed(files[run % files.length], roll);
		const proof = mp4Proof();
		const chunkBytes = 1 + roll(5000);
		for (let at = 0; at < bytes.length; at += chunkBytes)
			proof.push(bytes.subarray(at, at + chunkBytes));
		expect(proof.end().bytes).toBe(bytes.length);
	}
});
