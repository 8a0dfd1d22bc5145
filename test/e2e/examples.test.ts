/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Every workflow of examples/ in real n8n servers, the first also from the command line. On the wire is
// exactly what EvoLink's contract asks for, and out come real videos.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as expected from './expectedRequests';
import {
	during,
	examples,
	type ExampleWorld,
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
import { sideBySide } from './support/sideBySide';
import { until } from './support/until';
import { pictureForm, sheetRow, withOwnSheet } from './support/exampleUser';
import { expectVideo } from './support/exampleVideo';
import { playAcross } from './support/playAcross';
import { decode } from '../support/filmJudge';

const { expectedRequests, familyRequests } = expected;
const oneVideo = { ...expectedRequests, ...familyRequests };
const fileOf = (...path: string[]) => join(prepared.projectRoot, ...path);
it('has an expectation for every example', () => {
	expect(examples.map(({ id }) => id).sort()).toEqual(
		[...Object.keys(oneVideo), ...expected.stories].sort(),
	);
});

const rows = sideBySide((install) => startExampleWorld(`examples-${install.version}`, install));
describe.each(rows)('n8n %s', (_, worldNow, install) => {
	let world: ExampleWorld;
	beforeAll(() => {
		world = worldNow();
	});

	describe('from the command line', () => {
		// The others have the same requests and videos in the server, below; here is what the command line is for.
		it.each(['image-to-video'])('%s', async (id) => {
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
					Object.keys(oneVideo).map(async (id) => ({
						id,
						run: await served.run(await served.example(id)),
					})),
				),
			);
			expect(bodies).toHaveLength(Object.keys(oneVideo).length);
			for (const { id, run } of result) {
				expect(run.data.resultData.error?.message).toBeUndefined();
				expect(run.status).toBe('success');
				const { body, video } = oneVideo[id];
				expect(bodies).toContainEqual(body);
				await expectVideo(await saved(id, theVideo(run).binary.id), video);
			}
		});

		it('the test of the credential asks for the credits, and says what is wrong in the words of a run', async () => {
			const test = async (apiKey: string, addresses = {}) => {
				const { status, message } = await served.testCredential(world.sandbox, apiKey, addresses);
				return `${status}: ${message}`;
			};
			const { key } = world.sandbox;
			const { result, bodies } = await during(world.sandbox, async () => [
				await test(key),
				await test(` Bearer ${key}`),
				await test('sk-wrong'),
				await test(key, { baseUrl: 'api.evolink.ai' }),
				await test(key, { baseUrl: 'http://127.0.0.1:9' }),
				await test(key, { filesUrl: 'http://127.0.0.1:9' }),
			]);
			const [good, withBearer, wrongKey, noAddress, nobody, noFiles] = result;
			expect([good, withBearer]).toEqual([
				'OK: Connection successful!',
				'OK: Connection successful!',
			]);
			expect(wrongKey).toMatch(/^Error: EvoLink does not accept the API key.*dashboard\/keys/);
			expect(noAddress).toMatch(/^Error: .*'Base URL' is "api.evolink.ai".*https:\/\//);
			expect(nobody).toMatch(/^Error: EvoLink could not be reached: "the connection was refused"/);
			expect(noFiles).toMatch(/^Error: The API answers, but the file storage.*'Files URL'/);
			expect(bodies).toEqual([]);
		});

		it('form-to-video: a picture from a browser, and a page with the video, or with the reason', async () => {
			const workflow = await served.example('form-to-video');
			await served.session.activate(workflow);
			const picture = fileOf('examples', 'media', 'first_frame.jpg');
			const { result, bodies, tasks } = await during(world.sandbox, async () =>
				served.submitForm(workflow, pictureForm(picture, 'image/jpeg', 'The lamp begins to turn')),
			);
			const address = String(tasks[0].body.image_start);
			expect(bodies).toEqual([expected.formBody(address)]);
			expect(address).toContain(world.sandbox.url);
			expect(result).toContain('Your video is ready');
			const link = /<a href="(http[^"]+\.mp4[^"]*)"/.exec(result)?.[1] ?? '';
			const video = Buffer.from(await (await fetch(link)).arrayBuffer());
			expect(video.subarray(4, 8).toString()).toBe('ftyp');
			expect(result).toMatch(/works until \d{1,2} [A-Z]\w+ \d{4}, \d\d:\d\d /);

			const logo = fileOf('test', 'media', 'valid', 'png', 'rgba-holes.png');
			const refused = await during(world.sandbox, async () =>
				served.submitForm(workflow, pictureForm(logo, 'image/png', 'Snow')),
			);
			expect(refused.bodies).toEqual([]);
			expect(refused.result).toContain('There is no video to show');
			expect(refused.result).toMatch(/The picture has transparent parts.*nothing was charged/s);
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

		it('storyboard-to-film: clips from picture to picture, one film of all, that plays over its seams', async () => {
			const { result, bodies } = await during(world.sandbox, async () =>
				served.run(await served.example('storyboard-to-film')),
			);
			expect(result.data.resultData.error?.message).toBeUndefined();
			expect(bodies).toHaveLength(3);
			expect(bodies).toEqual(expect.arrayContaining(expected.storyboardBodies));
			const [film] = itemsOf(result, 'Join');
			expect(film.json).toMatchObject({ clips: 3, width: 1280, height: 720 });
			expect(film.pairedItem).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
			const startsAt = film.json.startsAt as number[];
			const file = await saved('film', film.binary?.data.id);
			await expectVideo(file, { seconds: 6, longSide: 1280, beginsWith: 'first_frame.jpg' });
			// Not one frame is lost, and none is made anew.
			const parts = itemsOf(result, 'Wan Video');
			const files = await Promise.all(
				parts.map(async ({ binary }, i) => await decode(await saved(`clip-${i}`, binary?.data.id))),
			);
			const whole = await decode(file);
			expect(whole.messages).toBe('');
			expect(whole.frames).toEqual(files.flatMap(({ frames }) => frames));
			const played = await playAcross(file, startsAt.slice(1));
			expect(played.error).toBeUndefined();
			expect(played.seconds).toBeCloseTo(6, 0);
			expect(played.seams).toHaveLength(2);
			played.seams.forEach(({ playedTo }, i) =>
				expect(playedTo).toBeGreaterThan(startsAt[i + 1] + 0.2),
			);
		});

		it('script-to-portrait: the text is spoken, and the video is as long as the speech', async () => {
			const openAiApi = await served.openAiCredential(world.model);
			const workflow = await served.example('script-to-portrait', (stored) =>
				withCredentialOf(stored, 'Speech', { openAiApi }),
			);
			const { result, bodies } = await during(world.sandbox, async () => served.run(workflow));
			expect(result.data.resultData.error?.message).toBeUndefined();
			const [sound] = bodies[0].audio_urls as string[];
			expect(bodies).toEqual([expected.spokenBody(sound)]);
			expect(sound).toContain(world.sandbox.url);
			expect(theVideo(result).item.json).toMatchObject({ durationSeconds: 4 });
		});

		it('table-that-remembers: rows to do are made, what a killed run left is waited for or told, and a second run makes nothing', async () => {
			const text = ['image', 'prompt', 'status', 'taskId', 'link', 'reason'];
			const table = await served.dataTable('Videos', {
				...Object.fromEntries(text.map((name) => [name, 'string' as const])),
				...{ seconds: 'number', credits: 'number' },
			});
			const left = await submitAt(world.sandbox, 'left by a killed run');
			await table.insert([
				...expected.tableRows,
				{ status: 'being made', taskId: left },
				// n8n was killed between the submit and the note.
				{ ...expected.tableRows[0], status: 'started', reason: 'At noon' },
			]);
			const workflow = await served.example('table-that-remembers', (stored) => ({
				...stored,
				nodes: stored.nodes.map((node) => {
					const { dataTableId } = node.parameters;
					const chosen = { dataTableId: { ...(dataTableId as object), value: table.id } };
					return dataTableId === undefined
						? node
						: { ...node, parameters: { ...node.parameters, ...chosen } };
				}),
			}));
			const { result, bodies } = await during(world.sandbox, async () => served.run(workflow));
			expect(result.data.resultData.error?.message).toBeUndefined();
			expect(bodies).toHaveLength(2);
			expect(bodies).toEqual(expect.arrayContaining(expected.tableBodies));
			const rows = await table.rows();
			const link = expect.stringMatching(/^http.*mp4/) as string;
			const done = { status: 'done', link, seconds: 2 };
			expect(rows).toMatchObject([
				{ ...done, credits: expect.any(Number) as number },
				{ ...done, credits: expect.any(Number) as number },
				{
					status: 'failed',
					taskId: null,
					reason: expect.stringContaining('First Frame') as string,
				},
				{ ...done, taskId: left },
				{
					status: 'unclear',
					reason: expect.stringMatching(/^At noon: n8n ended.*taskId/) as string,
				},
			]);
			const again = await during(world.sandbox, async () => served.run(workflow));
			expect(again.bodies).toEqual([]);
			expect(await table.rows()).toMatchObject(
				rows.map(({ status, link: to }) => ({ status, link: to })),
			);
		});

		it('approve-before-it-costs: seconds and price first, a no costs nothing, a yes makes the video', async () => {
			const workflow = await served.example('approve-before-it-costs');
			await served.session.activate(workflow);
			const picture = fileOf('examples', 'media', 'first_frame.jpg');
			const decided = async (answer: string) => {
				const form = pictureForm(picture, 'image/jpeg', 'The lamp begins to turn');
				const page = await served.openForm(workflow, form);
				expect(page.text).toMatch(/5 seconds and costs about 0\.50 dollars/);
				const reply = new FormData();
				reply.append('field-0', answer);
				return await served.answerForm(page, reply);
			};
			const no = await during(world.sandbox, async () => await decided('No'));
			expect(no.bodies).toEqual([]);
			expect(no.result).toContain('Nothing was made');
			const yes = await during(world.sandbox, async () => await decided('Yes'));
			expect(yes.bodies).toEqual([expected.formBody(String(yes.bodies[0].image_start))]);
			expect(yes.result).toContain('Your video is ready');
		});

		it('storyboard: a clip for each shot side by side, and one film of them', async () => {
			const { result, bodies, tasks } = await during(world.sandbox, async () =>
				served.run(await served.example('storyboard')),
			);
			expect(result.data.resultData.error?.message).toBeUndefined();
			expect(bodies).toEqual(expect.arrayContaining(expected.shotBodies));
			expect(bodies).toHaveLength(expected.shotBodies.length);
			const clips = itemsOf(result, 'Wan Video').map(({ json }) => json.taskId);
			expect([...clips].sort()).toEqual(tasks.map(({ id }) => id).sort());
			const [film] = itemsOf(result, 'One film');
			expect(film.json).toMatchObject({ clips: 3 });
			await expectVideo(await saved('film', film.binary?.data.id), { seconds: 9, longSide: 1280 });
		});

		it('batch-from-a-table: 19 videos, the wrong row in the error branch, and a cap that holds', async () => {
			const workflow = await served.example('batch-from-a-table');
			const countTasks = async () => (await world.slowSandbox.ledger()).length;
			const madeOf = async (table: StoredWorkflow, tasks: number) =>
				during(world.slowSandbox, async () => {
					const all = (await countTasks()) + tasks;
					const run = served.run(table);
					await until('the tasks', async () => ((await countTasks()) >= all ? true : undefined));
					await world.slowSandbox.passes(SLOW_TASK_SECONDS);
					return await run;
				});
			const { result, bodies } = await madeOf(workflow, 19);
			// Submits cross on their way; which row has which video, the rows below tell.
			expect(bodies).toHaveLength(expected.batchBodies.length);
			expect(bodies).toEqual(expect.arrayContaining(expected.batchBodies));
			const videos = itemsOf(result, 'Videos');
			expect(namesOf(videos)).toEqual(videos.map(({ json }) => `row-${String(json.row)}.mp4`));
			expect(videos.map(({ json }) => json.row)).toEqual(bodies.map((_, index) => index + 1));
			const wrong = itemsOf(result, 'Rows to mend').map(({ json }) => json);
			expect(wrong).toEqual([{ row: 20, reason: expect.stringContaining("'Duration'") as string }]);
			const dear = await served.example('batch-from-a-table', (stored) =>
				withParameters(stored, 'Wan Video', { options: { maxBilledSeconds: 37 } }),
			);
			const capped = await during(world.slowSandbox, async () => served.run(dear));
			expect(capped.bodies).toEqual([]);
			expect(itemsOf(capped.result, 'Rows to mend')).toHaveLength(20);
			const own = await madeOf(await served.example('batch-from-a-table', withOwnSheet), 1);
			expect(own.bodies).toMatchObject([{ prompt: sheetRow.prompt, duration: 2 }]);
			expect(itemsOf(own.result, 'Videos')).toMatchObject([{ json: { row: sheetRow.row_number } }]);
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
			await world.slowSandbox.passes(SLOW_TASK_SECONDS);
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
			const { prompt: Prompt } = expected.agentBody;
			const make = { tool: 'Make_a_video', args: { Prompt } };
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

		it('agent-with-picture: the picture of a message becomes an address, and the agent makes its video', async () => {
			const { model, sandbox } = world;
			const openAi = await served.openAiCredential(model);
			const workflow = await served.example('agent-with-picture', (stored) =>
				withParameters(
					withCredentialOf(stored, 'OpenAI Chat Model', { openAiApi: openAi }),
					'Chat',
					{ public: true, options: { allowFileUploads: true, allowedFilesMimeTypes: 'image/*' } },
				),
			);
			const picture = readFileSync(fileOf('examples', 'media', 'first_frame.jpg'));
			model.follow([
				(_results, said) => {
					const [, Image] = /The picture of this message is at ([^\s"\\]+)/.exec(said) ?? [];
					return {
						call: [{ tool: 'Make_a_video', args: { Image, Prompt: 'Snow begins to fall' } }],
					};
				},
				([made]) => ({ say: made }),
			]);
			await served.session.activate(workflow);
			const { result, tasks, bodies } = await during(sandbox, async () =>
				served.chat(workflow, 'Let it snow', new Blob([picture], { type: 'image/jpeg' })),
			);
			// What the model leaves out is 5 seconds at 720p.
			expect(bodies).toEqual([expected.pictureBody(expect.any(String) as string)]);
			expect(result).toContain(tasks[0].id);
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
});
