/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A whole queue mode for a test: services, the sandbox and a stack with the owner signed in, and the few things that the
// tests do with them: publish a workflow, start it from outside, find its executions, compare them with the ledger.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Workflow } from './examples';
import { fire } from './fire';
import { storeCredential } from './lab';
import { type N8nStack, type StackOptions, startStack } from './n8nStack';
import { freshFolder, prepared } from './prepared';
import { openSession, type Session, type StoredWorkflow } from './rest';
import type { Item } from './runData';
import { type SandboxProcess, startSandboxProcess, type Task } from './sandboxProcess';

export interface StackWorld {
	readonly stack: N8nStack;
	readonly sandbox: SandboxProcess;
	/** Main's REST; renewed by `signIn`. */
	session(): Session;
	/** After main was started again. */
	signIn(): Promise<void>;
	/** Gives a workflow the sandbox's credential. */
	bind(workflow: Workflow): Workflow;
	/** Stores a workflow with the sandbox's credential and activates it. */
	publish(workflow: Workflow): Promise<StoredWorkflow>;
	/** Calls a production webhook, by default at the webhook process; gives the id of the execution that it started. */
	fire(workflow: StoredWorkflow, body: object, at?: string): Promise<string>;
	/** Every task that was ever submitted, in order. */
	tasks(): Promise<Task[]>;
	/** The one task whose prompt this is; an error when there are several. */
	taskOf(prompt: string): Promise<Task | undefined>;
	/** Throws unless the item's video is, byte for byte, the one that the sandbox made for the item's task. */
	checkVideo(item: Item): Promise<void>;
	down(): Promise<void>;
}

export interface StackWorldOptions extends Omit<StackOptions, 'folder'> {
	name: string;
	taskSeconds: number;
	sandboxArgs?: string[];
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Starts sandbox and stack, and signs in. Ends what it has started when something fails. */
export async function startStackWorld(options: StackWorldOptions): Promise<StackWorld> {
	const { name, taskSeconds, sandboxArgs = [] } = options;
	const folder = freshFolder(name);
	const sandbox = await startSandboxProcess({
		projectRoot: prepared.projectRoot,
		logFile: join(folder, 'sandbox.log'),
		taskSeconds,
		args: ['--switch', 'callbackUrls=local', ...sandboxArgs],
	});
	let stack: N8nStack | undefined;
	const down = async () => {
		await Promise.all([stack?.down(), sandbox.stop()]);
	};
	let isUp = false;
	try {
		stack = await startStack({ ...options, folder });
		const world = await signedIn(stack, sandbox);
		isUp = true;
		return { ...world, down };
	} finally {
		if (!isUp) await down();
	}
}

async function signedIn(
	stack: N8nStack,
	sandbox: SandboxProcess,
): Promise<Omit<StackWorld, 'down'>> {
	let session = await openSession(stack.url);
	const bind = await storeCredential(session, sandbox);
	const tasks = async () => await sandbox.ledger();

	return {
		stack,
		sandbox,
		bind,
		tasks,
		session: () => session,
		async signIn() {
			session = await openSession(stack.url);
		},
		async publish(workflow) {
			const stored = await session.createWorkflow(bind(workflow));
			await session.activate(stored);
			return stored;
		},
		fire: async (workflow, body, at = stack.webhookUrl) => await fire(session, at, workflow, body),
		async taskOf(prompt) {
			const found = (await tasks()).filter(({ body }) => body.prompt === prompt);
			if (found.length > 1) throw new Error(`${found.length} tasks were submitted for "${prompt}"`);
			return found[0];
		},
		async checkVideo({ json, binary }) {
			const file = binary?.data;
			if (file?.mimeType !== 'video/mp4') throw new Error('The item has no video');
			const ours = file.id
				? await session.download(file.id)
				: Buffer.from(file.data ?? '', 'base64');
			const original = await fetch(String(json.videoUrl));
			if (!original.ok) throw new Error(`The sandbox's video: ${original.status}`);
			const wanted = sha256(new Uint8Array(await original.arrayBuffer()));
			if (sha256(ours) !== wanted) throw new Error(`The video of ${String(json.taskId)} differs`);
		},
	};
}
