/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The node as a tool of n8n's real AI Agent and MCP Server Trigger, with a model that follows a script: what the model is
// told of the tool, what it gets back, and what EvoLink's ledger says was made.
import { readFileSync } from 'node:fs';
import {
	agentWorkflow,
	type CredentialRef,
	GENERATE,
	mcpWorkflow,
	SUBMIT,
	taskTool,
	type Tool,
} from './support/agentWorkflow';
import { type Lab, labs } from './support/lab';
import { openMcpSession } from './support/mcpClient';
import { majorOf } from './support/n8nInstall';
import type { ExecutionRow } from './support/rest';
import { itemsOf } from './support/runData';
import { type Script, type ScriptedModel, startScriptedModel } from './support/scriptedModel';
import { until } from './support/until';

const IMAGE = 'https://example.com/first_frame.jpg';
const cat = { args: { Image: IMAGE, Prompt: 'A cat' } };
const dog = { args: { Image: IMAGE, Prompt: 'A dog' } };
const noImage = { args: { Image: 'the picture above', Prompt: 'A cat' } };
const DONE = { say: 'Done' };

type Answer = Record<string, unknown>;
/** The rows in a tool's answer; every agent gets them as one JSON text. */
const rows = (text: string) => JSON.parse(text) as Answer[];
const taskIdIn = (text: string) => String(rows(text)[0].taskId);

const taskSeconds = 1;

describe.each(labs({ name: 'agent', taskSeconds }))('n8n %s', (_, labNow, install) => {
	let lab: Lab;
	let sandbox: Lab['sandbox'];
	let model: ScriptedModel;
	let modelRef: CredentialRef;

	beforeAll(async () => {
		lab = labNow();
		({ sandbox } = lab);
		model = await startScriptedModel();
		modelRef = await lab.session.call<CredentialRef>('POST', '/credentials', {
			name: 'Scripted model',
			type: 'openAiApi',
			data: { apiKey: 'sk-scripted', url: model.url },
		});
	});
	afterAll(async () => await model?.close());
	beforeEach(async () => {
		await sandbox.admin('POST', 'reset', {});
	});

	const tasks = async () => (await sandbox.ledger()).map(({ id }) => id);
	const results = () => model.asked().at(-1)?.results ?? [];

	describe.each(majorOf(install) === 1 ? [2.2, 3] : [2.3, 3.1])('AI Agent %s', (agent) => {
		async function converse(
			tools: Tool[],
			script: Script,
			agentSettings: object = {},
		): Promise<ExecutionRow> {
			model.follow(script);
			const plan = { agent, tools, model: modelRef, agentSettings };
			return await lab.run(agentWorkflow(plan));
		}

		it('is told what the tool is for, gets a link instead of a file, and answers', async () => {
			const say = ([result]: string[]) => ({ say: `Here: ${String(rows(result)[0].videoUrl)}` });
			const execution = await converse([GENERATE], [{ call: [cat] }, say]);
			expect(execution.status).toBe('success');
			const [asked] = model.asked();
			expect(asked.api).toBe(agent < 3 ? 'chat' : 'responses');
			expect(asked.tools).toHaveLength(1);
			const [{ name, description, parameters }] = asked.tools;
			expect(name).toBe('Generate_video');
			expect(description).toMatch(/^Makes a short video .* costs money/);
			expect(description).toMatch(/same arguments again .* without a new charge/);
			expect(parameters.properties).toEqual({
				Image: {
					type: 'string',
					description: 'Public address of the image that the video starts from',
				},
				Prompt: { type: 'string', description: 'What happens in the video' },
			});
			const [row] = rows(results()[0]);
			expect(Object.keys(row)).toEqual([
				...['taskId', 'status', 'videoUrl', 'expiresAt'],
				...['generationMode', 'durationSeconds', 'creditsReserved'],
			]);
			expect(row).toMatchObject({ status: 'completed', durationSeconds: 2 });
			expect(itemsOf(execution, 'AI Agent')[0].json.output).toBe(`Here: ${String(row.videoUrl)}`);
			expect(await tasks()).toEqual([row.taskId]);
			// Nothing was downloaded.
			expect(JSON.stringify(execution.data.resultData.runData)).not.toContain('"binary"');
			expect((await sandbox.requests()).some(({ path }) => path.startsWith('/media'))).toBe(false);
		});

		it('meets the same task by the same arguments, also in one breath; a new prompt makes a new one', async () => {
			const script = [{ call: [cat, cat] }, { call: [cat] }, { call: [dog] }, DONE];
			const { status } = await converse([GENERATE], script);
			expect(status).toBe('success');
			const [first, second, third, fourth] = results().map(taskIdIn);
			expect([second, third]).toEqual([first, first]);
			expect(fourth).not.toBe(first);
			expect(await tasks()).toEqual([first, fourth]);
		});

		it('reads what is wrong and what to do, and puts it right', async () => {
			const { status } = await converse([GENERATE], [{ call: [noImage] }, { call: [cat] }, DONE]);
			expect(status).toBe('success');
			const [[refused], [made]] = results().map(rows);
			expect(refused).toMatchObject({ status: 'failed', charged: 'no' });
			expect(refused.message).toMatch(/^'First Frame URL' is no address .* nothing was charged/);
			expect(refused.nextStep).toMatch(/change it and call this tool again/);
			expect(made.status).toBe('completed');
			expect(await tasks()).toHaveLength(1);
		});

		it('is not charged again by Retry On Fail of the tool, and reads why the task failed', async () => {
			const fault = { kind: 'failTask', code: 'content_policy_violation', message: 'Blocked' };
			await sandbox.admin('POST', 'faults', { on: 'submit', fault });
			const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
			const { status } = await converse([{ ...GENERATE, settings }], [{ call: [cat] }, DONE]);
			expect(status).toBe('success');
			const [row] = rows(results()[0]);
			expect(row).toMatchObject({ status: 'failed', charged: 'no' });
			expect(row.message).toMatch(/safety filter: "Blocked"/);
			expect(await tasks()).toEqual([row.taskId]);
		});

		it('finds the task again when the agent itself is retried', async () => {
			const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 };
			const script: Script = [{ call: [cat] }, 'outage', { call: [cat] }, DONE];
			const { status } = await converse([GENERATE], script, settings);
			expect(status).toBe('success');
			expect(model.asked()).toHaveLength(4);
			expect(await tasks()).toEqual([taskIdIn(results().at(-1) ?? '')]);
		});

		it('is not kept waiting: it hears how to go on, and the same call does go on', async () => {
			const stillRunning = {
				on: 'look',
				times: 0,
				fault: { kind: 'oddState', state: 'processing' },
			};
			await sandbox.admin('POST', 'faults', stillRunning);
			const parameters = { ...GENERATE.parameters, options: { timeout: 0.03 } };
			const goOn = async () => {
				await until('the end of the task', async () =>
					(await sandbox.ledger())[0].state === 'completed' ? true : undefined,
				);
				await sandbox.admin('DELETE', 'faults');
				return { call: [cat] };
			};
			const { status } = await converse(
				[{ ...GENERATE, parameters }],
				[{ call: [cat] }, goOn, DONE],
			);
			expect(status).toBe('success');
			const [[open], [ended]] = results().map(rows);
			expect(open).toMatchObject({ status: 'processing', taskId: ended.taskId });
			expect(open.nextStep).toMatch(/again now with exactly the same arguments/);
			expect(ended.status).toBe('completed');
			expect(await tasks()).toEqual([ended.taskId]);
		});

		it('submits with one tool and asks later with others', async () => {
			const tools = [SUBMIT, taskTool('Get task', 'get'), taskTool('Wait for task', 'wait')];
			const ask =
				(tool: string) =>
				([submitted]: string[]) => ({
					call: [{ tool, args: { Task_ID: taskIdIn(submitted) } }],
				});
			const submit = { ...cat, tool: 'Submit_video' };
			// The agent thinks for so long that the task has ended: what is waited for in between is the node's own pace.
			const askLater = async (answers: string[]) => {
				await sandbox.passes(taskSeconds);
				return ask('Wait_for_task')(answers);
			};
			const script = [{ call: [submit, submit] }, ask('Get_task'), askLater, DONE];
			const { status } = await converse(tools, script);
			expect(status).toBe('success');
			const [[submitted], [again], [looked], [ended]] = results().map(rows);
			expect(submitted.nextStep).toMatch(/Ask for it by its taskId/);
			expect(submitted.videoUrl).toBeUndefined();
			expect(again.taskId).toBe(submitted.taskId);
			expect(looked).toMatchObject({ taskId: submitted.taskId });
			expect(ended).toMatchObject({ taskId: submitted.taskId, status: 'completed' });
			expect(ended.videoUrl).toMatch(/\.mp4$/);
			expect(await tasks()).toEqual([submitted.taskId]);
		});
	});

	it('over MCP: lists the tool, makes a video once though asked three times, tells what is wrong', async () => {
		await lab.session.activate(await lab.store(mcpWorkflow('video', [GENERATE])));
		// n8n 2.x registers the address after it has answered.
		const open = async () => await openMcpSession(`${lab.server.url}/mcp/video`);
		const client = await until('the MCP server', open, { timeoutMs: 20_000 });
		const [tool] = await client.tools();
		expect(tool.name).toBe('Generate_video');
		expect(tool.description).toMatch(/^Makes a short video/);
		expect(Object.keys(tool.inputSchema.properties)).toEqual(['Image', 'Prompt']);
		// A client that lost patience asks again, in a session of its own.
		const other = await openMcpSession(`${lab.server.url}/mcp/video`);
		const answers = [
			...(await Promise.all(
				[client, other].map(async (one) => await one.call(tool.name, cat.args)),
			)),
			await client.call(tool.name, cat.args),
		];
		const made = answers.map(({ content }) => rows(content[0].text)[0]);
		for (const row of made)
			expect(row).toMatchObject({ status: 'completed', taskId: made[0].taskId });
		expect(await tasks()).toEqual([made[0].taskId]);
		const refused = await client.call(tool.name, noImage.args);
		expect(rows(refused.content[0].text)[0]).toMatchObject({ status: 'failed', charged: 'no' });
		expect(readFileSync(lab.server.logFile, 'utf8')).toContain('as a tool: ');
	});
});
