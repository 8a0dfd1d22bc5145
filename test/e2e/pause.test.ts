// While Waiting: Pause, in real single-process n8n servers: asleep in the database, woken by EvoLink's callback or by time,
// through a server that is killed. Queue mode has its own file. A pause takes minutes, so the one that ends by time begins
// first, in all n8n versions side by side, and the other tests run while it sleeps.
import { fire } from './support/fire';
import { type Lab, startLab } from './support/lab';
import { majorOf } from './support/n8nInstall';
import { itemsOfSuccess, videoNode, workflowOf } from './support/n8nStackWorkflows';
import type { StoredWorkflow } from './support/rest';
import type { Task } from './support/sandboxProcess';
import { sideBySide } from './support/sideBySide';

/** Longer than what the node waits for in memory. */
const taskSeconds = 45;
/** The pause is 90 seconds long, or 120 where a callback is expected; n8n looks for due executions once a minute. */
const wakeByTimeMs = 300_000;

interface Story {
	lab: Lab;
	workflow: StoredWorkflow;
	/** Fell asleep before the server was killed. */
	byTime: Sleeper;
	stop(): Promise<void>;
}

interface Sleeper {
	id: string;
	prompts: string[];
	/** Wall clock (ms) at which it wakes by itself. */
	wakesAt: number;
}

const tasksOf = async ({ sandbox }: Lab, { prompts }: Sleeper): Promise<Task[]> =>
	(await sandbox.ledger()).filter(({ body }) => prompts.includes(String(body.prompt)));

const callbacksOf = async (lab: Lab, sleeper: Sleeper) =>
	(await tasksOf(lab, sleeper)).map(({ body }) => body.callback_url);

/** Starts an execution of three items and waits until it sleeps. */
async function asleep(lab: Lab, workflow: StoredWorkflow, name: string): Promise<Sleeper> {
	const prompts = [1, 2, 3].map((number) => `${name} ${number}`);
	const items = prompts.map((prompt) => ({ prompt }));
	const id = await fire(lab.session, lab.server.url, workflow, { items });
	const { waitTill } = await lab.session.waitFor(id, ['waiting']);
	return { id, prompts, wakesAt: Date.parse(String(waitTill)) };
}

async function begin(lab: Lab): Promise<Story> {
	const options = { whileWaiting: 'pause' };
	const workflow = await lab.store(workflowOf('paused', videoNode({ options })));
	await lab.session.activate(workflow);
	const byTime = await asleep(lab, workflow, 'by time');
	// The callbacks of 2.x find nobody, none of the four that EvoLink makes within seconds.
	await lab.crash(async () => await lab.sandbox.passes(taskSeconds + 60));
	return { lab, workflow, byTime, stop: async () => await lab.stop() };
}

const rows = sideBySide(async (install) => {
	const lab = await startLab(install, { name: 'pause', taskSeconds });
	return await begin(lab).catch(async (error: Error) => {
		await lab.stop();
		throw error;
	});
});
describe.each(rows)('n8n %s', (_, storyNow, install) => {
	const wakesByCallback = majorOf(install) >= 2;
	let story: Story;
	beforeAll(() => {
		story = storyNow();
	});

	/** The execution has made one video for each of its items, each paid for once, and they are in the items' order. */
	async function expectVideos(id: string, sleeper: Sleeper): Promise<void> {
		const execution = await story.lab.session.waitFor(id);
		const tasks = await tasksOf(story.lab, sleeper);
		const after = itemsOfSuccess(execution, 'After').map(({ json }) => json);
		expect(after.map(({ paired, taskId, rows }) => ({ paired, taskId, rows }))).toEqual(
			sleeper.prompts.map((paired, index) => ({ paired, taskId: tasks[index].id, rows: 3 })),
		);
		expect(tasks.map(({ body }) => body.prompt)).toEqual(sleeper.prompts);
		const videos = itemsOfSuccess(execution, 'Wan Video').map(({ binary }) => binary?.data);
		expect(videos.map((video) => video?.mimeType)).toEqual(Array(3).fill('video/mp4'));
	}

	it('Stop ends it at once, and it never wakes; Retry finds its tasks', async () => {
		const { lab, workflow } = story;
		const sleeper = await asleep(lab, workflow, 'stopped');
		await lab.session.stop(sleeper.id);
		expect((await lab.session.waitFor(sleeper.id)).status).toBe('canceled');
		await lab.sandbox.passes(taskSeconds);
		await expectVideos(await lab.session.retry(sleeper.id), sleeper);
		expect((await lab.session.execution(sleeper.id)).status).toBe('canceled');
	});

	if (wakesByCallback) {
		it('EvoLink wakes it by callback where n8n signs the address, and nobody else can', async () => {
			const { lab, workflow } = story;
			const sleeper = await asleep(lab, workflow, 'by callback');
			const [url] = await callbacksOf(lab, sleeper);
			expect(url).toMatch(/\/webhook-waiting\/\d+\/wan-video\?.*signature=.*wan=/);
			const forged = new URL(String(url));
			forged.searchParams.set('wan', '0'.repeat(64));
			expect((await fetch(forged, { method: 'POST', body: '{}' })).status).toBe(403);
			expect((await lab.session.execution(sleeper.id)).status).toBe('waiting');
			await lab.sandbox.passes(taskSeconds);
			await expectVideos(sleeper.id, sleeper);
		});
	} else {
		it('does not ask for callbacks, as n8n does not sign the address', async () => {
			const none = [undefined, undefined, undefined];
			expect(await callbacksOf(story.lab, story.byTime)).toEqual(none);
		});
	}

	it(
		'sleeps through a server that is killed, and wakes by time',
		async () => {
			const { lab, byTime } = story;
			const { stoppedAt } = await lab.session.waitFor(byTime.id, undefined, wakeByTimeMs);
			expect(Date.parse(String(stoppedAt))).toBeGreaterThanOrEqual(byTime.wakesAt);
			await expectVideos(byTime.id, byTime);
		},
		wakeByTimeMs + 60_000,
	);
});
