/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The node in the editors of all n8n lines, light and dark: it is found, tells what it does, has its icon and its subtitles,
// none of its labels is cut off, and as a tool it shows what a model can use. editor.test.ts has the rest, in the newest n8n.
import { join } from 'node:path';
import { agentWorkflow, GENERATE } from './support/agentWorkflow';
import type { Editor, Theme } from './support/editor';
import { type EditorLab, nobody, startEditorLab } from './support/editorLab';
import { operations, small, subtitles } from './support/editorWorkflows';
import type { Workflow } from './support/examples';
import { prepared } from './support/prepared';
import { type SandboxProcess, startSandboxProcess } from './support/sandboxProcess';
import { eventually } from './support/until';

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
const joinUrl = joinBy('join-url', { clipsSource: 'url' });
const joinExpression = joinBy('join-expression', {
	...{ clipsSource: '={{ $json.source }}', clipsBinaryField: '' },
});
/** Nothing comes of the first expression while nothing has run; the second says a model by itself. */
const row = { source: 'url', url: 'https://example.com/a.jpg', voiceSource: 'url', voiceUrl: '' };
const modelUnknown = small('model-unknown', {
	...{ model: '={{ $json.model }}', referenceImages: { image: [row] } },
});
const modelKnown = small('model-known', { model: '={{ "wan2.7-" + "video-edit" }}' });
const ofModel = (...fields: string[]) => [
	...['Resource', 'Operation', 'Model', ...fields],
	...['Download Video', 'Output Data Field Name', 'Simplify', 'Options'],
];
const EDIT = ofModel(
	...['Clip Source', 'Clip URL', 'Reference Images', 'Prompt', 'Duration Mode'],
	...['Aspect Ratio', 'Quality'],
);
const plain = small('plain', {});
const files = small('files', allFiles);

describe.each(prepared.installs)('n8n $version', (install) => {
	let lab: EditorLab;
	let editor: Editor;
	const open = async (workflow: Workflow) => await lab.open(workflow);

	beforeAll(async () => {
		lab = await startEditorLab(install, 'editor-lines');
		({ editor } = lab);
	});
	afterAll(async () => await lab?.stop());

	it.each<[Theme, string]>([
		['dark', 'icons/wan.dark.svg'],
		['light', 'icons/wan.svg'],
	])(
		'%s: has the icon of the theme, and says under each node what it does',
		async (theme, icon) => {
			await editor.setTheme(theme);
			await open(operations);
			const trigger = { 'Wan Video Trigger': 'On: completed' };
			await eventually(async () => {
				expect(await editor.icons()).toEqual([expect.stringContaining(icon)]);
				expect(await editor.subtitles()).toEqual({ ...Object.fromEntries(subtitles), ...trigger });
			});
		},
	);

	// The themes have colours and icons of their own, and one width.
	it.each([plain, files])('cuts no label off: $id', async (workflow) => {
		await open(workflow);
		await editor.openNode('Wan Video');
		if (workflow === plain) await editor.addWholeCollection();
		await eventually(async () => {
			expect((await editor.fields()).length).toBeGreaterThan(10);
			expect(await editor.cutLabels()).toEqual([]);
		});
	});

	describe('to somebody who fills in a credential', () => {
		let sandbox: SandboxProcess;

		beforeAll(async () => {
			const { projectRoot } = prepared;
			const logFile = join(lab.userFolder, 'sandbox.log');
			sandbox = await startSandboxProcess({ projectRoot, logFile });
		});
		afterAll(() => sandbox?.stop());

		/** What the dialog says when these fields are saved over the ones before. */
		const saved = async (fields: Record<string, string>) => {
			for (const [label, value] of Object.entries(fields))
				await editor.credential.fill(label, value);
			return await editor.credential.save();
		};

		it('says in its own words what is wrong, and takes what was copied along', async () => {
			await editor.credential.open((await lab.credential()).id);
			const copied = { 'API Key': ` "Bearer ${sandbox.key}" `, 'Base URL': ` ${sandbox.url}/ ` };
			expect(await saved({ ...copied, 'Files URL': nobody })).toMatch(
				/The API answers, but the file storage.*'Files URL'/,
			);
			await editor.credential.picture(join(lab.userFolder, 'files.jpg'));
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
			await open(plain);
			for (const words of ['wan', 'image to video', 'talking', 'lip sync'])
				await eventually(async () =>
					expect((await editor.creator.search(words))[0]).toBe('Wan Video'),
				);
			for (const words of SEARCHES)
				await eventually(async () =>
					expect(await editor.creator.search(words)).toContain('Wan Video'),
				);
		});

		it('tells what it does before it is added', async () => {
			await open(plain);
			const text = await editor.creator.details('wan video');
			expect(text).toContain('Turn words, images, clips and sound into video');
			expect(text).toContain('Generate video');
			expect(text).toContain('On completed video');
		});

		it('asks for the address of a clip where it is needed, and for no credential to join', async () => {
			await open(joinUrl);
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
			await open(joinExpression);
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
			await open(small('model-chosen', {}));
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
			await open(modelKnown);
			await editor.openNode('Wan Video');
			await expectFields(EDIT);
			await open(modelUnknown);
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
			await open(agent);
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
			await eventually(async () =>
				expect(await editor.collectionEntries()).toEqual([
					...['Callback URL', 'Check Materials', 'Check Prompt', 'Extend Prompt'],
					...[
						'Max Billed Seconds',
						'Negative Prompt',
						'Seed',
						'Submit Again on Failure',
						'Timeout',
					],
				]),
			);
		});
	});
});
