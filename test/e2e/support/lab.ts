/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What most tests run in: one n8n server with the packed node, the owner signed in, and a sandbox of its own with a
// credential for it.
import { join } from 'node:path';
import { localCredential, withCredential, type Workflow } from './examples';
import { installPackage, linkN8nModules, type N8nInstall } from './n8nInstall';
import { type N8nServer, startN8n } from './n8nServer';
import { freshFolder, prepared } from './prepared';
import { openPublicAddress, publicUrl } from './publicAddress';
import { type ExecutionRow, openSession, type Session, type StoredWorkflow } from './rest';
import { type SandboxProcess, startSandboxProcess } from './sandboxProcess';
import { sideBySide } from './sideBySide';

export interface LabOptions {
	/** Name of its scratch folder, to which the version of n8n is added. */
	name: string;
	/**
	 * How long a task takes on the sandbox's clock. The default is over when the node looks for the first time, after
	 * 3 seconds.
	 */
	taskSeconds?: number;
	/** `rendered` makes each video from its materials; `sample`, the default, is quicker. */
	video?: 'rendered' | 'sample';
	/** n8n has a public https address, as callback URLs that users fill in need it. */
	isPublic?: boolean;
	/** Whether the package lies in n8n's folder when n8n starts; else a test installs it as users do. */
	hasPackage?: boolean;
	/** Added to n8n's environment. */
	env?: NodeJS.ProcessEnv;
}

export interface Lab {
	readonly install: N8nInstall;
	readonly userFolder: string;
	readonly sandbox: SandboxProcess;
	readonly server: N8nServer;
	/** n8n's REST; another one after a crash. */
	readonly session: Session;
	/** Gives a workflow's nodes of this package the sandbox's credential. */
	bind(workflow: Workflow): Workflow;
	/** Stores a workflow with the sandbox's credential. */
	store(workflow: Workflow): Promise<StoredWorkflow>;
	/** Stores a workflow and starts it as the editor's button does; gives the execution's id. */
	begin(workflow: Workflow): Promise<string>;
	/** Stores a workflow, runs it and waits for its end. */
	run(workflow: Workflow): Promise<ExecutionRow>;
	/** Kills the server (kill -9) and starts it again, with more in its environment. */
	crash(whileDown?: () => Promise<void>, more?: NodeJS.ProcessEnv): Promise<void>;
	stop(): Promise<void>;
}

/** A function that gives a workflow's nodes a credential, which this stores. */
export async function storeCredential(
	session: Session,
	{ key: apiKey, url: filesUrl }: SandboxProcess,
	baseUrl = filesUrl,
): Promise<(workflow: Workflow) => Workflow> {
	const credential = localCredential({ apiKey, baseUrl, filesUrl });
	const { id } = await session.createCredential(credential);
	return (workflow) => withCredential(workflow, { ...credential, id });
}

/** Starts a lab; ends what it has started when something fails. */
export async function startLab(install: N8nInstall, options: LabOptions): Promise<Lab> {
	const { name, taskSeconds = 1, video = 'sample', isPublic = false } = options;
	const { hasPackage = true } = options;
	const userFolder = freshFolder(`${name}-${install.version}`);
	const started: Array<{ stop(): Promise<void> }> = [];
	const stop = async () => {
		for (const one of started.splice(0).reverse()) await one.stop();
	};
	const launch = async (): Promise<Lab> => {
		const sandbox = await startSandboxProcess({
			projectRoot: prepared.projectRoot,
			logFile: join(userFolder, 'sandbox.log'),
			taskSeconds,
			args: ['--switch', 'callbackUrls=local', '--video', video],
		});
		started.push(sandbox);
		if (hasPackage) installPackage(install, userFolder);
		else linkN8nModules(install, userFolder);
		const env = { ...options.env, ...(isPublic && { WEBHOOK_URL: `${publicUrl}/` }) };
		const server = await startN8n({ install, userFolder, env });
		started.push(server);
		const internet = isPublic
			? await openPublicAddress(sandbox.url, () => server.url)
			: { url: sandbox.url, stop: async () => await Promise.resolve() };
		started.push(internet);
		let session = await openSession(server.url);
		// n8n knows the credential's type only with the package.
		const bind = hasPackage
			? await storeCredential(session, sandbox, internet.url)
			: (workflow: Workflow) => workflow;
		const store = async (workflow: Workflow) => await session.createWorkflow(bind(workflow));
		const begin = async (workflow: Workflow) => await session.run(await store(workflow));
		return {
			...{ install, userFolder, sandbox, server, bind, store, begin, stop },
			get session() {
				return session;
			},
			run: async (workflow) => await session.waitFor(await begin(workflow)),
			async crash(whileDown, more) {
				await server.kill();
				await whileDown?.();
				await server.restart(more);
				session = await openSession(server.url);
			},
		};
	};
	return await launch().catch(async (error: Error) => {
		await stop();
		throw error;
	});
}

/** Rows for `describe.each`: a lab for each n8n under test. */
export const labs = (options: LabOptions) =>
	sideBySide(async (install) => await startLab(install, options));
