/** As much of n8n's execution context as a test is about; whoever asks for more gets a clear error. */
import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

export interface FakeContextPlan {
	/** Parameters of all items, or of each item. */
	parameters?: Record<string, unknown> | Array<Record<string, unknown>>;
	input?: INodeExecutionData[];
	continueOnFail?: boolean;
	stop?: AbortSignal;
	node?: Partial<INode>;
	executionId?: string;
	runIndex?: number;
	isTool?: boolean;
	helpers?: object;
	/** Further members of the context, or others in their place. */
	members?: Record<string, unknown>;
}

export const NODE: INode = {
	id: 'node-1',
	name: 'Wan Video',
	type: 'n8n-nodes-wan-video.wanVideo',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** The value at a path such as `options.seed`. */
function valueAt(value: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((part, name) => {
		const isThere = typeof part === 'object' && part !== null && name in part;
		return isThere ? (part as Record<string, unknown>)[name] : undefined;
	}, value);
}

/** A context by plan. */
export function fakeContext(plan: FakeContextPlan = {}): IExecuteFunctions {
	const { parameters = {}, input = [{ json: {} }], continueOnFail = false } = plan;
	const members: Record<string, unknown> = {
		getInputData: () => input,
		getNode: () => ({ ...NODE, ...plan.node }),
		getNodeParameter: (name: string, item: number, fallback: unknown) => {
			const own = Array.isArray(parameters) ? parameters[item] : parameters;
			return valueAt(own, name) ?? fallback;
		},
		continueOnFail: () => continueOnFail,
		getParentNodes: () => [],
		getExecutionCancelSignal: () => plan.stop,
		getExecutionId: () => plan.executionId ?? '7',
		getMode: () => 'trigger',
		// Whose tool it is, if it is one.
		parentNode: undefined,
		getWorkflowDataProxy: () => ({ $runIndex: plan.runIndex ?? 0 }),
		helpers: plan.helpers,
		isToolExecution: () => plan.isTool ?? false,
		...plan.members,
	};
	return new Proxy({} as IExecuteFunctions, {
		has: (_target, name) => name in members,
		get(_target, name): unknown {
			if (typeof name !== 'string' || name === 'then') return undefined;
			if (name in members) return members[name];
			throw new Error(`The fake context has no '${name}'.`);
		},
	});
}
