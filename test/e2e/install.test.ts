/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Installed, updated, removed and installed again as every user does it: by Settings > Community nodes, from an npm registry,
// with one execution that runs and one that sleeps.
import { existsSync, rmSync } from 'node:fs';
import { fire } from './support/fire';
import { type Lab, startLab, storeCredential } from './support/lab';
import { type N8nInstall, packageTarget } from './support/n8nInstall';
import { byHand, videoNode } from './support/nodes';
import { itemsOfSuccess, workflowOf } from './support/n8nStackWorkflows';
import { startRegistry } from './support/registry';
import type { StoredWorkflow } from './support/rest';
import { sideBySide } from './support/sideBySide';
import { until } from './support/until';

/** Longer than what a pausing node waits for in memory. */
const taskSeconds = 45;
/** The pause is 90 seconds long, or 120 where a callback is expected; n8n looks for due executions once a minute. */
const wakeByTimeMs = 420_000;

const name = 'n8n-nodes-wan-video';
const [first, second] = ['9.0.0', '9.0.1'];

interface Story {
	lab: Lab;
	stop(): Promise<void>;
}

async function begin(install: N8nInstall): Promise<Story> {
	const registry = await startRegistry(`registry-${install.version}`);
	const launch = async () => {
		for (const version of [first, second]) await registry.publish(version);
		return await startLab(install, {
			...{ name: 'install', taskSeconds, hasPackage: false, env: registry.env },
		});
	};
	const lab = await launch().catch(async (error: Error) => {
		await registry.stop();
		throw error;
	});
	const stop = async () => {
		await lab.stop();
		await registry.stop();
	};
	return { lab, stop };
}

describe.each(sideBySide(begin))('n8n %s', (_, storyNow) => {
	let lab: Lab;
	let store: (workflow: Parameters<Lab['store']>[0]) => Promise<StoredWorkflow>;
	const call = async (method: string, path: string, body?: object) =>
		await lab.session.call(method, `/community-packages${path}`, body);
	const submits = async () => await lab.sandbox.submits();
	/** Lets the tasks end, as soon as there are so many. */
	const tasksEnd = async (tasks: number) => {
		await until(`${tasks} tasks`, async () => (await submits()) === tasks || undefined);
		await lab.sandbox.passes(taskSeconds);
	};
	beforeAll(() => {
		({ lab } = storyNow());
	});

	it('is installed by name, and makes a video', async () => {
		await call('POST', '/', { name, version: first, verify: false });
		expect(await call('GET', '/')).toMatchObject([
			{ packageName: name, installedVersion: first, installedNodes: [{}, {}] },
		]);
		const bind = await storeCredential(lab.session, lab.sandbox);
		store = async (workflow) => await lab.session.createWorkflow(bind(workflow));
		const id = await lab.session.run(await store(byHand(1, videoNode({}))));
		await tasksEnd(1);
		const [{ binary }] = itemsOfSuccess(await lab.session.waitFor(id), 'Wan Video');
		expect(binary?.data.mimeType).toBe('video/mp4');
		expect(await submits()).toBe(1);
	});

	it(
		'is updated under an execution that runs and one that sleeps: both end, each task is paid for once',
		async () => {
			const options = { whileWaiting: 'pause' };
			const sleeping = await store(workflowOf('sleeps', videoNode({ options })));
			const running = await store(workflowOf('runs', videoNode({})));
			const ids: string[] = [];
			for (const workflow of [sleeping, running]) {
				await lab.session.activate(workflow);
				const items = [1, 2].map((number) => ({ prompt: `${workflow.name} ${number}` }));
				ids.push(await fire(lab.session, lab.server.url, workflow, { items }));
			}
			await lab.session.waitFor(ids[0], ['waiting']);
			await until('both to have submitted', async () => (await submits()) === 5 || undefined);
			await call('PATCH', '/', { name, version: second });
			expect(await call('GET', '/')).toMatchObject([{ installedVersion: second }]);
			await tasksEnd(5);
			for (const id of ids) {
				const execution = await lab.session.waitFor(id, undefined, wakeByTimeMs);
				const rows = itemsOfSuccess(execution, 'Wan Video');
				expect(rows.map(({ json, binary }) => [json.status, binary?.data.mimeType])).toEqual(
					Array(2).fill(['completed', 'video/mp4']),
				);
			}
			expect(await submits()).toBe(5);
		},
		wakeByTimeMs + 60_000,
	);

	it('is removed; and one whose files are lost comes back by N8N_REINSTALL_MISSING_PACKAGES', async () => {
		const workflow = await store(byHand(1, videoNode({})));
		await call('DELETE', `/?name=${name}`);
		const refused = await lab.session
			.run(workflow)
			.then(async (id) => (await lab.session.waitFor(id)).data.resultData.error?.message)
			.catch((error: Error) => error.message);
		expect(refused).toMatch(/unrecognized node type|not (installed|known)/i);

		await call('POST', '/', { name, version: second, verify: false });
		const target = packageTarget(lab.userFolder, name);
		await lab.crash(
			async () => {
				rmSync(target, { recursive: true });
				await Promise.resolve();
			},
			{ N8N_REINSTALL_MISSING_PACKAGES: 'true' },
		);
		expect(existsSync(target)).toBe(true);
		const before = await submits();
		const id = await lab.session.run(await lab.session.createWorkflow(workflow));
		await tasksEnd(before + 1);
		expect(itemsOfSuccess(await lab.session.waitFor(id), 'Wan Video')).toHaveLength(1);
		expect(await submits()).toBe(before + 1);
	});
});
