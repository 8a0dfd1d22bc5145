/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What tests of n8n's editor run in: one n8n with the packed node, the owner signed in, and a browser. What a test opens is
// stored anew for it, so a test that is tried again begins where it began.
import { join } from 'node:path';
import { type Editor, openEditor } from './editor';
import { type Credential, localCredential, withCredential, type Workflow } from './examples';
import { installPackage, type N8nInstall, WITH_EDITOR } from './n8nInstall';
import { startN8n, type N8nServer } from './n8nServer';
import { freshFolder } from './prepared';
import { openSession, type Session } from './rest';

// n8n's editor is not ours: what a person would meet with a second try must not stop a release. A test that fails is tried
// once more, at once, and what it failed for is printed. Nothing else is: elsewhere a second try would hide a second payment.
jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });

export interface EditorLab {
	readonly server: N8nServer;
	readonly session: Session;
	readonly editor: Editor;
	readonly userFolder: string;
	/** Stores a credential and gives it with its id. */
	credential(data?: Partial<Credential['data']>): Promise<Credential>;
	/** Stores a workflow with a credential (by default one that leads nowhere) and opens it in the editor. */
	open(workflow: Workflow, credential?: Credential): Promise<void>;
	stop(): Promise<void>;
}

export const nobody = 'http://127.0.0.1:9';

/** Starts all of it; ends what it has started when something fails. */
export async function startEditorLab(install: N8nInstall, name: string): Promise<EditorLab> {
	const userFolder = freshFolder(`${name}-${install.version}`);
	installPackage(install, userFolder);
	const logFile = join(userFolder, 'n8n.log');
	const server = await startN8n({ install, userFolder, logFile, env: WITH_EDITOR });
	const launch = async (): Promise<EditorLab> => {
		const session = await openSession(server.url);
		const credentialOf = async (data: Partial<Credential['data']> = {}) => {
			const known = { apiKey: 'sk-none', baseUrl: nobody, filesUrl: nobody, ...data };
			const definition = localCredential(known);
			return { ...definition, ...(await session.createCredential(definition)) };
		};
		const nowhere = await credentialOf();
		const editor = await openEditor(server.url);
		return {
			...{ server, session, editor, userFolder, credential: credentialOf },
			async open(workflow, credential = nowhere) {
				const { id } = await session.createWorkflow(withCredential(workflow, credential));
				await editor.openWorkflow(id);
			},
			async stop() {
				await editor.close();
				await server.stop();
			},
		};
	};
	return await launch().catch(async (error: Error) => {
		await server.stop();
		throw error;
	});
}

/** Wraps tests that go on where the one before has ended: the first, and one after a failure, begin with `open`. */
export function goingOn(open: () => Promise<void>) {
	let isOpen = false;
	return <Args extends unknown[]>(test: (...args: Args) => Promise<void>) =>
		async (...args: Args): Promise<void> => {
			if (!isOpen) await open();
			isOpen = false;
			await test(...args);
			isOpen = true;
		};
}
