/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A real n8n server with the packed node and a sandbox beside it, and production executions in it.

import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox';
import type { Workflow } from '../test/e2e/support/examples';
import { installPackage, WHOLE } from '../test/e2e/support/n8nInstall';
import { type N8nServer, startN8n } from '../test/e2e/support/n8nServer';
import { freshFolder, newestInstall, prepared } from '../test/e2e/support/prepared';
import { type ExecutionRow, openSession, type Session } from '../test/e2e/support/rest';
import { until } from '../test/e2e/support/until';
import { newProbe, type Probe } from './probe';
import { processWith } from './processFigures';
import { placeCredentials, WEBHOOK } from './workflows/nodes';

export interface Measured {
	/** From n8n's start of the execution to its end, in milliseconds. */
	ms: number;
	execution: ExecutionRow;
}

export interface Bench {
	sandbox: Sandbox;
	session: Session;
	userFolder: string;
	/** Of the n8n server. */
	pid: number;
	/** What n8n's process felt; only where it was asked for. */
	probe: Probe;
	/** From now on stored workflows ask these servers in place of the sandbox. */
	pointAt(servers: { baseUrl?: string; filesUrl?: string }): Promise<void>;
	/** A credential of a type that the built-in nodes use. */
	addCredential(type: string, data: Record<string, unknown>): Promise<void>;
	/** Starts the workflow (stored at its first run) through its webhook as production does, and waits for its end. */
	run(workflow: Workflow, input: Record<string, unknown>, timeoutMs?: number): Promise<Measured>;
	stop(): Promise<void>;
}

/** The answers of the sandbox as fast as they can be: no pictures are made, and none are read. */
const FAST: SandboxOptions = { video: 'sample', materials: 'trust', credits: 1_000_000, seed: 1 };

/** Starts the two. Everything lies in a fresh folder of this name. `withCopy`: with the node of copyBytes.node.cjs. */
export async function startBench(
	name: string,
	options: SandboxOptions,
	{ withProbe = false, withCopy = false } = {},
): Promise<Bench> {
	const probe = await newProbe();
	const userFolder = freshFolder(name);
	const sandbox = await startSandbox({ ...FAST, ...options });
	let server: N8nServer | undefined;
	const stop = async () => {
		await server?.stop();
		await sandbox.close();
	};
	let isReady = false;
	try {
		installPackage(newestInstall, userFolder);
		if (withCopy) {
			const custom = join(userFolder, '.n8n', 'custom', 'CopyBytes.node.js');
			cpSync(join(prepared.projectRoot, 'bench', 'copyBytes.node.cjs'), custom);
		}
		server = await startN8n({
			install: newestInstall,
			userFolder,
			logFile: join(userFolder, 'n8n.log'),
			env: { ...WHOLE, ...(withProbe && probe.env) },
		});
		const session = await openSession(server.url);
		const url = server.url;
		const active = new Map<Workflow, Active>();
		const credentials = new Map<string, { id: string; name: string }>();
		const addCredential = async (type: string, data: Record<string, unknown>) => {
			const made = await session.call<{ id: string; name: string }>('POST', '/credentials', {
				name: type,
				type,
				data,
			});
			credentials.set(type, { id: made.id, name: made.name });
		};
		const pointAt: Bench['pointAt'] = async (servers) => {
			const { key: apiKey, url: baseUrl } = sandbox;
			await addCredential('evoLinkApi', { apiKey, baseUrl, filesUrl: baseUrl, ...servers });
		};
		await pointAt({});
		const pid = processWith(`N8N_PORT=${server.port}`);
		isReady = true;
		return {
			sandbox,
			session,
			userFolder,
			pid,
			probe,
			pointAt,
			addCredential,
			run: async (workflow, input, timeoutMs = 900_000) => {
				const known = active.get(workflow);
				const ready =
					known ?? (await activate(session, url, placeCredentials(workflow, credentials)));
				active.set(workflow, ready);
				return await runOnce(session, ready, input, timeoutMs);
			},
			stop,
		};
	} finally {
		if (!isReady) await stop();
	}
}

/** Milliseconds of one node alone, by n8n's own clock. */
export const nodeMs = ({ data }: ExecutionRow, name: string): number =>
	data.resultData.runData[name]?.at(-1)?.executionTime ?? NaN;

const isOver = (status: string): boolean => !['new', 'running', 'waiting'].includes(status);

/** A workflow that is stored and active. */
interface Active {
	id: string;
	name: string;
	webhook: string;
	/** Executions so far. */
	known: Set<string>;
}

async function activate(session: Session, url: string, workflow: Workflow): Promise<Active> {
	const stored = await session.createWorkflow(workflow);
	await session.activate(stored);
	const path = String(workflow.nodes.find(({ type }) => type === WEBHOOK)?.parameters.path);
	const { id, name } = stored;
	return { id, name, webhook: `${url}/webhook/${path}`, known: new Set() };
}

async function runOnce(
	session: Session,
	{ id, name, webhook, known }: Active,
	input: Record<string, unknown>,
	timeoutMs: number,
): Promise<Measured> {
	// n8n registers the webhook a little after it has said that the workflow is active; until then nothing starts.
	await until(`the webhook of ${name}`, async () => {
		const answer = await fetch(webhook, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(input),
		});
		const words = await answer.text();
		if (answer.ok) return true;
		throw new Error(`it answered ${answer.status} ${words.slice(0, 200)}`);
	});
	const started = await until(`${name} to start`, async () =>
		(await session.executions(id)).find((row) => !known.has(row.id)),
	);
	known.add(started.id);
	// The list holds no data, so that looking at it costs n8n next to nothing while it is measured.
	await until(
		`${name} to end`,
		async () =>
			(await session.executions(id)).find((row) => row.id === started.id && isOver(row.status)),
		{ timeoutMs, everyMs: 250 },
	);
	const execution = await session.waitFor(started.id);
	const { error } = execution.data.resultData;
	if (execution.status !== 'success') {
		throw new Error(`${name} ended as ${execution.status}: ${error?.message ?? ''}`);
	}
	const ms = Date.parse(execution.stoppedAt ?? '') - Date.parse(execution.startedAt ?? '');
	return { ms, execution };
}
