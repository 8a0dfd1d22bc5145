// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Random executions in n8n's engine against the sandbox. Afterwards the sandbox's ledger and the
// story that the node told must agree. CHAOS_RUNS sets how many, CHAOS_SEED replays from a seed.

import type { INodeExecutionData } from 'n8n-workflow';

import { SUBMITS_AT_ONCE } from '../../nodes/WanVideo/generation/window';
import type { LedgerEntry } from '../../sandbox';
import { bytesOf, type EngineRun, takeLog } from '../support/engine';
import { items, startWorld, submits, type World } from '../support/engineWorld';
import { killedAfter, rerunOf, retryOf } from '../support/lostRun';
import { runs } from '../support/thorough';
import { type Scenario, scenarioOf, withKills, withOddAnswers, withSilence } from './scenario';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const RUNS = Number(process.env.CHAOS_RUNS ?? runs(60));
const FIRST_SEED = Number(process.env.CHAOS_SEED ?? 1);
/** Real time that one story may take; it takes well under one second. */
const HANG_MS = 120_000;

let world: World;
const tally = {
	stories: 0,
	executions: 0,
	stopped: 0,
	killed: 0,
	pauses: 0,
	submits: 0,
	tasks: 0,
	delivered: 0,
	rescued: 0,
	unknown: 0,
	silences: 0,
};

beforeAll(async () => {
	world = await startWorld(
		{ taskSeconds: { min: 1, max: 240 }, switches: { callbackUrls: 'local' } },
		{ passesSilence: true },
	);
});
afterAll(async () => {
	await world.close();
	// The figures are the point of the test, and belong into its output.
	process.stdout.write(`Chaos from seed ${FIRST_SEED}: ${JSON.stringify(tally)}\n`);
});

interface Story {
	runs: EngineRun[];
	log: string;
	/** Submits that the sandbox had got when the user stopped. */
	submitsAtStop?: number;
	isKilled?: boolean;
}

const setupOf = (scenario: Scenario) => ({
	items: items(scenario.itemCount),
	settings: scenario.settings,
	parameters: { prompt: '={{ "item " + $json.number }}', options: scenario.options },
});

async function tell(scenario: Scenario): Promise<Story> {
	const setup = setupOf(scenario);
	const story: Story = { runs: [], log: '' };
	const running = world.start(setup);
	if (scenario.stopAfterRequests !== undefined) {
		void stopAfter(scenario.stopAfterRequests, running, story);
	}
	const first = (await killed(scenario, running, story)) ?? (await running.done);
	story.runs.push(await sleepOn(first, scenario));
	for (let pressed = 0; pressed < scenario.retries; pressed += 1) {
		const last = story.runs[story.runs.length - 1];
		if (last.status !== 'error') break;
		story.runs.push(await sleepOn(await world.retry(last, setup), scenario));
	}
	story.log += takeLog().join('\n');
	return story;
}

/** What comes after a kill of n8n, where there is one. The faults that were planned begin anew. */
async function killed(
	scenario: Scenario,
	running: { done: Promise<EngineRun> },
	story: Story,
): Promise<EngineRun | undefined> {
	const { kill } = scenario;
	const death = kill && (await killedAfter(world, kill.afterCalls, running));
	if (death === undefined) return undefined;
	tally.killed += 1;
	story.isKilled = true;
	story.log += `${death.log.join('\n')}\n`;
	for (const fault of scenario.faults) world.sandbox.plan(fault);
	const goOn = kill?.then === 'rerun' ? rerunOf : retryOf;
	return await goOn(world, death.lost, setupOf(scenario));
}

/** Lets an execution sleep and wake until it is over; or the user stops it in its sleep and presses Retry. */
async function sleepOn(first: EngineRun, scenario: Scenario): Promise<EngineRun> {
	const setup = setupOf(scenario);
	let run = first;
	let mode: 'trigger' | 'retry' = 'trigger';
	for (let pauses = 1; run.status === 'waiting'; pauses += 1) {
		tally.pauses += 1;
		if (pauses === scenario.stopInPause) {
			mode = 'retry';
			run = await world.retry(run, { ...setup, retriesAs: 'original' });
		} else run = await world.wake(run, { ...setup, mode });
		if (pauses > 200) throw new Error('It pauses for ever.');
	}
	return run;
}

async function stopAfter(
	requests: number,
	running: { done: Promise<unknown>; stop(): void },
	story: Story,
) {
	let over = false;
	void running.done.finally(() => (over = true));
	while (!over && world.sandbox.requests().length < requests) await new Promise(setImmediate);
	if (over) return;
	story.submitsAtStop = submits(world.sandbox);
	running.stop();
	world.clock.poke();
}

const wasCharged = ({ state }: LedgerEntry) => state !== 'failed' && state !== 'cancelled';

async function judge(scenario: Scenario, story: Story): Promise<string[]> {
	const complaints: string[] = [];
	const ledger = world.sandbox.ledger();
	const rows = story.runs.flatMap((run) => [...run.rows, ...run.errorRows]);
	const told =
		JSON.stringify([
			story.runs.map(({ rows: good, errorRows, error }) => [good, errorRows, error]),
		]) + story.log;

	for (let item = 0; item < scenario.itemCount; item += 1) {
		const tasks = ledger.filter(({ body }) => body.prompt === `item ${item}`);
		const charged = tasks.filter(wasCharged);
		if (charged.length > 1) complaints.push(`item ${item} is paid for ${charged.length} times`);
		const earlier = tasks.slice(0, -1).filter(wasCharged);
		if (earlier.length > 0)
			complaints.push(`item ${item} was submitted again after a task that did not fail`);
	}
	if (story.submitsAtStop !== undefined) {
		// What was let out before the Stop may arrive after it, and that is one window at most.
		const after = submits(world.sandbox) - story.submitsAtStop;
		if (after > SUBMITS_AT_ONCE) complaints.push(`${after} submits after the stop`);
		if (story.runs.length > 1) complaints.push('went on after the stop');
	}
	for (const { id, replyLost: isLost, body } of ledger) {
		// Killed before the answer was heard.
		const replyLost = isLost || (story.isKilled === true && !told.includes(id));
		if (!replyLost && !told.includes(id)) complaints.push(`${id} is named nowhere`);
		if (replyLost && story.submitsAtStop === undefined && !/may have been charged/.test(told)) {
			complaints.push(`nothing says that ${String(body.prompt)} may have been charged`);
		}
	}
	for (const row of rows) complaints.push(...(await judgeRow(row, ledger)));
	complaints.push(...(await rescue(ledger, rows)));
	if (story.runs.some(({ stored }) => stored.includes(world.sandbox.key)))
		complaints.push('the key is stored');
	if (world.sandbox.violations().length > 0) complaints.push('the key went to a media host');

	tally.stories += 1;
	tally.executions += story.runs.length;
	tally.stopped += story.submitsAtStop === undefined ? 0 : 1;
	tally.submits += submits(world.sandbox);
	tally.tasks += ledger.length;
	tally.unknown += ledger.filter(({ replyLost }) => replyLost).length;
	tally.silences += world.sandbox.requests().filter(({ fault }) => fault === 'stall').length;
	return complaints;
}

async function judgeRow(
	{ json, binary }: INodeExecutionData,
	ledger: LedgerEntry[],
): Promise<string[]> {
	if (json.status !== 'completed')
		return binary === undefined ? [] : ['a file without a completed task'];
	const task = ledger.find(({ id }) => id === json.taskId);
	if (task?.state !== 'completed')
		return [`${JSON.stringify(json.taskId)} is told as completed, but is ${task?.state}`];
	if (binary === undefined) return [`${task.id} came out without its file`];
	const bytes = await bytesOf(binary.data);
	tally.delivered += 1;
	return bytes.length === SAMPLE_BYTES ? [] : [`${task.id} came out with ${bytes.length} bytes`];
}

const SAMPLE_BYTES = 9946;

/** What is paid for and was not delivered must come out by its ID, once the trouble is over. */
async function rescue(ledger: LedgerEntry[], rows: INodeExecutionData[]): Promise<string[]> {
	world.sandbox.clearFaults();
	const delivered = new Set(
		rows.flatMap(({ json, binary }) => (binary === undefined ? [] : json.taskId)),
	);
	const left = ledger.filter((task) => wasCharged(task) && !delivered.has(task.id));
	if (left.length === 0) return [];
	const run = await world.run({
		parameters: { resource: 'task', operation: 'wait', taskId: left.map(({ id }) => id).join(',') },
		settings: { onError: 'continueRegularOutput' },
	});
	const rescued = new Set(
		run.rows.flatMap(({ json, binary }) => (binary === undefined ? [] : json.taskId)),
	);
	tally.rescued += rescued.size;
	// Some of them were still to fail by themselves; every other one has to come out.
	const lost = world.sandbox
		.ledger()
		.filter(
			(task) => left.some(({ id }) => id === task.id) && wasCharged(task) && !rescued.has(task.id),
		);
	return lost.map(
		({ id }) => `${id} could not be rescued: ${JSON.stringify(run.rows.map(({ json }) => json))}`,
	);
}

it(
	`tells the truth and pays once, ${RUNS} times from seed ${FIRST_SEED}`,
	async () => {
		const bad: Array<{ scenario: Scenario; complaints: string[] }> = [];
		for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
			await world.reset();
			takeLog();
			const scenario = withKills(withSilence(withOddAnswers(scenarioOf(seed))));
			world.sandbox.setSwitches({ lookLagSeconds: scenario.lookLagSeconds ?? 0 });
			for (const fault of scenario.faults) world.sandbox.plan(fault);
			const story = await Promise.race([tell(scenario), hang()]);
			const complaints = story === 'hang' ? ['it hangs'] : await judge(scenario, story);
			if (complaints.length > 0) bad.push({ scenario, complaints });
		}
		expect(bad).toEqual([]);
	},
	RUNS * 5_000 + HANG_MS,
);

async function hang(): Promise<'hang'> {
	return await new Promise((resolve) => setTimeout(() => resolve('hang'), HANG_MS).unref());
}
