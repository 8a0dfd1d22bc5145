/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Runs the node in n8n's own published engine (n8n-core): retries, error outputs, stops, the Retry
// button and stored executions are n8n's, not ours. Only the workflow around it is made up here.

import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	BinaryDataConfig,
	BinaryDataService,
	ExecutionLifecycleHooks,
	InstanceSettings,
	WorkflowExecute,
} from 'n8n-core';
import {
	createRunExecutionData,
	Expression,
	type IBinaryData,
	type IDataObject,
	type IExecuteData,
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
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { WanVideo } from '../../nodes/WanVideo/WanVideo.node';

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
	credential: { apiKey: string; baseUrl: string };
	workflowSettings?: IDataObject;
	executionId?: string;
	/** What the Retry button offers: with the node as it is now (default), or as it was in the execution. */
	retriesAs?: 'saved' | 'original';
	/** How often the node runs in the execution, as in a loop: each time with the same items. */
	loops?: number;
	mode?: WorkflowExecuteMode;
	/** Adds a node behind, so that it can be seen what reaches it, and how often. */
	after?: boolean;
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
	// n8n 1.x has one expression engine only.
	await Promise.resolve(Expression.setExpressionEngine?.('legacy'));
	Container.get(InstanceSettings);
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
		properties: [],
	},
	async execute() {
		return await Promise.resolve([this.getInputData()]);
	},
};

const wanVideo = new WanVideo();
const TYPE = 'n8n-nodes-wan-video.wanVideo';
const nodeTypes: INodeTypes = {
	getByName: (name) => (name === 'start' ? startNode : wanVideo),
	getByNameAndVersion: (name, version) =>
		NodeHelpers.getVersionedNodeType(name === 'start' ? startNode : wanVideo, version),
	getKnownTypes: () => ({}),
};

function workflowFor({
	parameters = {},
	settings = {},
	workflowSettings = {},
	loops = 1,
	after = false,
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
	return new Workflow({
		id: 'workflow',
		name: 'Workflow',
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1', ...workflowSettings },
		nodes: [
			node('Start', 'start', {}),
			node('Wan Video', TYPE, {
				parameters: parameters as INode['parameters'],
				credentials: { evoLinkApi: { id: '1', name: 'EvoLink' } },
				...settings,
			}),
			...(after ? [node('After', 'start', {})] : []),
		],
		connections: {
			...(after && {
				'Wan Video': {
					main: [[{ node: 'After', type: NodeConnectionTypes.Main, index: 0 }]],
				},
			}),
			Start: {
				main: [
					Array.from({ length: loops }, () => ({
						node: 'Wan Video',
						type: NodeConnectionTypes.Main,
						index: 0,
					})),
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
		return { ...readRun(run, data, executionId), status: status ?? run.status };
	})();
	return {
		done,
		stop() {
			stopped = true;
			cancel();
		},
	};
}

function readRun(run: IRun, data: IRunExecutionData, executionId: string): EngineRun {
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
	{ credential }: NodeSetup,
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
		// What n8n does with the credential's `authenticate`: a Bearer header.
		authenticate: async (
			{ apiKey }: { apiKey: string },
			_type: string,
			options: { headers?: IDataObject },
		) =>
			await Promise.resolve({
				...options,
				headers: { ...options.headers, Authorization: `Bearer ${apiKey}` },
			}),
		preAuthentication: async () => await Promise.resolve(undefined),
		getDecrypted: async () =>
			await Promise.resolve({ ...credential, filesUrl: credential.baseUrl }),
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
		setExecutionStatus: () => undefined,
		sendDataToUI: () => undefined,
	};
	// The engine asks for much more than a run of one node uses.
	return made as Partial<IWorkflowExecuteAdditionalData> as IWorkflowExecuteAdditionalData;
}
