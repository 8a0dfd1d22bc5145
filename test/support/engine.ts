/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Runs the node in n8n's own published engine (n8n-core): retries, error outputs, stops, the Retry
// button and stored executions are n8n's, not ours. Only the workflow around it is made up here.

import 'reflect-metadata';

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	BinaryDataConfig,
	BinaryDataService,
	DataDeduplicationService,
	ExecuteContext,
	ExecutionLifecycleHooks,
	InstanceSettings,
	SupplyDataContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	type CloseFunction,
	createRunExecutionData,
	Expression,
	type IBinaryData,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteData,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IRunExecutionData,
	type IWorkflowExecuteAdditionalData,
	LoggerProxy,
	NodeConnectionTypes,
	NodeHelpers,
	NodeOperationError,
	setGlobalState,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { EvoLinkApi } from '../../credentials/EvoLinkApi.credentials';
import { WanVideo } from '../../nodes/WanVideo/WanVideo.node';
import { ProcessedValues } from './processedValues';

interface Engine {
	/** n8n's own container of services: another copy of the package would have none in it. */
	Container: {
		get<T>(type: new (...args: never[]) => T): T;
		set(type: unknown, value: object): void;
	};
	/** How n8n writes executions into its database. */
	flatted: { parse(text: string): unknown; stringify(value: unknown): string };
}

const requireOfEngine = createRequire(require.resolve('n8n-core'));
const { Container } = requireOfEngine('@n8n/di') as Pick<Engine, 'Container'>;
const { Logger } = requireOfEngine('@n8n/backend-common') as { Logger: unknown };
const flatted = requireOfEngine('flatted') as Engine['flatted'];

export interface NodeSetup {
	parameters?: IDataObject;
	items?: INodeExecutionData[];
	/** Settings of the node: retryOnFail, maxTries, waitBetweenTries, onError, ... */
	settings?: Partial<INode>;
	credential: { apiKey: string; baseUrl: string; filesUrl?: string };
	/** What n8n throws when the node asks for its credential: it is gone, or cannot be decrypted. */
	credentialFault?: Error;
	workflowSettings?: IDataObject;
	executionId?: string;
	/** What n8n throws where the execution is put to sleep, as its Engine 2.0 does. */
	sleepFault?: Error;
	/** What the Retry button offers: with the node as it is now (default), or as it was in the execution. */
	retriesAs?: 'saved' | 'original';
	/** How often the node runs in the execution, as in a loop: each time with the same items. */
	loops?: number;
	mode?: WorkflowExecuteMode;
	/** Settings of the node in front, e.g. those of a webhook. */
	startParameters?: IDataObject;
	/** Adds a node behind, so that it can be seen what reaches it, and how often; as the second input of a Merge. */
	after?: boolean | 'merge';
}

export interface EngineRun {
	status: string;
	/** The error that ended the execution, as n8n stores it. */
	error?: { message: string; description?: string; context?: IDataObject };
	rows: INodeExecutionData[];
	/** Rows of the error branch, with `onError: continueErrorOutput`. */
	errorRows: INodeExecutionData[];
	hints: string[];
	/** What n8n shows beside the execution, as key and text. */
	customData: Record<string, string>;
	/** The execution as it lies in n8n's database (flatted text). */
	stored: string;
	/** The same as it was at its start: all that is left of it when n8n dies. */
	created: string;
	executionId: string;
	/** When n8n is to go on, for an execution that waits; milliseconds since 1970. */
	wakesAt?: number;
	/** How many runs of the node n8n shows. */
	runs: number;
	/** How many items reached the node behind, for each time that it ran. */
	reachedAfter: number[];
}

export interface RunningEngine {
	done: Promise<EngineRun>;
	/** The Stop button. */
	stop(): void;
}

let ready: Promise<void> | undefined;
let nextExecution = 1;
/** What the node wrote to n8n's log since the last `takeLog`. */
let log: string[] = [];

/** n8n's durable list of processed values, which outlives every execution of a test file. */
export const processedValues = new ProcessedValues();

/** The node's log lines since the last call. */
export function takeLog(): string[] {
	const lines = log;
	log = [];
	return lines;
}

/** n8n's folders of this test file, with the videos in them. */
const leftBehind: string[] = [];
afterAll(() => {
	for (const folder of leftBehind) rmSync(folder, { recursive: true, force: true });
});

async function prepareEngine(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'wan-engine-'));
	leftBehind.push(folder);
	process.env.N8N_USER_FOLDER = folder;
	process.env.N8N_ENCRYPTION_KEY = 'engine-tests';
	const note = (...args: unknown[]) =>
		void log.push(
			args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' '),
		);
	const logger = { info: note, warn: note, error: note, debug: () => undefined };
	LoggerProxy.init(logger);
	Container.set(Logger, { ...logger, scoped: () => logger });
	// n8n works out the local time for each expression, which takes an eighth of a batch's time in any other zone.
	setGlobalState({ defaultTimezone: 'UTC' });
	// n8n 1.x has one expression engine only.
	await Promise.resolve(Expression.setExpressionEngine?.('legacy'));
	Container.get(InstanceSettings);
	await DataDeduplicationService.init(processedValues);
	const config = Container.get(BinaryDataConfig);
	config.mode = 'filesystem';
	config.availableModes = ['filesystem'];
	const binaryData: { init(config: BinaryDataConfig): Promise<void> } =
		Container.get(BinaryDataService);
	await binaryData.init(config);
}

/** Keeps bytes in n8n's binary store (filesystem mode), as a node before would have. */
export async function storeBinary(
	bytes: Buffer,
	fileName: string,
	mimeType: string,
): Promise<IBinaryData> {
	await (ready ??= prepareEngine());
	const location = { type: 'execution', workflowId: 'workflow', executionId: 'input' } as const;
	return await Container.get(BinaryDataService).store(location, bytes, {
		data: '',
		fileName,
		mimeType,
	});
}

/** The bytes of a binary field. */
export async function bytesOf(binary: IBinaryData): Promise<Buffer> {
	return await Container.get(BinaryDataService).getAsBuffer(binary);
}

const startNode: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: '',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [
			{ displayName: 'Respond', name: 'responseMode', type: 'string', default: 'onReceived' },
		],
	},
	async execute() {
		return await Promise.resolve([this.getInputData()]);
	},
};

/** Waits for both of its inputs, and hands on the second one. */
const mergeNode: INodeType = {
	description: {
		...startNode.description,
		...{ displayName: 'Merge', name: 'merge' },
		inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
	},
	async execute() {
		return await Promise.resolve([this.getInputData(1)]);
	},
};

/** A test may add to its description what a later release would. */
export const wanVideo = new WanVideo();
const TYPE = 'n8n-nodes-wan-video.wanVideo';
/** As n8n makes a tool of the node: its description knows '@tool'. */
const asTool: INodeType = Object.create(wanVideo, {
	description: {
		get: () => ({ ...wanVideo.description, name: 'wanVideoTool' }),
	},
}) as INodeType;
const typeOf = (name: string) => {
	if (name === 'start') return startNode;
	if (name === 'merge') return mergeNode;
	return name.endsWith('Tool') ? asTool : wanVideo;
};
const nodeTypes: INodeTypes = {
	getByName: typeOf,
	getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(typeOf(name), version),
	getKnownTypes: () => ({}),
};

function workflowFor({
	parameters = {},
	settings = {},
	workflowSettings = {},
	loops = 1,
	after = false,
	startParameters = {},
}: NodeSetup): Workflow {
	const node = (name: string, type: string, more: Partial<INode>): INode => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...more,
	});
	const to = (name: string, index = 0) => ({ node: name, type: NodeConnectionTypes.Main, index });
	const merges = after === 'merge';
	return new Workflow({
		id: 'workflow',
		name: 'Workflow',
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1', ...workflowSettings },
		nodes: [
			node('Start', 'start', { parameters: startParameters as INode['parameters'] }),
			node('Wan Video', TYPE, {
				parameters: parameters as INode['parameters'],
				credentials: { evoLinkApi: { id: '1', name: 'EvoLink' } },
				// n8n's own pause between tries is real time, and a second unless it is set.
				waitBetweenTries: 1,
				...settings,
			}),
			...(after ? [node('After', merges ? 'merge' : 'start', {})] : []),
		],
		connections: {
			...(after && { 'Wan Video': { main: [[to('After', merges ? 1 : 0)]] } }),
			Start: {
				main: [
					[
						...(merges ? [to('After')] : []),
						...Array.from({ length: loops }, () => to('Wan Video')),
					],
				],
			},
		},
	});
}

/** Starts an execution of Start -> Wan Video. */
export function start(setup: NodeSetup): RunningEngine {
	const workflow = workflowFor(setup);
	const entry: IExecuteData = {
		node: workflow.getNode('Start') as INode,
		data: { main: [setup.items ?? [{ json: {} }]] },
		source: null,
	};
	const data = newRunData({ nodeExecutionStack: [entry] });
	return launch(workflow, data, setup, setup.mode ?? 'trigger');
}

/** Empty data of an execution; n8n 1.x has no function for it. */
function newRunData(executionData: { nodeExecutionStack: IExecuteData[] }): IRunExecutionData {
	if (createRunExecutionData !== undefined) return createRunExecutionData({ executionData });
	const rest = { contextData: {}, metadata: {}, waitingExecution: {}, waitingExecutionSource: {} };
	return {
		startData: {},
		resultData: { runData: {} },
		executionData: { ...rest, ...executionData },
	} as Partial<IRunExecutionData> as IRunExecutionData;
}

/** How a tool is called outside of any execution, or behind one that is over. */
export interface OutsideCall {
	/**
	 * n8n's Agents: no workflow, a new node ID in each call, no data of an execution. Else MCP Server Trigger: without
	 * any execution, or on a worker, which has an execution of its own for each call, also of an agent whose tool it is.
	 */
	by: 'agents' | 'mcp' | 'mcp on a worker' | 'mcp by an agent on a worker';
	/** Name of the tool's node. */
	tool?: string;
	/** What the model fills in. */
	args?: IDataObject;
	/** Once it is set, n8n has taken the context away from a call that goes on: the client has closed its connection. */
	client?: { gone: boolean };
}

/** A call as n8n makes it for its Agents (EphemeralNodeExecutor of 2.41) or for a client of MCP. */
export async function callOutside(
	setup: NodeSetup,
	{ by, tool = 'Generate video', args = {}, client = { gone: false } }: OutsideCall,
): Promise<INodeExecutionData[]> {
	await (ready ??= prepareEngine());
	const workflow = workflowFor({
		...setup,
		settings: { id: by === 'agents' ? randomUUID() : tool, name: tool, ...setup.settings },
	});
	if (by === 'agents') Reflect.set(workflow, 'id', undefined);
	const node = workflow.getNode(tool) as INode;
	const additional = additionalData(setup, '', 'internal');
	const isOnWorker = by.endsWith('on a worker');
	if (isOnWorker) additional.executionId = `${nextExecution++}`;
	else Reflect.deleteProperty(additional, 'executionId');
	const taken = () => {
		if (client.gone) throw new Error('No bridge acquired for this context. Call acquire() first.');
	};
	const { credentialsHelper } = additional;
	const getDecrypted: typeof credentialsHelper.getDecrypted = async (...rest) => {
		taken();
		return await credentialsHelper.getDecrypted(...rest);
	};
	additional.credentialsHelper = Object.assign(
		Object.create(credentialsHelper) as typeof credentialsHelper,
		{ getDecrypted },
	);
	const items = [{ json: args }];
	const data = newRunData({ nodeExecutionStack: [] });
	if (isOnWorker) {
		workflow.nodes[MCP_TRIGGER.name] = MCP_TRIGGER;
		const run = { startTime: 1, executionIndex: 0, executionTime: 1, source: [null] };
		data.resultData.runData[MCP_TRIGGER.name] = [run];
	}
	const caller = by === 'mcp by an agent on a worker' ? AGENT_TOOL : MCP_TRIGGER;
	if (by === 'agents') Reflect.deleteProperty(data, 'executionData');
	const input = { main: [items] };
	const entry = { node, data: input, source: null };
	const mode = 'internal';
	const given = [workflow, node, additional, mode, data, 0, items, input] as const;
	const closing: CloseFunction[] = [];
	const connection = NodeConnectionTypes.AiTool;
	const inner = isOnWorker
		? new SupplyDataContext(...given, connection, entry, closing, undefined, caller)
		: new ExecuteContext(...given, entry, closing);
	if (inner instanceof SupplyDataContext) inner.addInputData(connection, [items]);
	const context = new Proxy(inner, {
		get(target, name) {
			if (name === 'getNodeParameter' || name === 'getWorkflowDataProxy') taken();
			const value: unknown = Reflect.get(target, name);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});
	return (await wanVideo.execute.call(context as IExecuteFunctions))[0];
}

const MCP_TRIGGER: INode = {
	...{ id: 'mcp', name: 'MCP Server Trigger', type: '@n8n/n8n-nodes-langchain.mcpTrigger' },
	...{ typeVersion: 2, position: [0, 0], parameters: {} },
};

const AGENT_TOOL: INode = {
	...MCP_TRIGGER,
	...{ id: 'agent', name: 'AI Agent Tool', type: '@n8n/n8n-nodes-langchain.agentTool' },
};

/**
 * The Retry button on an execution that n8n lost. Of its data there is only what it began with, and what n8n adds from
 * its log when it starts again (its ExecutionRecoveryService): a made-up run for each node that had begun.
 */
export function retryLost(lost: EngineRun, setup: NodeSetup): RunningEngine {
	const data = flatted.parse(lost.created) as IRunExecutionData;
	const run = { startTime: 1, executionIndex: 0, executionTime: 1, source: [null] };
	const json = { isArtificialRecoveredEventItem: true };
	const error = new NodeOperationError({ name: 'Wan Video' } as INode, 'Node crashed');
	data.resultData.runData = {
		'Wan Video': [{ ...run, executionStatus: 'crashed', error }],
		Start: [{ ...run, executionStatus: 'success', data: { main: [[{ json }]] } }],
	};
	// Of a workflow's nodes the last in the file, in whatever order they ran.
	data.resultData.lastNodeExecuted = 'Start';
	return retry({ ...lost, stored: flatted.stringify(data) }, setup);
}

/** The same execution once more from its start, as n8n 1.x runs it by itself when a worker died. */
export function rerunLost({ created, executionId }: EngineRun, setup: NodeSetup): RunningEngine {
	const data = flatted.parse(created) as IRunExecutionData;
	return launch(workflowFor(setup), data, { ...setup, executionId }, setup.mode ?? 'trigger');
}

/** Runs Start -> Wan Video to its end. */
export async function runNode(setup: NodeSetup): Promise<EngineRun> {
	return await start(setup).done;
}

/**
 * The Retry button: a new execution over the stored data of a failed one, as n8n's
 * ExecutionService.retry prepares it. `setup` may carry an edited node ("with currently saved workflow").
 */
export function retry(failed: EngineRun, setup: NodeSetup): RunningEngine {
	const data = flatted.parse(failed.stored) as IRunExecutionData;
	const last = data.resultData.lastNodeExecuted;
	const runs = last === undefined ? undefined : data.resultData.runData[last];
	delete data.resultData.error;
	if (runs?.at(-1)?.error !== undefined) runs.pop();
	const workflow = workflowFor(setup);
	const entries = setup.retriesAs === 'original' ? [] : data.executionData?.nodeExecutionStack;
	for (const entry of entries ?? []) {
		entry.node = workflow.getNode(entry.node.name) as INode;
	}
	return launch(workflow, data, { ...setup, executionId: `${nextExecution++}` }, 'retry');
}

/** A waiting execution goes on, as n8n starts it again from its database when the time has come. */
export function wake(waiting: EngineRun, setup: NodeSetup): RunningEngine {
	const data = flatted.parse(waiting.stored) as IRunExecutionData;
	const { executionId } = waiting;
	return launch(workflowFor(setup), data, { ...setup, executionId }, setup.mode ?? 'trigger', true);
}

function launch(
	workflow: Workflow,
	data: IRunExecutionData,
	setup: NodeSetup,
	mode: WorkflowExecuteMode,
	goesOn = false,
): RunningEngine {
	const executionId = setup.executionId ?? `${nextExecution++}`;
	const created = flatted.stringify(data);
	let cancel: () => void = () => undefined;
	let stopped = false;
	const done = (async (): Promise<EngineRun> => {
		await (ready ??= prepareEngine());
		const additional = additionalData(setup, executionId, mode);
		if (goesOn) additional.restartExecutionId = executionId;
		// What n8n writes into its database is what this hook hears first: after a stop, `canceled`.
		let status: string | undefined;
		additional.hooks?.addHandler('workflowExecuteAfter', (run) => {
			status ??= run.status;
		});
		const running = new WorkflowExecute(additional, mode, data).processRunExecutionData(workflow);
		cancel = () => running.cancel();
		if (stopped) cancel();
		const run = await running;
		return { ...readRun(run, data, executionId), created, status: status ?? run.status };
	})();
	return {
		done,
		stop() {
			stopped = true;
			cancel();
		},
	};
}

function readRun(
	run: IRun,
	data: IRunExecutionData,
	executionId: string,
): Omit<EngineRun, 'created'> {
	const { resultData } = run.data;
	const task = resultData.runData['Wan Video']?.at(-1);
	const error = resultData.error ?? task?.error;
	return {
		status: run.status,
		...(error && {
			error: {
				message: error.message,
				...(typeof error.description === 'string' && { description: error.description }),
				...('context' in error && { context: error.context }),
			},
		}),
		rows: task?.data?.main?.[0] ?? [],
		errorRows: task?.data?.main?.[1] ?? [],
		customData: resultData.metadata ?? {},
		hints: (task?.hints ?? []).map(({ message }) => message),
		stored: flatted.stringify(data),
		executionId,
		...(run.waitTill && { wakesAt: new Date(run.waitTill).getTime() }),
		runs: resultData.runData['Wan Video']?.length ?? 0,
		reachedAfter: (resultData.runData.After ?? []).map(({ data }) => data?.main?.[0]?.length ?? 0),
	};
}

function additionalData(
	{ credential, credentialFault, sleepFault }: NodeSetup,
	executionId: string,
	mode: WorkflowExecuteMode,
): IWorkflowExecuteAdditionalData {
	const workflowData = {
		id: 'workflow',
		name: 'Workflow',
		nodes: [],
		connections: {},
		active: false,
	};
	const credentialsHelper = {
		getParentTypes: () => [],
		// What n8n does with a credential whose `authenticate` is a function.
		authenticate: async (
			data: ICredentialDataDecryptedObject,
			_type: string,
			options: IHttpRequestOptions,
		) => await new EvoLinkApi().authenticate(data, options),
		preAuthentication: async () => await Promise.resolve(undefined),
		getDecrypted: async () => {
			if (credentialFault !== undefined) throw credentialFault;
			return await Promise.resolve({ filesUrl: credential.baseUrl, ...credential });
		},
		getCredentialsProperties: () => [],
		isCredentialUsableByNode: () => true,
	};
	const made: Record<string, unknown> = {
		executionId,
		credentialsHelper,
		hooks: new ExecutionLifecycleHooks(mode, executionId, {
			...workflowData,
			createdAt: new Date(),
			updatedAt: new Date(),
			isArchived: false,
			activeVersionId: null,
		}),
		currentNodeExecutionIndex: 0,
		variables: {},
		webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
		formWaitingBaseUrl: 'http://localhost/form-waiting',
		restApiUrl: 'http://localhost/rest',
		instanceBaseUrl: 'http://localhost/',
		setExecutionStatus: (status: string) => {
			if (status === 'waiting' && sleepFault !== undefined) throw sleepFault;
		},
		sendDataToUI: () => undefined,
	};
	// The engine asks for much more than a run of one node uses.
	return made as Partial<IWorkflowExecuteAdditionalData> as IWorkflowExecuteAdditionalData;
}
