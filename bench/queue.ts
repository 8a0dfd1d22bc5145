// n8n in queue mode with one worker and a sandbox beside it, and many executions of one workflow in it at once.

import { type Sandbox, startSandbox } from '../sandbox';
import type { Workflow } from '../test/e2e/support/examples';
import { WHOLE } from '../test/e2e/support/n8nInstall';
import { type N8nStack, startStack } from '../test/e2e/support/n8nStack';
import { freshFolder, newestInstall } from '../test/e2e/support/prepared';
import { openSession, type Session } from '../test/e2e/support/rest';
import { itemsOf } from '../test/e2e/support/runData';
import { type Services, startServices } from '../test/e2e/support/services';
import { until } from '../test/e2e/support/until';
import { sum } from './statistics';
import { placeCredentials, WEBHOOK } from './workflows/nodes';

export const CONCURRENCY = 10;
const OPEN_STATES = ['new', 'running', 'waiting', 'unknown'];

/** Of one lot of executions: how many are in which state, and how long the lot took so far, in seconds. */
export interface Lot {
	states: Record<string, number>;
	ended: number;
	seconds: number;
}

export interface Queue {
	stack: N8nStack;
	sandbox: Sandbox;
	/** Starts that many executions of one item each, all at once, through the webhook process. */
	fire(workflow: Workflow, count: number): Promise<void>;
	/** The executions fired last. */
	lot(): Promise<Lot>;
	/** Waits until all of them have ended; `looked` is called twice a second meanwhile. */
	allEnded(count: number, timeoutMs: number, looked?: () => void): Promise<Lot>;
	/** What the ledger and the executions' own data say about them. */
	judge(): Promise<Judgement>;
	/** Presses Retry for each execution that failed, and waits until those have ended. */
	retryFailed(): Promise<void>;
	stop(): Promise<void>;
}

export interface Judgement {
	tasks: number;
	/** Tasks beyond the first for the same item. */
	twice: number;
	/** Items whose execution ended with exactly the video of their own task. */
	videos: number;
}

/** Starts Redis, PostgreSQL, a main, a webhook process and one worker. */
export async function startQueue(name: string, taskSeconds: number): Promise<Queue> {
	const folder = freshFolder(name);
	const sandbox = await startSandbox({
		taskSeconds,
		video: 'sample',
		materials: 'trust',
		credits: 1_000_000,
		// n8n's address is a local one here, and so is the sandbox's.
		switches: { callbackUrls: 'local' },
	});
	let services: Services | undefined;
	let stack: N8nStack | undefined;
	const stop = async () => {
		await stack?.down();
		await services?.stop();
		await sandbox.close();
	};
	let isReady = false;
	try {
		services = await startServices(folder);
		stack = await startStack({
			install: newestInstall,
			services,
			folder,
			workers: 1,
			concurrency: CONCURRENCY,
			binaryMode: 'filesystem',
			env: {
				...WHOLE,
				// n8n's default of 2 connections a process lets bursts of webhooks time out, whatever node is behind them.
				DB_POSTGRESDB_POOL_SIZE: '10',
			},
		});
		const executions = await crowd(stack, services, sandbox);
		isReady = true;
		return { stack, sandbox, ...executions, stop };
	} finally {
		if (!isReady) await stop();
	}
}

async function crowd(
	stack: N8nStack,
	services: Services,
	sandbox: Sandbox,
): Promise<Omit<Queue, 'stack' | 'sandbox' | 'stop'>> {
	const { database } = stack;
	const query = async (sql: string) => await services.query(database, sql);
	let session = await openSession(stack.url);
	const { id, name } = await session.call<{ id: string; name: string }>('POST', '/credentials', {
		name: 'EvoLink',
		type: 'evoLinkApi',
		data: { apiKey: sandbox.key, baseUrl: sandbox.url, filesUrl: sandbox.url },
	});
	const credentials = new Map([['evoLinkApi', { id, name }]]);
	let begun = 0;
	const lot = async (): Promise<Lot> => {
		const rows = await query(
			`select status, count(*), extract(epoch from max("stoppedAt") - (select min("createdAt") from execution_entity where id > ${begun})) from execution_entity where id > ${begun} group by status`,
		);
		const fields = rows.map((row) => row.split('|'));
		const states = Object.fromEntries(fields.map(([status, count]) => [status, Number(count)]));
		const over = Object.entries(states).filter(([state]) => !OPEN_STATES.includes(state));
		return {
			states,
			ended: sum(over.map(([, count]) => count)),
			seconds: Math.max(...fields.map(([, , seconds]) => Number(seconds)), 0),
		};
	};
	return {
		lot,
		async fire(workflow, count) {
			[begun] = (await query('select coalesce(max(id), 0) from execution_entity')).map(Number);
			await sandbox.reset();
			const stored = await session.createWorkflow(placeCredentials(workflow, credentials));
			await session.activate(stored);
			const path = String(workflow.nodes.find(({ type }) => type === WEBHOOK)?.parameters.path);
			const address = `${stack.webhookUrl}/webhook/${path}`;
			const post = async (number: number): Promise<number> => {
				const answer = await fetch(address, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ items: [{ number }] }),
				});
				await answer.text();
				return answer.status;
			};
			// The first one shows that the webhook is registered; until then nothing starts.
			await until('the webhook', async () => ((await post(0)) === 200 ? true : undefined));
			const rest = Array.from({ length: count - 1 }, async (_, index) => await post(index + 1));
			const refused = (await Promise.all(rest)).filter((status) => status !== 200);
			if (refused.length > 0) throw new Error(`${refused.length} webhooks were refused`);
		},
		allEnded: async (count, timeoutMs, looked) =>
			await until(
				`${count} executions to end`,
				async () => {
					const now = await lot();
					looked?.();
					return now.ended >= count ? now : undefined;
				},
				{ timeoutMs, everyMs: 500 },
			),
		async judge() {
			// Main may have been killed and started again.
			session = await openSession(stack.url);
			const ids = await query(`select id from execution_entity where id > ${begun} order by id`);
			const prompts = sandbox.ledger().map(({ body }) => body.prompt);
			const own = new Map(sandbox.ledger().map(({ id: task, body }) => [task, body.prompt]));
			const videos = new Set<string>();
			for (const execution of ids) {
				const prompt = await videoOf(session, execution, own);
				if (prompt !== undefined) videos.add(prompt);
			}
			const twice = prompts.length - new Set(prompts).size;
			return { tasks: prompts.length, twice, videos: videos.size };
		},
		async retryFailed() {
			const failed = await query(
				`select id from execution_entity where id > ${begun} and status in ('error', 'crashed')`,
			);
			for (const execution of failed) {
				// n8n answers when the new execution has ended, or that there is nothing to go on with.
				await session.retry(execution).catch(() => undefined);
			}
			await until(
				'the retries to end',
				async () => {
					const { states } = await lot();
					return OPEN_STATES.every((state) => states[state] === undefined) ? true : undefined;
				},
				{ timeoutMs: 300_000 },
			);
		},
	};
}

/** The prompt of the item, when its execution came out with one video, that of the task for this very item. */
async function videoOf(
	session: Session,
	id: string,
	own: ReadonlyMap<string, unknown>,
): Promise<string | undefined> {
	const execution = await session.execution(id);
	if (execution.status !== 'success') return undefined;
	const rows = itemsOf(execution, 'Wan Video');
	const [item] = itemsOf(execution, 'Items');
	const prompt = `item ${Number(item?.json.number)}`;
	const isOwn = own.get(String(rows[0]?.json.taskId)) === prompt;
	return rows.length === 1 && rows[0].binary !== undefined && isOwn ? prompt : undefined;
}
