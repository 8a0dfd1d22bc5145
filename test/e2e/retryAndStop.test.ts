/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Money and videos in real n8n servers: rows that cannot be read, a credential that is gone, Retry On Fail, the Retry button,
// Stop, and a server that is killed.
import { readFileSync } from 'node:fs';
import { fire } from './support/fire';
import { type Lab, labs, storeCredential } from './support/lab';
import { workflowOf } from './support/n8nStackWorkflows';
import { byHand, type TestNode, videoNode } from './support/nodes';
import type { ExecutionRow } from './support/rest';
import { itemsOf, theVideo } from './support/runData';
import { until } from './support/until';

const blocked = {
	on: 'submit',
	fault: { kind: 'failTask', code: 'content_policy_violation', message: 'Blocked' },
};
const made = (items: number, settings: Partial<TestNode> & Record<string, unknown> = {}) =>
	byHand(items, videoNode({}, settings));

/** Four rows, of which one has no length. */
const byLength = (settings: Partial<TestNode> & Record<string, unknown> = {}) => ({
	...byHand(0, videoNode({ duration: '={{ $json.secs.toNumber() }}' }, settings)),
	pinData: {
		Start: ['2', '3', 'five', '4'].map((secs, row) => ({ json: { secs, prompt: `item ${row}` } })),
	},
});
/** What left by the success and by the error output. */
const outputsOf = ({ data }: ExecutionRow) =>
	(data.resultData.runData['Wan Video']?.at(-1)?.data?.main ?? []).map((items) =>
		(items ?? []).map(({ json }) => json),
	);

describe.each(labs({ name: 'retry' }))('n8n %s', (_, labNow) => {
	let lab: Lab;
	let sandbox: Lab['sandbox'];
	beforeEach(async () => {
		lab = labNow();
		({ sandbox } = lab);
		await sandbox.admin('POST', 'reset', {});
	});
	const log = () => readFileSync(lab.server.logFile, 'utf8');

	it('a row that cannot be read leaves by the error output, and the others are made', async () => {
		const execution = await lab.run(byLength({ onError: 'continueErrorOutput' }));
		expect(execution.status).toBe('success');
		const [made, failed] = outputsOf(execution);
		expect(made.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
		expect(failed).toHaveLength(1);
		expect(JSON.stringify(failed[0])).toMatch(/'Duration' could not be read/);
		const asked = (await sandbox.ledger()).map(({ body }) =>
			[body.prompt, body.duration].join(': '),
		);
		expect(asked.sort()).toEqual(['item 0: 2', 'item 1: 3', 'item 3: 4']);
	});

	it('without an error output the error says which row, which field and why', async () => {
		const { status, data } = await lab.run(byLength());
		expect(status).toBe('error');
		expect(data.resultData.error?.message).toMatch(
			/^Item 2: 'Duration' could not be read: .*convert/,
		);
	});

	it('a credential that was deleted is an error row for every item, and nothing is submitted', async () => {
		const bind = await storeCredential(lab.session, sandbox);
		const workflow = bind(made(3, { onError: 'continueErrorOutput' }));
		const stored = await lab.session.createWorkflow(workflow);
		const { id } = stored.nodes[1].credentials?.evoLinkApi ?? { id: '' };
		await lab.session.call('DELETE', `/credentials/${id}`);
		const execution = await lab.session.waitFor(await lab.session.run(stored));
		expect(execution.status).toBe('success');
		const [passed, failed] = outputsOf(execution);
		expect(passed).toEqual([]);
		expect(failed).toHaveLength(3);
		for (const row of failed)
			expect(JSON.stringify(row)).toMatch(
				/Credential.*Nothing was submitted and nothing was charged/,
			);
		expect(await sandbox.submits()).toBe(0);
	});

	it('Retry On Fail submits three items three times, though one fails in every try', async () => {
		await sandbox.admin('POST', 'faults', blocked);
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
		const { status, data } = await lab.run(made(3, settings));
		expect(status).toBe('error');
		expect(data.resultData.error?.message).toMatch(/safety filter: "Blocked"/);
		expect(await sandbox.submits()).toBe(3);
	});

	it('Retry On Fail with Continue On Fail does the same, and the good items come out', async () => {
		await sandbox.admin('POST', 'faults', blocked);
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 };
		const execution = await lab.run(made(3, { ...settings, onError: 'continueRegularOutput' }));
		expect(execution.status).toBe('success');
		expect(await sandbox.submits()).toBe(3);
		expect(itemsOf(execution, 'Wan Video').map(({ json }) => json.status)).toEqual([
			undefined,
			'completed',
			'completed',
		]);
	});

	it('the Retry button finds the task that is paid for', async () => {
		await sandbox.admin('POST', 'faults', { on: 'look', fault: { kind: 'status', status: 403 } });
		const failed = await lab.run(made(1));
		expect(failed.status).toBe('error');
		const [task] = await sandbox.ledger();
		expect(failed.data.resultData.error?.message).toContain(task.id);
		const retried = await lab.session.waitFor(await lab.session.retry(failed.id));
		expect(retried.status).toBe('success');
		expect(itemsOf(retried, 'Wan Video')[0].json.taskId).toBe(task.id);
		expect(theVideo(retried).binary.mimeType).toBe('video/mp4');
		expect(await sandbox.submits()).toBe(1);
	});

	it('Stop lets no submit follow, under Continue On Fail as well, and the log names what is paid for', async () => {
		// The third submit is turned away until further notice, so the stop comes in the middle of the submits.
		await sandbox.admin('POST', 'faults', {
			on: 'submit',
			after: 2,
			times: 0,
			fault: { kind: 'status', status: 429, headers: { 'retry-after': '2' } },
		});
		const id = await lab.begin(made(6, { onError: 'continueRegularOutput' }));
		await until(
			'two tasks and a refused submit',
			async () => ((await sandbox.submits()) >= 3 ? true : undefined),
			{ everyMs: 50 },
		);
		await lab.session.stop(id);
		await sandbox.admin('DELETE', 'faults');
		const { status } = await lab.session.waitFor(id);
		expect(status).toBe('canceled');
		// A whole execution later, nothing of the stopped one has followed.
		expect((await lab.run(made(1))).status).toBe('success');
		const tasks = await sandbox.ledger();
		expect(tasks).toHaveLength(3);
		for (const task of tasks.slice(0, 2)) expect(log()).toContain(task.id);
	});

	it('a killed server leaves the task ID in its log; Retry and Task: Wait bring the video', async () => {
		// However long the kill takes, the node has not seen the end of the task.
		const unfinished = { kind: 'oddState', state: 'processing' };
		await sandbox.admin('POST', 'faults', { on: 'look', times: 0, fault: unfinished });
		const workflow = await lab.store(workflowOf('killed', videoNode({})));
		await lab.session.activate(workflow);
		// What was started by hand n8n does not let anybody retry.
		const items = [{ prompt: 'killed' }];
		const killed = await fire(lab.session, lab.server.url, workflow, { items });
		const looks = async () =>
			(await sandbox.requests()).filter(({ path }) => path.startsWith('/v1/tasks/')).length;
		// By then n8n's database has the ID, too.
		await until('a look', async () => ((await looks()) > 0 ? true : undefined));
		const [task] = await sandbox.ledger();
		expect(log()).toContain(task.id);
		await lab.crash();
		await sandbox.admin('DELETE', 'faults');
		// n8n adds runs from its log to it, which the retry must not take for its own (host/runs.ts).
		expect((await lab.session.waitFor(killed)).status).toBe('crashed');
		const retried = await lab.session.waitFor(await lab.session.retry(killed));
		expect(retried.status).toBe('success');
		expect(theVideo(retried).item.json.taskId).toBe(task.id);
		const wait = videoNode({ resource: 'task', operation: 'wait', taskId: task.id });
		const execution = await lab.run(byHand(1, wait));
		expect(execution.status).toBe('success');
		expect(theVideo(execution).item.json.taskId).toBe(task.id);
		expect(await sandbox.submits()).toBe(1);
	});
});
