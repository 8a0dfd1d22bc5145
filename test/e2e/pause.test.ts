/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// While Waiting: Pause, in real single-process n8n servers: asleep in the database, woken by EvoLink's callback or by time,
// through a server that is killed. Queue mode has its own file. A pause takes minutes, so the one that ends by time begins
// first, in all n8n versions side by side, and the other tests run while it sleeps.
import { MODELS } from '../../nodes/WanVideo/wan/models';
import { A, CLIP } from '../support/familyBodies';
import { fire, startedBy } from './support/fire';
import { type Lab, startLab, storeCredential } from './support/lab';
import { majorOf } from './support/n8nInstall';
import { byHand, inARow, node } from './support/nodes';
import { itemsOfSuccess, videoNode, workflowOf } from './support/n8nStackWorkflows';
import type { StoredWorkflow } from './support/rest';
import type { Task } from './support/sandboxProcess';
import { sideBySide } from './support/sideBySide';
import { until } from './support/until';

/** Longer than what the node waits for in memory. */
const taskSeconds = 45;
/** The pause is 90 seconds long, or 120 where a callback is expected; n8n looks for due executions once a minute. */
const wakeByTimeMs = 420_000;

interface Story {
	lab: Lab;
	workflow: StoredWorkflow;
	/** Fell asleep before the server was killed. */
	byTime: Sleeper;
	/** The same, and its credential was deleted meanwhile. */
	keyless: Sleeper;
	stop(): Promise<void>;
}

interface Sleeper {
	id: string;
	prompts: string[];
	/** Wall clock (ms) at which it wakes by itself. */
	wakesAt: number;
}

/** In the order of the items; the submits may have crossed on their way. */
const tasksOf = async ({ sandbox }: Lab, { prompts }: Sleeper): Promise<Task[]> => {
	const place = ({ body }: Task) => prompts.indexOf(String(body.prompt));
	return (await sandbox.ledger())
		.filter((task) => place(task) !== -1)
		.sort((a, b) => place(a) - place(b));
};

const callbacksOf = async (lab: Lab, sleeper: Sleeper) =>
	(await tasksOf(lab, sleeper)).map(({ body }) => body.callback_url);

/** Starts an execution of an item for each of these models and waits until it sleeps. */
async function asleep(
	lab: Lab,
	workflow: StoredWorkflow,
	name: string,
	models: readonly string[] = Array<string>(3).fill('wan2.7-image-to-video'),
): Promise<Sleeper> {
	const prompts = models.map((_, index) => `${name} ${index + 1}`);
	const items = prompts.map((prompt, index) => ({ prompt, model: models[index] }));
	const id = await fire(lab.session, lab.server.url, workflow, { items });
	const { waitTill } = await lab.session.waitFor(id, ['waiting']);
	return { id, prompts, wakesAt: Date.parse(String(waitTill)) };
}

/** The model by expression: the panel has the fields of all of them, and each item takes what its model has. */
const EVERY_MODEL = {
	...{ model: '={{ $json.model }}', clipUrl: CLIP, aspectRatio: 'default' },
	referenceImages: { image: [{ source: 'url', url: A }] },
};

/** Whether expressions may read n8n's environment. */
const env = (isBlocked: 'true' | 'false') => ({ N8N_BLOCK_ENV_ACCESS_IN_NODE: isBlocked });

async function begin(lab: Lab): Promise<Story> {
	const options = { whileWaiting: 'pause' };
	const workflow = await lab.store(workflowOf('paused', videoNode({ options })));
	await lab.session.activate(workflow);
	// Its prompt cannot be read any longer when it wakes, as after an upgrade to n8n 2, which blocks $env.
	const prompt = '={{ $json.prompt + ($env.WAN_NOTHING ?? "") }}';
	const ofEach = videoNode({ ...EVERY_MODEL, options, prompt });
	const byEnv = await lab.store(workflowOf('paused-by-env', ofEach));
	await lab.session.activate(byEnv);
	const models = MODELS.map(({ id }) => id);
	const byTime = await asleep(lab, byEnv, 'by time', models);
	const bind = await storeCredential(lab.session, lab.sandbox);
	const goesOn = videoNode({ options }, { onError: 'continueErrorOutput' });
	const orphan = await lab.session.createWorkflow(bind(workflowOf('paused-keyless', goesOn)));
	await lab.session.activate(orphan);
	const keyless = await asleep(lab, orphan, 'keyless');
	const { id = '' } =
		orphan.nodes.find(({ name }) => name === 'Wan Video')?.credentials?.evoLinkApi ?? {};
	await lab.session.call('DELETE', `/credentials/${id}`);
	// The callbacks of 2.x find nobody, none of the four that EvoLink makes within seconds.
	await lab.crash(async () => await lab.sandbox.passes(taskSeconds + 60), env('true'));
	return { lab, workflow, byTime, keyless, stop: async () => await lab.stop() };
}

const rows = sideBySide(async (install) => {
	const lab = await startLab(install, { name: 'pause', taskSeconds, env: env('false') });
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
		const rows = sleeper.prompts.length;
		expect(
			after.map(({ paired, taskId, model, rows }) => ({ paired, taskId, model, rows })),
		).toEqual(
			sleeper.prompts.map((paired, index) => {
				const { id: taskId, body } = tasks[index];
				return { paired, taskId, model: body.model, rows };
			}),
		);
		expect(tasks.map(({ body }) => body.prompt)).toEqual(sleeper.prompts);
		const videos = itemsOfSuccess(execution, 'Wan Video').map(({ binary }) => binary?.data);
		expect(videos.map((video) => video?.mimeType)).toEqual(Array(rows).fill('video/mp4'));
	}

	it('a sub-workflow that runs once for each item keeps its rows', async () => {
		const { lab } = story;
		const called = await lab.store(
			inARow('called', [
				node('Called', 'n8n-nodes-base.executeWorkflowTrigger', {
					typeVersion: 1.1,
					parameters: { inputSource: 'passthrough' },
				}),
				videoNode({ options: { whileWaiting: 'pause' } }),
			]),
		);
		const call = node('Call', 'n8n-nodes-base.executeWorkflow', {
			typeVersion: 1.1,
			parameters: {
				workflowId: { __rl: true, mode: 'id', value: called.id },
				mode: 'each',
				options: { waitForSubWorkflow: true },
			},
		});
		const id = await lab.begin(byHand(3, call));
		// One task after the other, as each call waits for its video.
		const passing = setInterval(() => void lab.sandbox.passes(taskSeconds), 2_000);
		const execution = await lab.session.waitFor(id).finally(() => clearInterval(passing));
		const rows = itemsOfSuccess(execution, 'Call').map(({ json }) => json);
		const tasks = (await lab.sandbox.ledger()).filter(({ body }) =>
			String(body.prompt).startsWith('item '),
		);
		expect(rows.map(({ taskId }) => taskId)).toEqual(tasks.map((task) => task.id));
		expect(rows.map(({ status }) => status)).toEqual(Array(3).fill('completed'));
	});

	it('does not pause where the caller of a webhook waits for the last node, and who calls gets the video', async () => {
		const { lab } = story;
		const webhook = node('Webhook', 'n8n-nodes-base.webhook', {
			...{ typeVersion: 2, webhookId: 'last-node' },
			parameters: { path: 'last-node', httpMethod: 'POST', responseMode: 'lastNode', options: {} },
		});
		const prompt = 'for a caller';
		const underTest = videoNode({ prompt, options: { whileWaiting: 'pause' } });
		const called = await lab.store(inARow('called', [webhook, underTest]));
		await lab.session.activate(called);
		let answer: { status: number; row: Record<string, unknown> } | undefined;
		const execution = await startedBy(lab.session, called, async () => {
			const url = `${lab.server.url}/webhook/last-node`;
			const ask = async () => {
				const said = await fetch(url, { method: 'POST' });
				if (said.status === 404) throw new Error('The webhook is not there yet');
				return { status: said.status, row: (await said.json()) as Record<string, unknown> };
			};
			void until('the answer', ask).then((said) => (answer = said));
			await until(
				'the submit',
				async () => (await tasksOf(lab, { id: '', prompts: [prompt], wakesAt: 0 }))[0],
			);
		});
		await lab.sandbox.passes(taskSeconds);
		const { data } = await lab.session.waitFor(execution.id);
		const { status, row } = await until('the answer', async () => await Promise.resolve(answer));
		expect(status).toBe(200);
		expect(row).toMatchObject({ status: 'completed' });
		const hints = data.resultData.runData['Wan Video'][0].hints ?? [];
		expect(hints.map(({ message }) => message).join()).toMatch(
			/'Webhook' answers its caller when the last node finishes/,
		);
	});

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
			const { prompts } = story.byTime;
			const none = prompts.map(() => undefined);
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
			const tasks = await tasksOf(story.lab, byTime);
			expect(tasks.map(({ body }) => body.model)).toEqual(MODELS.map(({ id }) => id));
		},
		wakeByTimeMs + 60_000,
	);

	it(
		'a credential that was deleted meanwhile is an error row for every item, and each names its task',
		async () => {
			const { lab, keyless } = story;
			const { status, data } = await lab.session.waitFor(keyless.id, undefined, wakeByTimeMs);
			expect(status).toBe('success');
			const [made, failed] = data.resultData.runData['Wan Video'].at(-1)?.data?.main ?? [];
			expect(made).toEqual([]);
			const tasks = await tasksOf(lab, keyless);
			expect(failed?.map(({ json }) => JSON.stringify(json))).toEqual(
				tasks.map(({ id }) => expect.stringContaining(id) as string),
			);
		},
		wakeByTimeMs + 60_000,
	);
});
