/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The node as a tool of n8n's real AI Agent and MCP Server Trigger, with a model that follows a script: what the model is
// told of the tool, what it gets back, and what EvoLink's ledger says was made. Over MCP it is the real SDK's client that asks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	agentWorkflow,
	CHECK,
	CREDITS,
	type CredentialRef,
	GENERATE,
	mcpWorkflow,
	SUBMIT,
	taskTool,
	type Tool,
} from './support/agentWorkflow';
import { uploaded } from './support/editorWorkflows';
import { type Lab, labs, storeCredential } from './support/lab';
import { type McpClient, type McpTransport, openMcpSession } from './support/mcpClient';
import { createN8nAgent } from './support/n8nAgents';
import { majorOf } from './support/n8nInstall';
import { prepared } from './support/prepared';
import type { ExecutionRow } from './support/rest';
import { itemsOf } from './support/runData';
import { type SandboxProcess, startSandboxProcess } from './support/sandboxProcess';
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

	const opened: McpClient[] = [];
	const open = async (path: string, transport?: McpTransport) => {
		// n8n 2.x registers the address after it has answered.
		const client = await until(
			'the MCP server',
			async () => await openMcpSession(install, `${lab.server.url}/mcp/${path}`, transport),
		);
		opened.push(client);
		return client;
	};
	const TOOL = 'Generate_video';
	const rowOf = async (answer: ReturnType<McpClient['call']>) =>
		rows((await answer).content[0].text)[0];

	/**
	 * Another EvoLink, which turns the first submit away for 25 seconds and takes long for its tasks: with the 45 seconds of a
	 * call behind that, it would be more than the 60 that a client waits.
	 */
	let busy: SandboxProcess;
	/** Asked over MCP at the beginning, so that the other tests run meanwhile. */
	let patient: Promise<Answer>;
	beforeAll(async () => {
		busy = await startSandboxProcess({
			projectRoot: prepared.projectRoot,
			logFile: join(lab.userFolder, 'busy-sandbox.log'),
			taskSeconds: 600,
		});
		const bind = await storeCredential(lab.session, busy);
		for (const workflow of [
			lab.bind(mcpWorkflow('video', [GENERATE])),
			bind(mcpWorkflow('busy', [GENERATE])),
		])
			await lab.session.activate(await lab.session.createWorkflow(workflow));
		const fault = { kind: 'status', status: 429, headers: { 'retry-after': '25' } };
		await busy.admin('POST', 'faults', { on: 'submit', fault });
		patient = rowOf((await open('busy')).call(TOOL, cat.args));
		patient.catch(() => undefined);
	});
	afterAll(async () => {
		for (const client of opened) await client.close();
		await busy?.stop();
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
				...['model', 'generationMode', 'durationSeconds', 'creditsReserved'],
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
			expect(refused.message).toMatch(
				/^'First Frame URL' is "the picture above", which is no address.* nothing was charged/,
			);
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
			// The time counts from the beginning of the call, so it may be up before the first look.
			expect(open.status).toMatch(/^(processing|submitted)$/);
			expect(open.taskId).toBe(ended.taskId);
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

	/** The module came with n8n 2. */
	async function inAgents(): Promise<void> {
		const tools = [
			...[GENERATE, SUBMIT, CHECK, CREDITS],
			...[taskTool('Get task', 'get'), taskTool('Wait for task', 'wait')],
		];
		const bound = lab.bind(agentWorkflow({ agent: 3, tools, model: modelRef }));
		const evoLinkApi = bound.nodes.find(({ name }) => name === GENERATE.name)?.credentials
			?.evoLinkApi as CredentialRef;
		const agent = await createN8nAgent(lab.session, {
			...{ name: 'Videos', tools, model: modelRef, evoLinkApi },
		});
		const last = (texts: string[]) => texts.at(-1) ?? '';
		const by = (tool: string, more: object = {}) => ({ tool, args: { ...cat.args, ...more } });
		const ask = (tool: string) => (texts: string[]) => ({
			call: [{ tool, args: { Task_ID: /task-unified-[\w-]+/.exec(last(texts))?.[0] } }],
		});
		model.follow([
			{ call: [by('Check_video')] },
			{ call: [{ tool: 'Get_credits', args: {} }] },
			{ call: [by('Generate_video'), by('Generate_video')] },
			{ call: [by('Generate_video', { Prompt: ' A cat\n' })] },
			{ call: [by('Submit_video')] },
			ask('Get_task'),
			ask('Wait_for_task'),
			DONE,
		]);
		await agent.chat('A cat, please');
		const answers = results();
		expect(answers).toHaveLength(8);
		for (const answer of answers) expect(answer).not.toMatch(/"status\W+failed|not initialized/);
		expect(answers[0]).toMatch(/billedSeconds/);
		const [id, ...others] = await tasks();
		expect(others).toEqual([]);
		for (const answer of answers.slice(2)) expect(answer).toContain(id);
		// In the next conversation, too: nothing tells the two apart, and an hour has not passed.
		model.follow([{ call: [by('Generate_video')] }, DONE]);
		await agent.chat('The same again');
		expect(last(results())).toContain(id);
		expect(await tasks()).toEqual([id]);
	}
	if (majorOf(install) > 1)
		it("n8n's Agents: every operation works, and equal calls are one charge", inAgents);

	describe('over MCP', () => {
		const processing = { on: 'look', times: 0, fault: { kind: 'oddState', state: 'processing' } };

		it('lists the tool, makes a video once though asked three times, tells what is wrong', async () => {
			const client = await open('video');
			const [tool] = await client.tools();
			expect(tool.name).toBe(TOOL);
			expect(tool.description).toMatch(/^Makes a short video/);
			expect(Object.keys(tool.inputSchema.properties)).toEqual(['Image', 'Prompt']);
			// A client that lost patience asks again, in a session of its own.
			const other = await open('video', 'sse');
			const made = [
				...(await Promise.all(
					[client, other].map(async (one) => await rowOf(one.call(TOOL, cat.args))),
				)),
				await rowOf(client.call(TOOL, cat.args)),
			];
			for (const row of made)
				expect(row).toMatchObject({ status: 'completed', taskId: made[0].taskId });
			expect(await tasks()).toEqual([made[0].taskId]);
			const refused = await rowOf(client.call(TOOL, noImage.args));
			expect(refused).toMatchObject({ status: 'failed', charged: 'no' });
			expect(readFileSync(lab.server.logFile, 'utf8')).toContain('as a tool: ');
		});

		it('a client that goes while the material is read leaves nothing that is in the way of the same call', async () => {
			const args = { Image: await uploaded(sandbox), Prompt: 'Gone early' };
			await sandbox.admin('POST', 'faults', { on: 'media', fault: { kind: 'late', ms: 3_000 } });
			const client = await open('video');
			const lost = client.call(TOOL, args).catch(() => undefined);
			await until('the look into the material', async () =>
				(await sandbox.requests()).some(({ path }) => path.startsWith('/files/'))
					? true
					: undefined,
			);
			await client.vanish();
			await lost;
			const row = await rowOf((await open('video')).call(TOOL, args));
			expect(row).toMatchObject({ status: 'completed' });
			expect(await tasks()).toEqual([row.taskId]);
		});

		it('a client that goes after the submit is not waited with: the same call gets the video', async () => {
			const args = { ...cat.args, Prompt: 'Gone late' };
			await sandbox.admin('POST', 'faults', processing);
			const client = await open('video');
			const lost = client.call(TOOL, args).catch(() => undefined);
			const [id] = await until('the submit', async () =>
				(await tasks()).length > 0 ? await tasks() : undefined,
			);
			await client.vanish();
			await lost;
			await sandbox.admin('DELETE', 'faults');
			const row = await rowOf((await open('video')).call(TOOL, args));
			expect(row).toMatchObject({ status: 'completed', taskId: id });
			expect(await tasks()).toEqual([id]);
		});

		it('tells the task ID before the client gives up, however long EvoLink lets it wait', async () => {
			const row = await patient;
			expect(row.taskId).toBe((await busy.ledger())[0].id);
			expect(row.nextStep).toMatch(/already paid for/);
			expect(await busy.ledger()).toHaveLength(1);
		});
	});
});
