/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Money and videos in real n8n servers: Retry On Fail, the Retry button, Stop, and a server that is killed.
import { readFileSync } from 'node:fs';
import { type Lab, labs } from './support/lab';
import { byHand, type TestNode, videoNode } from './support/nodes';
import { itemsOf, theVideo } from './support/runData';
import { until } from './support/until';

const blocked = {
	on: 'submit',
	fault: { kind: 'failTask', code: 'content_policy_violation', message: 'Blocked' },
};
const made = (items: number, settings: Partial<TestNode> & Record<string, unknown> = {}) =>
	byHand(items, videoNode({}, settings));

describe.each(labs({ name: 'retry' }))('n8n %s', (_, labNow) => {
	let lab: Lab;
	let sandbox: Lab['sandbox'];
	beforeEach(async () => {
		lab = labNow();
		({ sandbox } = lab);
		await sandbox.admin('POST', 'reset', {});
	});
	const log = () => readFileSync(lab.server.logFile, 'utf8');

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

	it('a killed server leaves the task ID in its log, and Task: Wait brings the video', async () => {
		// However long the kill takes, the node has not seen the end of the task.
		const unfinished = { kind: 'oddState', state: 'processing' };
		await sandbox.admin('POST', 'faults', { on: 'look', times: 0, fault: unfinished });
		await lab.begin(made(1));
		const task = await until('the submit', async () => (await sandbox.ledger())[0]);
		await until(
			'the log line',
			async () => await Promise.resolve(log().includes(task.id) ? true : undefined),
		);
		await lab.crash();
		await sandbox.admin('DELETE', 'faults');
		const wait = videoNode({ resource: 'task', operation: 'wait', taskId: task.id });
		const execution = await lab.run(byHand(1, wait));
		expect(execution.status).toBe('success');
		expect(theVideo(execution).item.json.taskId).toBe(task.id);
		expect(await sandbox.submits()).toBe(1);
	});
});
