// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Random calls of an agent's tool: equal, reworded, side by side, with clients that go away, with faults and restarts of n8n.
// Afterwards the sandbox's ledger must hold one charge for each wish. CHAOS_RUNS sets how many, CHAOS_SEED replays from a seed.

import type { IDataObject } from 'n8n-workflow';

import type { FaultPlan, LedgerEntry } from '../../sandbox';
import { forgetSpent } from '../../nodes/WanVideo/host/toolBudget';
import { forgetAll } from '../../nodes/WanVideo/host/toolMemory';
import { startWorld, type World } from '../support/engineWorld';
import { runs } from '../support/thorough';
import { randomFrom } from './scenario';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const RUNS = Number(process.env.CHAOS_RUNS ?? runs(40));
const FIRST_SEED = Number(process.env.CHAOS_SEED ?? 1);
const HANG_MS = 120_000;

let world: World;
const tally = { stories: 0, calls: 0, gone: 0, restarts: 0, tasks: 0, charged: 0, completed: 0 };

beforeAll(async () => {
	world = await startWorld({ taskSeconds: { min: 1, max: 90 } });
});
afterAll(async () => {
	await world.close();
	process.stdout.write(`Tool calls from seed ${FIRST_SEED}: ${JSON.stringify(tally)}\n`);
});

const SUBMIT_FAULTS: ReadonlyArray<FaultPlan['fault']> = [
	{ kind: 'status', status: 429, headers: { 'retry-after': '5' } },
	{ kind: 'status', status: 429, headers: { 'retry-after': '60' } },
	{ kind: 'status', status: 500 },
	{ kind: 'reset' },
	{ kind: 'lostReply' },
	{ kind: 'garbage', status: 502 },
	{ kind: 'failTask', code: 'service_error' },
	{ kind: 'failTask', code: 'content_policy_violation' },
];
const LOOK_FAULTS: ReadonlyArray<FaultPlan['fault']> = [
	{ kind: 'status', status: 500 },
	{ kind: 'reset' },
	{ kind: 'oddState', state: 'queued' },
];

const IMAGE = 'https://example.com/first_frame.jpg';
/** The same wish in other words, and what makes it another one. */
const WORDINGS: ReadonlyArray<IDataObject> = [
	{},
	{ duration: '' },
	{ duration: null },
	{ quality: 'HD' },
	{ firstFrameUrl: `${IMAGE}#x` },
	{ firstFrameUrl: 'https://EXAMPLE.com:443/./first_frame.jpg' },
];

interface Call {
	/** Which wish, and in which time between two restarts. */
	wish: string;
	answer: Promise<IDataObject>;
}

/** One charge for each wish; the story is told by the seed alone. */
async function tell(seed: number): Promise<string[]> {
	const random = randomFrom(seed);
	const below = (limit: number) => Math.floor(random() * limit);
	const pick = <T>(from: readonly T[]): T => from[below(from.length)];
	const chance = (share: number) => random() < share;
	const by = pick(['agents', 'mcp', 'mcp on a worker'] as const);
	const calls: Call[] = [];
	let life = 0;

	for (let fault = below(4); fault > 0; fault -= 1) {
		const onSubmit = chance(0.6);
		world.sandbox.plan({
			on: onSubmit ? 'submit' : 'look',
			fault: pick(onSubmit ? SUBMIT_FAULTS : LOOK_FAULTS),
			times: 1 + below(3),
			after: below(4),
		});
	}
	for (let breaths = 1 + below(5); breaths > 0; breaths -= 1) {
		const breath: Call[] = [];
		for (let count = 1 + below(4); count > 0; count -= 1) {
			const prompt = `life ${life} wish ${below(3)}`;
			const operation = chance(0.3) ? 'submit' : 'generate';
			const padded = chance(0.3) ? ` ${prompt}\n` : prompt;
			const options = chance(0.3) ? { submitAgain: 1 } : {};
			const parameters = { ...pick(WORDINGS), operation, prompt: padded, options };
			const client = { gone: false };
			const tool = operation === 'submit' ? 'Submit video' : 'Generate video';
			const answer = world
				.callOutside({ by, tool, client }, { parameters })
				.catch((error: Error) => ({ gone: error.message }));
			if (chance(0.25)) void goAfter(below(6), client);
			breath.push({ wish: prompt, answer });
			tally.calls += 1;
		}
		calls.push(...breath);
		// A client that lost patience asks again while the first call goes on.
		if (chance(0.7)) await Promise.all(breath.map(async ({ answer }) => await answer));
		if (chance(0.15)) {
			await Promise.all(calls.map(async ({ answer }) => await answer));
			life += 1;
			tally.restarts += 1;
			forgetAll();
			forgetSpent();
		}
	}
	const answers = await Promise.all(
		calls.map(async ({ wish, answer }) => ({ wish, answer: await answer })),
	);
	return judge(answers);
}

async function goAfter(requests: number, client: { gone: boolean }): Promise<void> {
	const until = world.sandbox.requests().length + requests;
	for (let turns = 0; turns < 500 && world.sandbox.requests().length < until; turns += 1)
		await new Promise(setImmediate);
	client.gone = true;
	tally.gone += 1;
}

const wasCharged = ({ state }: LedgerEntry) => state !== 'failed' && state !== 'cancelled';

function judge(answers: Array<{ wish: string; answer: IDataObject }>): string[] {
	const ledger = world.sandbox.ledger();
	const complaints: string[] = [];
	for (const wish of new Set(answers.map((one) => one.wish))) {
		const tasks = ledger.filter(({ body }) => String(body.prompt).trim() === wish);
		const charged = tasks.filter(wasCharged);
		if (charged.length > 1) complaints.push(`${wish} is paid for ${charged.length} times`);
		const told = answers.filter((one) => one.wish === wish).map(({ answer }) => answer);
		for (const answer of told) {
			const task = ledger.find(({ id }) => id === answer.taskId);
			if (answer.status === 'completed') {
				tally.completed += 1;
				if (task?.state !== 'completed') complaints.push(`${wish} is told as completed`);
			}
			if (answer.charged === 'no' && answer.taskId === undefined && charged.length > 0) {
				// Of this call it is true; the wish may have been paid for by another one.
				if (told.length === 1) complaints.push(`${wish} is told as free, and is paid for`);
			}
		}
		tally.charged += charged.length;
	}
	tally.stories += 1;
	tally.tasks += ledger.length;
	return complaints;
}

it(
	`pays once for each wish, ${RUNS} times from seed ${FIRST_SEED}`,
	async () => {
		const bad: Array<{ seed: number; complaints: string[] }> = [];
		for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
			await world.reset();
			const complaints = await Promise.race([tell(seed), hang()]);
			if (complaints.length > 0) bad.push({ seed, complaints });
		}
		expect(bad).toEqual([]);
	},
	RUNS * 5_000 + HANG_MS,
);

async function hang(): Promise<string[]> {
	return await new Promise((resolve) => setTimeout(() => resolve(['it hangs']), HANG_MS).unref());
}
