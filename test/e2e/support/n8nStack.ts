/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// n8n in queue mode on one machine: a main process, a webhook process and workers with a database and a Redis prefix of
// their own, all with the packed node. What an operator would have on several machines.
import { join } from 'node:path';
import { hasRest, installPackage, n8nEnvironment, type N8nInstall } from './n8nInstall';
import { stackProcess, type StackProcess } from './n8nStackProcess';
import { freePort } from './ports';
import type { Services } from './services';

export interface StackOptions {
	install: N8nInstall;
	services: Services;
	/** Shared by all processes, as a network disk would be; also holds their logs. */
	folder: string;
	/** Where n8n keeps files. In queue mode the default of 2.x is `database`, that of 1.x `default` (inside the execution). */
	binaryMode?: 'database' | 'filesystem' | 'default';
	/** How many workers. */
	workers?: number;
	/** Executions that one worker takes at a time. */
	concurrency?: number;
	/** Added to the environment of every process. */
	env?: NodeJS.ProcessEnv;
}

export interface N8nStack {
	readonly install: N8nInstall;
	readonly folder: string;
	/** Name of its database, for `services.query`. */
	readonly database: string;
	/** The main process: editor and REST. */
	readonly url: string;
	/** The webhook process: production webhooks, forms and the waking of paused executions. */
	readonly webhookUrl: string;
	readonly main: StackProcess;
	readonly webhook: StackProcess;
	/** Counted from 0. */
	worker(index: number): StackProcess;
	/** Ends all processes at once. */
	down(): Promise<void>;
}

let stacks = 0;

const answersJson = async (url: string) => {
	const answer = await fetch(url);
	await answer.text();
	return answer.ok && answer.headers.get('content-type')?.includes('json') === true;
};

/** Starts main, which makes the tables, then the others; resolves when all are ready. Ends all when one does not start. */
export async function startStack(options: StackOptions): Promise<N8nStack> {
	const { install, services, folder, binaryMode, workers = 2, concurrency = 5 } = options;
	stacks += 1;
	const name = `stack_${process.pid}_${stacks}`;
	await services.createDatabase(name);
	installPackage(install, folder);
	const [mainPort, webhookPort] = [await freePort(), await freePort()];
	const url = `http://127.0.0.1:${mainPort}`;
	const webhookUrl = `http://127.0.0.1:${webhookPort}`;
	const shared: NodeJS.ProcessEnv = {
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: 'one-key-for-all-processes',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(services.postgresPort),
		DB_POSTGRESDB_DATABASE: name,
		DB_POSTGRESDB_USER: services.postgresUser,
		DB_POSTGRESDB_PASSWORD: 'none',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(services.redisPort),
		QUEUE_BULL_PREFIX: name,
		N8N_REDIS_KEY_PREFIX: name,
		// Workers build the addresses that wake a paused execution from it.
		WEBHOOK_URL: `${webhookUrl}/`,
		N8N_DEFAULT_BINARY_DATA_MODE: binaryMode,
		...options.env,
	};
	const processOf = (
		processName: string,
		command: string[],
		added: NodeJS.ProcessEnv,
		isReady: (newLog: string) => Promise<boolean>,
	) =>
		stackProcess({
			name: processName,
			install,
			command,
			folder,
			logFile: join(folder, `${processName}.log`),
			isReady,
			env: async () =>
				n8nEnvironment(folder, {
					...shared,
					...added,
					// Each its own, as on a machine of its own: n8n takes what stands in it as unfinished for crashed when it starts.
					N8N_EVENTBUS_LOGWRITER_LOGBASENAME: `events-${processName}`,
					// Every process opens a broker for task runners, on one and the same port unless it is told otherwise.
					N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				}),
		});
	// `/healthz` answers seconds before the routes that matter.
	const main = processOf(
		'main',
		['start'],
		{ N8N_PORT: String(mainPort) },
		async () => await hasRest(url),
	);
	const webhook = processOf(
		'webhook',
		['webhook'],
		{ N8N_PORT: String(webhookPort) },
		async (newLog) =>
			newLog.includes('waiting for requests') && (await answersJson(`${webhookUrl}/healthz`)),
	);
	const workerProcesses = Array.from({ length: workers }, (_, index) =>
		processOf(
			`worker${index + 1}`,
			['worker', `--concurrency=${concurrency}`],
			{},
			async (newLog) => await Promise.resolve(newLog.includes('worker is now ready')),
		),
	);
	const all = [main, webhook, ...workerProcesses];
	const down = async () => {
		// A webhook process that is asked to stop waits for all executions it has queued.
		await Promise.all(all.map(async (one) => await one.kill()));
	};
	let isUp = false;
	try {
		await main.start();
		await Promise.all(all.slice(1).map(async (one) => await one.start()));
		isUp = true;
	} finally {
		if (!isUp) await down();
	}
	return {
		install,
		folder,
		database: name,
		url,
		webhookUrl,
		main,
		webhook,
		down,
		worker(index) {
			const found = workerProcesses[index];
			if (found === undefined) throw new Error(`There are ${workers} workers`);
			return found;
		},
	};
}
