/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Starts a sandbox inside this process: builds its parts, listens, and hands out the controls.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from './accounts';
import { Callbacks } from './callbacks';
import { Clock } from './clock';
import { Faults } from './faults';
import { MaterialFetcher } from './fetchMaterial';
import { type KnownFacts, MaterialReader } from './materials';
import { Renderer } from './render';
import { cut } from './reply';
import { RequestLog } from './requestLog';
import type { Room } from './room';
import { admin } from './routes/admin';
import { ownFile } from './routes/media';
import type { LedgerEntry, Sandbox, SandboxOptions } from './sandbox';
import { listen, makeServer } from './server';
import { defaultSwitches, setSwitches } from './switches';
import { taskJson } from './taskJson';
import { Uploads } from './uploads';
import { World, type Task } from './world';

export type { NewKey } from './accounts';
export { Clock, type ClockMode } from './clock';
export type { Fault, FaultPlan, FaultPlace } from './faults';
export type { ProgressCurve } from './progress';
export type { LedgerEntry, Sandbox, SandboxOptions } from './sandbox';
export type { Switches, SwitchName } from './switches';

const DEFAULT_KEY = 'sk-sandbox';
const DEFAULT_CREDITS = 1000;
const DEFAULT_TASK_SECONDS = 60;

interface Parts {
	readonly room: Room;
	readonly callbacks: Callbacks;
}

/** Starts a sandbox; resolves when it listens. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { host = '127.0.0.1', key = DEFAULT_KEY, onEvent = () => undefined } = options;
	const clock = new Clock(options.clock ?? 'real');
	let parts: Parts | undefined;
	const current = (): Parts => {
		if (parts === undefined) throw new Error('the sandbox is not running');
		return parts;
	};
	const stalled = new Set<ServerResponse>();
	const server = makeServer(
		() => current().room,
		(request) => admin(sandbox, request),
		onEvent,
		stalled,
	);
	const port = await listen(server, host, options.port ?? 0);
	const url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
	// Only now, so that a port in use leaves no folder behind.
	const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'wan-sandbox-')));
	await mkdir(folder, { recursive: true });
	const renderer = new Renderer(folder);
	const knownFacts: KnownFacts = new Map();
	const build = (): Parts =>
		makeParts(url, options, { clock, folder, renderer, knownFacts, onEvent });
	parts = build();
	const sandbox: Sandbox = {
		url,
		apiUrl: url,
		filesUrl: url,
		key,
		clock,
		ledger: () => current().room.world.tasks.map(ledgerEntry),
		requests: () => [...current().room.log.requests],
		violations: () => [...current().room.log.violations],
		callbacks: () => [...current().callbacks.attempts],
		stalled: () => stalled.size,
		plan: (fault) => current().room.faults.add(fault),
		pendingFaults: () => current().room.faults.pending(),
		clearFaults: () => current().room.faults.clear(),
		switches: () => ({ ...current().room.switches }),
		setSwitches: (changes) => setSwitches(current().room.switches, changes),
		setCredits: (credits, of = key) => {
			const found = current().room.accounts.find(of);
			if (found === undefined) throw new Error('there is no such key');
			found.account.remaining = credits;
		},
		addKey: (added) => void current().room.accounts.add(added),
		reset: () => {
			clock.clear();
			stalled.forEach(cut);
			parts = build();
			return Promise.resolve();
		},
		close: async () => {
			clock.clear();
			await stop(server);
			await renderer.stop();
			if (options.folder === undefined) {
				await rm(folder, { recursive: true, force: true, maxRetries: 3 });
			}
		},
	};
	return sandbox;
}

interface Shared {
	readonly clock: Clock;
	readonly folder: string;
	readonly renderer: Renderer;
	readonly knownFacts: KnownFacts;
	readonly onEvent: (line: string) => void;
}

function makeParts(url: string, options: SandboxOptions, shared: Shared): Parts {
	const { clock, folder, renderer, knownFacts, onEvent } = shared;
	const { taskSeconds = DEFAULT_TASK_SECONDS } = options;
	const switches = defaultSwitches();
	setSwitches(switches, options.switches ?? {});
	const accounts = new Accounts();
	accounts.add({ key: options.key ?? DEFAULT_KEY, credits: options.credits ?? DEFAULT_CREDITS });
	const faults = new Faults();
	const callbacks = new Callbacks(
		clock,
		() => switches.callbackTimeoutMs,
		(taskId, path) => faults.take({ on: 'callback', path, taskId }),
	);
	const worldOptions = {
		taskSeconds,
		progress: options.progress ?? 'linear',
		seed: options.seed ?? Date.now(),
	} as const;
	const onEnd = async (task: Task): Promise<void> => {
		onEvent(`task ${task.id} ${task.state}, ${task.charged} credits charged`);
		const { callbackUrl } = task.submission;
		if (callbackUrl === undefined) return;
		await callbacks.send(task.id, callbackUrl, () => taskJson(room, task));
	};
	const fetcher = new MaterialFetcher(folder, (address) => ownFile(room, address));
	const room: Room = {
		url,
		options: {
			video: options.video ?? 'rendered',
			materials: options.materials ?? 'read',
			estimatedSeconds: Math.ceil(typeof taskSeconds === 'number' ? taskSeconds : taskSeconds.max),
		},
		clock,
		accounts,
		switches,
		faults,
		renderer,
		fetcher,
		world: new World(clock, accounts, switches, worldOptions, onEnd),
		log: new RequestLog(),
		uploads: new Uploads(clock),
		reader: new MaterialReader(fetcher, switches, knownFacts),
		replays: new Map(),
	};
	return { room, callbacks };
}

const ledgerEntry = (task: Task): LedgerEntry => ({
	id: task.id,
	key: task.key.key.slice(-4),
	at: task.createdMs,
	body: task.body,
	idempotencyKey: task.idempotencyKey,
	creditsReserved: task.reserved,
	creditsCharged: task.charged,
	state: task.state,
	endedAt: task.endedMs,
	replyLost: task.replyLost,
});

const stop = (server: Server): Promise<void> =>
	new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
