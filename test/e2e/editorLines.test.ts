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
import { type SandboxProcess, startSandboxProcess } from './support/sandboxProcess';
import { eventually } from './support/until';

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
/** What a builder types who does not know the node. */
const SEARCHES = [
	...['generate video', 'make video', 'videos', 'animate', 'animation', 'photo to video'],
	...['picture to video', 'avatar', 'talking head', 'join videos'],
];
const joinBy = (id: string, parameters: Record<string, unknown>) => ({
	...small(id, { operation: 'join', ...parameters }),
});
const joins = [
	joinBy('join-url', { clipsSource: 'url' }),
	joinBy('join-expression', { clipsSource: '={{ $json.source }}', clipsBinaryField: '' }),
];
/** Nothing comes of the first expression while nothing has run; the second says a model by itself. */
const row = { source: 'url', url: 'https://example.com/a.jpg', voiceSource: 'url', voiceUrl: '' };
const byExpression = [
	small('model-unknown', { model: '={{ $json.model }}', referenceImages: { image: [row] } }),
	small('model-known', { model: '={{ "wan2.7-" + "video-edit" }}' }),
];
const ofModel = (...fields: string[]) => [
	...['Resource', 'Operation', 'Model', ...fields],
	...['Download Video', 'Output Data Field Name', 'Simplify', 'Options'],
];
const EDIT = ofModel(
	...['Clip Source', 'Clip URL', 'Reference Images', 'Prompt', 'Duration Mode'],
	...['Aspect Ratio', 'Quality'],
);
const workflows = [
	...joins,
	...byExpression,
	operations,
	small('plain', {}),
	// n8n saves by itself what a test changes, so whoever chooses a model has a workflow of its own.
	small('model-chosen', {}),
	small('files', allFiles),
	agent,
];

describe.each(prepared.installs)('n8n $version', (install) => {
	let server: N8nServer;
	let editor: Editor;

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
		editor = await openEditor(server.url);
	});
	afterAll(async () => {
		await editor?.close();
		await server?.stop();
	});

	it.each<[Theme, string]>([
		['dark', 'icons/wan.dark.svg'],
		['light', 'icons/wan.svg'],
	])(
		'%s: has the icon of the theme, and says under each node what it does',
		async (theme, icon) => {
			await editor.setTheme(theme);
			await editor.openWorkflow('operations');
			const trigger = { 'Wan Video Trigger': 'On: completed' };
			await eventually(async () => {
				expect(await editor.icons()).toEqual([expect.stringContaining(icon)]);
				expect(await editor.subtitles()).toEqual({ ...Object.fromEntries(subtitles), ...trigger });
			});
		},
	);

	// The themes have colours and icons of their own, and one width.
	it.each(['plain', 'files'])('cuts no label off: %s', async (id) => {
		await editor.openWorkflow(id);
		await editor.openNode('Wan Video');
		if (id === 'plain') await editor.addWholeCollection();
		await eventually(async () => {
			expect((await editor.fields()).length).toBeGreaterThan(10);
			expect(await editor.cutLabels()).toEqual([]);
		});
	});

	describe('to somebody who fills in a credential', () => {
		let sandbox: SandboxProcess;
		let folder: string;

		beforeAll(async () => {
			folder = freshFolder(`editor-credential-${install.version}`);
			const { projectRoot } = prepared;
			sandbox = await startSandboxProcess({ projectRoot, logFile: join(folder, 'sandbox.log') });
			await editor.credential.open(credential.id);
		});
		afterAll(() => sandbox?.stop());

		/** What the dialog says when these fields are saved over the ones before. */
		const saved = async (fields: Record<string, string>) => {
			for (const [label, value] of Object.entries(fields))
				await editor.credential.fill(label, value);
			return await editor.credential.save();
		};

		it('says in its own words what is wrong, and takes what was copied along', async () => {
			const copied = { 'API Key': ` "Bearer ${sandbox.key}" `, 'Base URL': ` ${sandbox.url}/ ` };
			expect(await saved({ ...copied, 'Files URL': nobody })).toMatch(
				/The API answers, but the file storage.*'Files URL'/,
			);
			await editor.credential.picture(join(folder, 'files.jpg'));
			expect(await saved({ 'Files URL': sandbox.url })).toContain('tested successfully');
			expect(await saved({ 'Base URL': 'api.evolink.ai' })).toMatch(
				/'Base URL' is "api.evolink.ai", which does not begin with https:\/\//,
			);
			expect(await saved({ 'Base URL': nobody })).toMatch(/the connection was refused/);
			expect(await saved({ 'Base URL': ' ' })).toMatch(/'Base URL' is empty/);
			expect(await saved({ 'Base URL': sandbox.url, 'API Key': 'sk-wrong' })).toMatch(
				/does not accept the API key/,
			);
		});
	});

	describe('to somebody who looks for it', () => {
		it('is found by what it is for', async () => {
			await editor.openWorkflow('plain');
			for (const words of ['wan', 'image to video', 'talking', 'lip sync'])
				await eventually(async () =>
					expect((await editor.creator.search(words))[0]).toBe('Wan Video'),
				);
			for (const words of SEARCHES)
				expect(await editor.creator.search(words)).toContain('Wan Video');
		});

		it('tells what it does before it is added', async () => {
			await editor.openWorkflow('plain');
			const text = await editor.creator.details('wan video');
			expect(text).toContain('Turn words, images, clips and sound into video');
			expect(text).toContain('Generate video');
			expect(text).toContain('On completed video');
		});

		it('asks for the address of a clip where it is needed, and for no credential to join', async () => {
			await editor.openWorkflow('join-url');
			await eventually(async () => expect(await editor.nodesWithIssues()).toEqual(['Wan Video']));
			await editor.openNode('Wan Video');
			await eventually(async () => {
				expect(await editor.fields()).toEqual([
					...['Resource', 'Operation', 'Clip Source', 'Clip URL', 'Output Data Field Name'],
					'Options',
				]);
				expect(await editor.parameterTexts()).not.toMatch(/credential/i);
			});
			await editor.choose('Operation', 'Generate');
			await eventually(async () => expect(await editor.parameterTexts()).toMatch(/credential/i));
			await editor.closeNode();
			await editor.openWorkflow('join-expression');
			await eventually(async () => expect(await editor.nodesWithIssues()).toEqual([]));
			await editor.openNode('Wan Video');
			// n8n cannot work the expression out yet, so either may be meant.
			await eventually(async () =>
				expect(await editor.fields()).toEqual(
					expect.arrayContaining(['Clip Source', 'Clip Input Data Field Name', 'Clip URL']),
				),
			);
		});

		it('shows the fields of its model, and where an expression gives it one of each name', async () => {
			const expectFields = async (fields: string[]) =>
				await eventually(async () => expect(await editor.fields()).toEqual(fields));
			await editor.openWorkflow('model-chosen');
			await editor.openNode('Wan Video');
			await editor.choose('Model', 'Wan 3.0 Reference to Video');
			await expectFields(
				ofModel(
					...['Reference Images', 'Reference Clips', 'Reference Audio', 'Document Source'],
					...['Prompt', 'Duration Mode', 'Duration (Seconds)', 'Aspect Ratio', 'Quality'],
				),
			);
			await editor.choose('Model', 'Wan 2.7 Video Edit');
			await expectFields(EDIT);
			await editor.openWorkflow('model-known');
			await editor.openNode('Wan Video');
			await expectFields(EDIT);
			await editor.openWorkflow('model-unknown');
			await editor.openNode('Wan Video');
			await expectFields(
				ofModel(
					...[
						'Generation Mode',
						'First Frame Source',
						'First Frame URL',
						'Clip Source',
						'Clip URL',
					],
					...['Last Frame Source', 'Reference Images'],
					...['Image Source', 'Image URL', 'Voice Source', 'Voice URL'],
					...['Reference Clips', 'Reference Audio', 'Document Source', 'Driving Audio Source'],
					...['Prompt', 'Duration Mode', 'Duration (Seconds)', 'Aspect Ratio', 'Quality'],
				),
			);
		});

		it('shows as a tool what a model can use, and no files', async () => {
			await editor.openWorkflow('agent');
			await editor.openNode(GENERATE.name);
			await eventually(async () =>
				expect(await editor.fields()).toEqual([
					...['Tool Description', 'Resource', 'Operation', 'Model', 'Generation Mode'],
					// 'Description' is what the model is told of a field that it fills in.
					...['First Frame Source', 'First Frame URL', 'Description', 'Driving Audio Source'],
					...['Prompt', 'Description', 'Duration (Seconds)', 'Quality'],
					...['Max Billed Seconds', 'Options'],
				]),
			);
			expect(await editor.collectionEntries()).toEqual([
				...['Callback URL', 'Check Materials', 'Check Prompt', 'Extend Prompt'],
				...['Max Billed Seconds', 'Negative Prompt', 'Seed', 'Submit Again on Failure', 'Timeout'],
			]);
		});
	});
});
