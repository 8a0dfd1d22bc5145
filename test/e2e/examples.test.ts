/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Every workflow of examples/ in real n8n servers: the ones that make one video also from the command line. On the wire is
// exactly what EvoLink's contract asks for, and out come real videos.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as expected from './expectedRequests';
import {
	during,
	examples,
	type ExampleWorld,
	paidTasks,
	type ServedWorld,
	SLOW_TASK_SECONDS,
	startExampleWorld,
	submitAt,
	withCredentialOf,
	withParameters,
} from './support/exampleWorld';
import { executeWorkflow } from './support/n8nCli';
import { binaryFile, majorOf } from './support/n8nInstall';
import { prepared } from './support/prepared';
import type { StoredWorkflow } from './support/rest';
import { itemsOf, theVideo, type Item } from './support/runData';
import { until } from './support/until';
import { expectVideo } from './support/exampleVideo';

const { expectedRequests } = expected;
const simple = Object.keys(expectedRequests);
const firstFrame = join(prepared.projectRoot, 'examples', 'media', 'first_frame.jpg');
it('has an expectation for every example', () => {
	expect(examples.map(({ id }) => id)).toEqual([...simple, ...expected.stories].sort());
});

describe.each(prepared.installs.map((install) => [install.version, install] as const))(
	'n8n %s',
	(version, install) => {
		let world: ExampleWorld;
		beforeAll(async () => {
			world = await startExampleWorld(`examples-${version}`, install);
		});
		afterAll(() => world?.stop());

		describe('from the command line', () => {
			it.each(simple)('%s', async (id) => {
				const { result, bodies } = await during(world.sandbox, () =>
					executeWorkflow({ install, userFolder: world.userFolder }, id),
				);
				const { body, video } = expectedRequests[id];
				expect(bodies).toEqual([body]);
				await expectVideo(binaryFile(world.userFolder, theVideo(result).binary.id ?? ''), video);
			});
		});

		describe('in the server', () => {
			let served: ServedWorld;
			beforeAll(async () => {
				served = await world.serve();
			});

			const saved = async (name: string, binaryId = '') => {
				const file = join(world.userFolder, `${name}.mp4`);
				writeFileSync(file, await served.session.download(binaryId));
				return file;
			};
			const namesOf = (items: Item[]) => items.map(({ binary }) => binary?.data.fileName);

			it('those that make one video, all at once', async () => {
				const { result, bodies } = await during(world.sandbox, () =>
					Promise.all(
						simple.map(async (id) => ({ id, run: await served.run(await served.example(id)) })),
					),
				);
				expect(bodies).toHaveLength(simple.length);
				for (const { id, run } of result) {
					expect(run.data.resultData.error?.message).toBeUndefined();
					expect(run.status).toBe('success');
					const { body, video } = expectedRequests[id];
					expect(bodies).toContainEqual(body);
					await expectVideo(await saved(id, theVideo(run).binary.id), video);
				}
			});

			it('the test of the credential asks for the credits, and says when the key is wrong', async () => {
				const test = async (apiKey: string) => await served.testCredential(world.sandbox, apiKey);
				const { result, bodies } = await during(world.sandbox, async () => [
					await test(world.sandbox.key),
					await test('sk-wrong'),
				]);
				expect(result).toEqual(['OK', 'Error']);
				expect(bodies).toEqual([]);
			});

			it('form-to-video: a picture from a browser, and a page with the video', async () => {
				const workflow = await served.example('form-to-video');
				await served.session.activate(workflow);
				const { result, bodies, tasks } = await during(world.sandbox, async () => {
					const form = new FormData();
					const picture = readFileSync(firstFrame);
					form.append('field-0', new Blob([picture], { type: 'image/jpeg' }), 'first_frame.jpg');
					form.append('field-1', 'The lamp begins to turn');
					return await served.submitForm(workflow, form);
				});
				const address = String(tasks[0].body.image_start);
				expect(bodies).toEqual([expected.formBody(address)]);
				expect(address).toContain(world.sandbox.url);
				expect(result).toContain('Your video is ready');
				const link = /<a href="(http[^"]+\.mp4[^"]*)"/.exec(result)?.[1] ?? '';
				const video = Buffer.from(await (await fetch(link)).arrayBuffer());
				expect(video.subarray(4, 8).toString()).toBe('ftyp');
			});

			it('chain-to-30-seconds: two files of 15 seconds, the second where the first ends', async () => {
				const { result, tasks, bodies } = await during(world.sandbox, async () =>
					served.run(await served.example('chain-to-30-seconds')),
				);
				expect(result.data.resultData.error?.message).toBeUndefined();
				const [clip] = itemsOf(result, 'First clip');
				expect(bodies).toEqual(expected.chainBodies(String(clip.json.videoUrl)));
				const parts = itemsOf(result, 'In order');
				expect(namesOf(parts)).toEqual(['part-1.mp4', 'part-2.mp4']);
				expect(parts.map(({ json }) => json.taskId)).toEqual(tasks.slice(1).map(({ id }) => id));
				for (const [index, beginsWith] of ['first_frame.jpg', 'last_frame.jpg'].entries()) {
					const file = await saved(`part-${index + 1}`, parts[index].binary?.data.id);
					await expectVideo(file, { seconds: 15, longSide: 1280, beginsWith });
				}
			});

			it('batch-from-a-table: 19 videos, the wrong row in the error branch, and a cap that holds', async () => {
				const workflow = await served.example('batch-from-a-table');
				const { result, bodies } = await during(world.slowSandbox, async () => {
					const run = served.run(workflow);
					await until('the tasks', async () =>
						(await paidTasks(world.slowSandbox)).length >= 19 ? true : undefined,
					);
					await world.slowSandbox.admin('POST', 'clock', { advanceMs: SLOW_TASK_SECONDS * 1000 });
					return await run;
				});
				expect(bodies).toEqual(expected.batchBodies);
				const videos = itemsOf(result, 'Videos');
				expect(namesOf(videos)).toEqual(videos.map(({ json }) => `row-${String(json.row)}.mp4`));
				expect(videos.map(({ json }) => json.row)).toEqual(bodies.map((_, index) => index + 1));
				const wrong = itemsOf(result, 'Rows to mend').map(({ json }) => json);
				expect(wrong).toEqual([
					{ row: 20, reason: expect.stringContaining("'Duration'") as string },
				]);
				const dear = await served.example('batch-from-a-table', (stored) =>
					withParameters(stored, 'Wan Video', { duration: 4 }),
				);
				const capped = await during(world.slowSandbox, async () => served.run(dear));
				expect(capped.bodies).toEqual([]);
				expect(itemsOf(capped.result, 'Rows to mend')).toHaveLength(20);
			});

			it('schedule-with-pause: sleeps in the database, and EvoLink wakes it', async () => {
				const rule = { interval: [{ field: 'seconds', secondsInterval: 10 }] };
				const workflow = await served.example('schedule-with-pause', (stored) =>
					withParameters(stored, 'Every morning', { rule }),
				);
				const { result, bodies } = await during(world.slowSandbox, async () => {
					await served.session.activate(workflow);
					const asleep = await served.firstExecution(workflow, ['waiting']);
					await served.deactivate(workflow);
					return asleep;
				});
				expect(bodies[0]).toMatchObject(expected.scheduleBody);
				expect(result.waitTill).toBeTruthy();
				if (majorOf(install) < 2) {
					// Nothing but time wakes it there, after 90 seconds: test/e2e/pause.test.ts.
					expect(bodies[0]).toEqual(expected.scheduleBody);
					await served.session.stop(result.id);
					return;
				}
				await world.slowSandbox.admin('POST', 'clock', { advanceMs: SLOW_TASK_SECONDS * 1000 });
				const execution = await served.session.waitFor(result.id);
				expect(namesOf(itemsOf(execution, 'Your next step'))).toEqual([
					expect.stringMatching(/^morning-\d{4}-\d\d-\d\d\.mp4$/),
				]);
			});

			it('submit-then-trigger: the task ends, and the lower half starts', async () => {
				const workflow = await served.example('submit-then-trigger');
				await served.session.activate(workflow);
				const { callback_url, ...rest } = await during(world.sandbox, async () =>
					served.session.waitFor(await served.session.run(workflow, 'Start')),
				).then(({ bodies: [body] }) => body);
				expect(rest).toEqual(expected.submitBody);
				expect(served.local(String(callback_url))).toContain('/task-ended');
				const started = await served.firstExecution(workflow);
				await expectVideo(await saved('submitted', theVideo(started).binary.id), {
					...{ seconds: 5, longSide: 1280, beginsWith: 'first_frame.jpg' },
				});
			});

			it('agent-tool: the agent makes one video, though it calls twice, and asks for it later', async () => {
				const { model, sandbox } = world;
				const openAi = await served.openAiCredential(model);
				const workflow = await served.example('agent-tool', (stored) =>
					withParameters(
						withCredentialOf(stored, 'OpenAI Chat Model', { openAiApi: openAi }),
						'Chat',
						{ public: true },
					),
				);
				const { image_start: Image, prompt: Prompt } = expected.agentBody;
				const make = { tool: 'Make_a_video', args: { Image, Prompt } };
				const taskOf = (text: string) => String((JSON.parse(text) as Item['json'][])[0].taskId);
				model.follow([
					{ call: [make] },
					{ call: [make] },
					([made]) => ({ call: [{ tool: 'Ask_for_a_video', args: { Task_ID: taskOf(made) } }] }),
					([made]) => ({ say: `Made ${taskOf(made)}` }),
				]);
				await served.session.activate(workflow);
				const { result, tasks, bodies } = await during(sandbox, async () =>
					served.chat(workflow, 'Snow!'),
				);
				expect(bodies).toEqual([expected.agentBody]);
				expect(result).toBe(`Made ${tasks[0].id}`);
				const tools = model.asked()[0].tools.map(({ name }) => name);
				expect(tools.sort()).toEqual(['Ask_for_a_video', 'Make_a_video']);
			});

			it('rescue-by-task-id: the videos of tasks made elsewhere, and a reason for each other', async () => {
				const { sandbox } = world;
				const ids = [await submitAt(sandbox, 'one'), await submitAt(sandbox, 'two')];
				const unknown = 'task-unified-1757169743-nobodys1';
				const workflow = await served.example('rescue-by-task-id', (stored) => {
					const text = /task-unified[\w-]+,\\ntask-unified[\w-]+/;
					const changed = JSON.stringify(stored).replace(text, [...ids, unknown].join(','));
					return JSON.parse(changed) as StoredWorkflow;
				});
				const { result, bodies } = await during(sandbox, async () => served.run(workflow));
				expect(bodies).toEqual([]);
				const videos = itemsOf(result, 'Videos');
				expect(videos.map(({ json }) => json.taskId)).toEqual(ids);
				expect(namesOf(videos)).toEqual(ids.map((id) => `wan-${id}.mp4`));
				const lost = itemsOf(result, 'Not to be had').map(({ json }) => json);
				expect(lost).toEqual([{ reason: expect.stringContaining(unknown) as string }]);
			});
		});
	},
);
