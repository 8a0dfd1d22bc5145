// Wan Video Trigger in real n8n servers: EvoLink's callbacks start the workflow once for each task, whatever else arrives.
import type { CallbackAttempt } from '../../sandbox/callbacks';
import { type Lab, labs } from './support/lab';
import type { ExecutionRow } from './support/rest';
import {
	bodiesWith,
	fullest,
	generateOf,
	submitAll,
	submitNames,
	waitForAll,
} from './support/familyWorkflows';
import { type Item, itemsOf } from './support/runData';
import { storeTrigger, submitWorkflow, triggerWorkflow, type Trigger } from './support/triggers';
import { until } from './support/until';

const UNKNOWN_ID = 'task-unified-1757169743-nobodys1';

/** Longer than a test takes: only a move of the clock ends a task, so each test decides what happens before. */
const taskSeconds = 60;
/** EvoLink's last callback about a task comes 7 seconds after the first. */
const allCallbacksSeconds = 7;

describe.each(labs({ name: 'trigger', taskSeconds, isPublic: true }))(
	'n8n %s',
	(version, labNow) => {
		let lab: Lab;
		let sandbox: Lab['sandbox'];
		beforeEach(async () => {
			lab = labNow();
			({ sandbox } = lab);
			await sandbox.admin('POST', 'reset', {});
		});

		let triggers = 0;
		async function aTrigger(parameters = {}, { active = true } = {}): Promise<Trigger> {
			triggers += 1;
			const webhookId = `trigger-${version}-${triggers}`;
			const definition = lab.bind(triggerWorkflow(webhookId, parameters));
			const trigger = await storeTrigger(lab.session, lab.server.url, definition, active);
			if (active) await trigger.registered();
			return trigger;
		}

		/** Submits tasks by 'Video: Submit' and gives their IDs. */
		async function submit(callbackUrl: string, items = 1): Promise<string[]> {
			const execution = await lab.run(submitWorkflow(items, callbackUrl));
			expect(execution.data.resultData.error?.message).toBeUndefined();
			return itemsOf(execution, 'Wan Video').map(({ json }) => String(json.taskId));
		}

		/** Ends all tasks; resolves when nothing more is told of them. */
		const end = async () => await sandbox.passes(taskSeconds + allCallbacksSeconds);

		/** Submits a task without a callback and ends it. */
		async function endedTask(): Promise<string> {
			const [taskId] = await submit('');
			await end();
			return taskId;
		}

		const attemptsFor = async (taskId: string): Promise<CallbackAttempt[]> =>
			(await sandbox.admin<CallbackAttempt[]>('GET', 'callbacks')).filter(
				(attempt) => attempt.taskId === taskId,
			);
		const rowsOf = (executions: ExecutionRow[]) =>
			executions.flatMap((execution) => itemsOf(execution, 'After').map(({ json }) => json));
		const idsOf = (executions: ExecutionRow[]) =>
			rowsOf(executions)
				.map(({ taskId }) => String(taskId))
				.sort();

		/** One more task ends: what was to come before it has come, so exactly these executions are there. */
		async function expectOnly(trigger: Trigger, taskIds: string[]): Promise<void> {
			const probe = await endedTask();
			expect(await trigger.post({ id: probe })).toBe(200);
			const executions = await trigger.executions(taskIds.length + 1);
			expect(idsOf(executions)).toEqual([...taskIds, probe].sort());
			expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'success'));
		}

		it('a task that ends starts the workflow once, though it is reported three times', async () => {
			const trigger = await aTrigger();
			await sandbox.admin('POST', 'faults', {
				on: 'callback',
				times: 2,
				fault: { kind: 'lostReply' },
			});
			const [taskId] = await submit(trigger.callbackUrl);
			await end();
			expect(await attemptsFor(taskId)).toHaveLength(3);
			const [execution] = await trigger.executions(1);
			expect(rowsOf([execution])).toEqual([
				{
					taskId,
					status: 'completed',
					progress: 100,
					videoUrl: expect.stringMatching(/^http.*\.mp4/) as string,
					expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
					model: 'wan2.7-image-to-video',
				},
			]);
			await expectOnly(trigger, [taskId]);
		});

		it('every model and set of the family: its body, and the video by Generate, by Submit and Wait, and by a trigger', async () => {
			await sandbox.admin('POST', 'credits', { credits: 100_000 });
			const trigger = await aTrigger({ download: true });
			const submitted = await lab.run(submitAll(trigger.callbackUrl));
			expect(submitted.data.resultData.error?.message).toBeUndefined();
			const bodies = (await sandbox.ledger()).map(({ body }) => body);
			expect(bodies).toEqual(bodiesWith(trigger.localUrl));
			const rows = submitNames.flatMap((name) => itemsOf(submitted, name).map(({ json }) => json));
			const ids = rows.map(({ taskId }) => String(taskId));

			const generating = await Promise.all(
				fullest.map(async (one) => await lab.begin(generateOf(one, trigger.callbackUrl))),
			);
			const all = ids.length + generating.length;
			const tasks = await until('the tasks of Generate', async () => {
				const paid = await sandbox.ledger();
				return paid.length >= all ? paid : undefined;
			});
			const asked = tasks.slice(ids.length).map(({ body }) => body);
			const wanted = fullest.map(({ body }) => ({ ...body, callback_url: trigger.localUrl }));
			expect(asked).toHaveLength(wanted.length);
			expect(asked).toEqual(expect.arrayContaining(wanted));
			await end();

			const modelOf = new Map(tasks.map(({ id, body }) => [id, String(body.model)]));
			const expectVideos = (items: Item[]) => {
				for (const { json, binary } of items) {
					const { taskId, model, status } = json;
					expect({ model, status }).toEqual({
						...{ model: modelOf.get(String(taskId)), status: 'completed' },
					});
					expect(binary?.data).toMatchObject({ mimeType: 'video/mp4' });
				}
				return items.map(({ json }) => String(json.taskId));
			};
			const waited = await lab.run(waitForAll(ids));
			expect(expectVideos(itemsOf(waited, 'Wan Video'))).toEqual(ids);
			const generated = await Promise.all(
				generating.map(async (id) => await lab.session.waitFor(id)),
			);
			const made = generated.flatMap((execution) => itemsOf(execution, 'Wan Video'));
			const paid = [...modelOf.keys()];
			expect(expectVideos(made).sort()).toEqual(paid.slice(ids.length).sort());
			const told = (await trigger.executions(all)).flatMap((row) => itemsOf(row, 'After'));
			expect(expectVideos(told).sort()).toEqual(paid.sort());
			expect(await sandbox.ledger()).toHaveLength(all);
		});

		it('what is forged, wrong or too large starts nothing', async () => {
			const trigger = await aTrigger();
			const [running] = await submit(trigger.callbackUrl);
			const forged = { id: running, status: 'completed', results: ['https://example.com/x.mp4'] };
			expect(await trigger.post(forged)).toBe(503);
			expect(await trigger.post({ ...forged, id: UNKNOWN_ID })).toBe(200);
			for (const body of [{}, [], { id: 7 }, { id: '../credits' }, '{"id":', '"x"', 'null'])
				expect(await trigger.post(body)).toBeGreaterThanOrEqual(400);
			expect(await trigger.post({ id: running, results: ['x'.repeat(1_100_000)] })).toBe(413);
			expect((await fetch(trigger.localUrl)).status).toBe(404);
			await expectOnly(trigger, [running]);
		});

		it('a burst of calls about one task starts the workflow once', async () => {
			const trigger = await aTrigger();
			const taskId = await endedTask();
			const before = (await sandbox.requests()).length;
			const answers = await Promise.all(
				Array.from({ length: 30 }, async () => await trigger.post({ id: taskId })),
			);
			// On a slow machine some may be told to call again; none may start the workflow a second time.
			expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([]);
			expect(await trigger.post({ id: taskId })).toBe(200);
			const looks = (await sandbox.requests()).slice(before);
			expect(looks.filter(({ path }) => path.endsWith(taskId)).length).toBeLessThan(10);
			await expectOnly(trigger, [taskId]);
		});

		it('twenty tasks at once start it twenty times, and never again, not even after a restart', async () => {
			const trigger = await aTrigger();
			const taskIds = await submit(trigger.callbackUrl, 20);
			await end();
			expect(idsOf(await trigger.executions(20))).toEqual([...taskIds].sort());
			for (const id of taskIds) expect(await trigger.post({ id })).toBe(200);
			await lab.crash();
			await trigger.registered();
			for (const id of taskIds) expect(await trigger.post({ id })).toBe(200);
			await expectOnly(trigger, taskIds);
		});

		it('a failed task starts the workflow only where that was chosen', async () => {
			const onVideo = await aTrigger();
			const onFailure = await aTrigger({ events: ['failed', 'cancelled'] });
			await sandbox.admin('POST', 'faults', {
				on: 'submit',
				fault: { kind: 'failTask', code: 'content_policy_violation', message: 'Blocked' },
			});
			const [failed] = await submit(onFailure.callbackUrl);
			await end();
			expect(rowsOf(await onFailure.executions(1))).toEqual([
				{
					taskId: failed,
					status: 'failed',
					progress: 0,
					model: 'wan2.7-image-to-video',
					failureCode: 'content_policy_violation',
					failureMessage: 'Blocked',
				},
			]);
			expect(await onVideo.post({ id: failed })).toBe(200);
			await expectOnly(onVideo, []);
		});

		it('looks that fail are made again, beyond the answer to the callback, and it starts once', async () => {
			const trigger = await aTrigger();
			await sandbox.admin('POST', 'faults', {
				on: 'look',
				times: 2,
				fault: { kind: 'status', status: 500 },
			});
			const [taskId] = await submit(trigger.callbackUrl);
			await end();
			await trigger.executions(1);
			await expectOnly(trigger, [taskId]);
		});

		it('with Download the workflow starts with the video, and all fields without Simplify', async () => {
			const trigger = await aTrigger({
				download: true,
				outputBinaryField: 'video',
				simplify: false,
				options: { fileName: 'mine' },
			});
			await sandbox.admin('POST', 'faults', {
				on: 'media',
				fault: { kind: 'truncate', bytes: 1000 },
			});
			const [taskId] = await submit(trigger.callbackUrl);
			await end();
			const [execution] = await trigger.executions(1);
			const [item] = itemsOf(execution, 'After');
			expect(item.json).toMatchObject({ taskId, hasAudio: true, task: { id: taskId } });
			expect(item.binary?.video).toMatchObject({ fileName: 'mine.mp4', mimeType: 'video/mp4' });
			const video = await lab.session.download(item.binary?.video.id ?? '');
			expect(video.subarray(4, 8).toString()).toBe('ftyp');
		});

		it("'Listen for test event' takes the same task again and again", async () => {
			const trigger = await aTrigger({}, { active: false });
			const taskId = await endedTask();
			for (const round of [1, 2]) {
				const answer = await lab.session.call<{ waitingForWebhook?: boolean }>(
					'POST',
					`/workflows/${trigger.workflow.id}/run`,
					{ workflowData: trigger.workflow, triggerToStartFrom: { name: 'Wan Video Trigger' } },
				);
				expect(answer.waitingForWebhook).toBe(true);
				expect(await trigger.post({ id: taskId })).toBe(200);
				expect(idsOf(await trigger.executions(round))).toEqual(Array(round).fill(taskId));
			}
		});
	},
);
