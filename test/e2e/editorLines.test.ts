/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The node in the editors of all n8n lines, light and dark: it is found, tells what it does, has its icon and its subtitles,
// none of its labels is cut off, and as a tool it shows what a model can use. editor.test.ts has the rest, in the newest n8n.
import { join } from 'node:path';
import { agentWorkflow, GENERATE } from './support/agentWorkflow';
import { openEditor, type Editor, type Theme } from './support/editor';
import { operations, small, subtitles } from './support/editorWorkflows';
import { localCredential, withCredential } from './support/examples';
import { importAll } from './support/n8nCli';
import { installPackage } from './support/n8nInstall';
import { startN8n, type N8nServer } from './support/n8nServer';
import { freshFolder, prepared } from './support/prepared';
import { openSession } from './support/rest';

const nobody = 'http://127.0.0.1:9';
const credential = localCredential({ apiKey: 'sk-none', baseUrl: nobody, filesUrl: nobody });
const agent = {
	...agentWorkflow({ agent: 2, tools: [GENERATE], model: { id: 'none', name: 'None' } }),
	id: 'agent',
};
agent.nodes = agent.nodes.map((node, index) => ({ ...node, position: [index * 200, 0] }));
const allFiles = {
	...{ generationMode: 'auto', firstFrameSource: 'binary', lastFrameSource: 'binary' },
	...{ clipSource: 'binary', drivingAudioSource: 'binary' },
};
const workflows = [operations, small('plain', {}), small('files', allFiles), agent];

describe.each(prepared.installs)('n8n $version', (install) => {
	let server: N8nServer;

	beforeAll(async () => {
		const userFolder = freshFolder(`editor-lines-${install.version}`);
		installPackage(install, userFolder);
		await importAll(
			{ install, userFolder },
			[credential],
			workflows.map((workflow) => withCredential(workflow, credential)),
		);
		server = await startN8n({ install, userFolder, logFile: join(userFolder, 'n8n.log') });
		await openSession(server.url);
	});
	afterAll(() => server?.stop());

	describe.each<[Theme, string]>([
		['light', 'icons/wan.svg'],
		['dark', 'icons/wan.dark.svg'],
	])('%s', (theme, icon) => {
		let editor: Editor;

		beforeAll(async () => {
			editor = await openEditor(server.url, theme);
		});
		afterAll(() => editor?.close());

		it('has the icon of the theme, and says under each node what it does', async () => {
			await editor.openWorkflow('operations');
			expect(await editor.icons()).toEqual([expect.stringContaining(icon)]);
			const trigger = { 'Wan Video Trigger': 'On: completed' };
			expect(await editor.subtitles()).toEqual({ ...Object.fromEntries(subtitles), ...trigger });
		});

		it.each(['plain', 'files'])('cuts no label off: %s', async (id) => {
			await editor.openWorkflow(id);
			await editor.openNode('Wan Video');
			if (id === 'plain') await editor.addWholeCollection();
			expect((await editor.fields()).length).toBeGreaterThan(10);
			expect(await editor.cutLabels()).toEqual([]);
		});
	});

	describe('to somebody who looks for it', () => {
		let editor: Editor;

		beforeAll(async () => {
			editor = await openEditor(server.url);
		});
		afterAll(() => editor?.close());

		it('is found by what it is for', async () => {
			await editor.openWorkflow('plain');
			for (const words of ['wan', 'image to video', 'talking', 'lip sync'])
				expect((await editor.creator.search(words))[0]).toBe('Wan Video');
		});

		it('tells what it does before it is added', async () => {
			await editor.openWorkflow('plain');
			const text = await editor.creator.details('wan video');
			expect(text).toContain('Turn images, clips and sound into video');
			expect(text).toContain('Generate video');
			expect(text).toContain('On completed video');
		});

		it('shows as a tool what a model can use, and no files', async () => {
			await editor.openWorkflow('agent');
			await editor.openNode(GENERATE.name);
			expect(await editor.fields()).toEqual([
				...['Tool Description', 'Resource', 'Operation', 'Generation Mode'],
				// 'Description' is what the model is told of a field that it fills in.
				...['First Frame Source', 'First Frame URL', 'Description', 'Driving Audio Source'],
				...['Prompt', 'Description', 'Duration', 'Quality', 'Options'],
			]);
			expect(await editor.collectionEntries()).toEqual([
				...['Callback URL', 'Check Materials', 'Extend Prompt', 'Max Billed Seconds'],
				...['Negative Prompt', 'Seed', 'Submit Again on Failure', 'Timeout'],
			]);
		});
	});
});
