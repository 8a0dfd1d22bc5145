/** A callback at the trigger, as n8n would hand it over; EvoLink's answers to the looks are planned. */
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { aTask, TASK_ID, VIDEO_URL } from './builders';
import { NODE } from './fakeContext';

export interface LookAnswer {
	status?: number;
	body: unknown;
}

export interface FakeWebhookPlan {
	body?: unknown;
	/** Bytes that n8n has read. */
	rawBody?: Buffer;
	headers?: Record<string, string>;
	parameters?: Record<string, unknown>;
	/** Of the workflow, as n8n loaded it for this call. */
	staticData?: IDataObject;
	mode?: 'webhook' | 'manual';
	workflowId?: string;
	/** What a look gives; a function may throw, or never answer. */
	look?: LookAnswer | (() => Promise<LookAnswer>);
	hasCredential?: boolean;
}

export interface FakeWebhook {
	context: IWebhookFunctions;
	staticData: IDataObject;
	/** Status and body of the answer, undefined while there is none. */
	answered: { status?: number; body?: unknown; times: number };
	/** Paths of the looks. */
	looks: string[];
	log: string[];
}

export const completedTask = (overrides: Record<string, unknown> = {}) =>
	aTask({ status: 'completed', progress: 100, results: [VIDEO_URL], ...overrides });

/** A call about TASK_ID, which is completed, unless the plan says otherwise. */
export function fakeWebhook(plan: FakeWebhookPlan = {}): FakeWebhook {
	const { staticData = {}, mode = 'webhook', parameters = {}, hasCredential = true } = plan;
	const { look = { body: completedTask() } } = plan;
	const fake = { staticData, answered: { times: 0 }, looks: [], log: [] } as Omit<
		FakeWebhook,
		'context'
	>;
	const response = {
		headersSent: false,
		status(status: number) {
			fake.answered.status = status;
			return response;
		},
		json(body: unknown) {
			fake.answered.body = body;
			fake.answered.times += 1;
			response.headersSent = true;
		},
	};
	const members: Record<string, unknown> = {
		getBodyData: () => ('body' in plan ? plan.body : { id: TASK_ID }),
		getHeaderData: () => plan.headers ?? {},
		getRequestObject: () => ({ rawBody: plan.rawBody }),
		getResponseObject: () => response,
		getMode: () => mode,
		getNode: () => ({ ...NODE, name: 'Wan Video Trigger' }),
		getWorkflow: () => ({ id: plan.workflowId ?? 'workflow-1' }),
		getWorkflowStaticData: () => staticData,
		getNodeParameter: (name: string, fallback: unknown) =>
			name in parameters ? parameters[name] : fallback,
		getCredentials: async () => {
			if (!hasCredential) throw new Error('Node does not have any credentials set');
			return await Promise.resolve({ apiKey: 'key', baseUrl: 'https://api.example.com' });
		},
		logger: { info: (text: string) => fake.log.push(text) },
		helpers: {
			httpRequestWithAuthentication: async (_name: string, { url }: { url: string }) => {
				fake.looks.push(new URL(url).pathname);
				const { status = 200, body } = typeof look === 'function' ? await look() : look;
				return { statusCode: status, headers: {}, body };
			},
		},
	};
	const context = new Proxy({} as IWebhookFunctions, {
		get(_target, name): unknown {
			if (typeof name !== 'string' || name === 'then') return undefined;
			if (name in members) return members[name];
			throw new Error(`The fake webhook has no '${name}'.`);
		},
	});
	return { ...fake, context };
}
