/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The node in n8n's editor, as a person meets it: which fields each Generation Mode shows and hides, and a run by the
// button. Each look is kept as a picture in docs/screenshots/.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openEditor, type Editor } from './support/editor';
import { localCredential, readExamples, withCredential, type Workflow } from './support/examples';
import { importAll } from './support/n8nCli';
import { installPackage } from './support/n8nInstall';
import { startN8n, type N8nServer } from './support/n8nServer';
import { freshFolder, newestInstall, prepared } from './support/prepared';
import { openSession } from './support/rest';
import { startSandboxProcess, type SandboxProcess } from './support/sandboxProcess';

const screenshots = join(prepared.projectRoot, 'docs', 'screenshots');
/** They are committed, and readers load them with the readme. */
const maxScreenshotBytes = 150_000;

const examples = readExamples(join(prepared.projectRoot, 'examples'));
const ran = 'image-to-video';
/** A copy for the tests that change it, because the editor saves by itself what is changed. */
const edited = 'edited';

let sandbox: SandboxProcess;
let server: N8nServer;
let editor: Editor;

beforeAll(async () => {
	mkdirSync(screenshots, { recursive: true });
	const userFolder = freshFolder('editor');
	const target = { install: newestInstall, userFolder };
	sandbox = await startSandboxProcess({
		projectRoot: prepared.projectRoot,
		logFile: join(userFolder, 'sandbox.log'),
		taskSeconds: 3,
	});
	installPackage(newestInstall, userFolder);
	const credential = localCredential({
		apiKey: sandbox.key,
		baseUrl: sandbox.url,
		filesUrl: sandbox.url,
	});
	const workflows = examples.map(({ workflow }) => withCredential(workflow, credential));
	const toEdit = { ...workflows.find(({ id }) => id === ran), id: edited, name: 'Wan Video' };
	await importAll(target, [credential], [...workflows, toEdit as Workflow]);
	server = await startN8n(target);
	await openSession(server.url);
	editor = await openEditor(server.url);
});

afterAll(async () => {
	await editor?.close();
	await server?.stop();
	await sandbox?.stop();
});

const keep = async (name: string, part: 'window' | 'parameters') => {
	const file = join(screenshots, `${name}.jpg`);
	await editor.screenshot(file, part);
	expect(statSync(file).size).toBeLessThan(maxScreenshotBytes);
};

interface ModeLook {
	entry: string;
	file: string;
	/** In this order, among the others. */
	shows: string[];
	/** No label may begin with one of these. */
	hides: string[];
}

const always = ['Prompt', 'Duration', 'Quality'];

const modes: ModeLook[] = [
	{
		entry: 'First Frame',
		file: 'first_frame',
		shows: ['First Frame URL', 'Driving Audio Source', ...always],
		hides: ['Last Frame', 'Clip'],
	},
	{
		entry: 'First and Last Frame',
		file: 'first_last_frame',
		shows: ['First Frame URL', 'Last Frame URL', 'Driving Audio Source', ...always],
		hides: ['Clip'],
	},
	{
		entry: 'Video Continuation',
		file: 'video_continuation',
		shows: ['Clip URL', 'Last Frame Source', ...always],
		hides: ['First Frame', 'Driving Audio'],
	},
	{
		entry: 'Auto',
		file: 'auto',
		shows: [
			'First Frame Source',
			'Clip Source',
			'Last Frame Source',
			'Driving Audio Source',
			...always,
		],
		hides: [],
	},
];

describe('the parameters', () => {
	beforeAll(async () => {
		await editor.openWorkflow(edited);
		await editor.openNode('Wan Video');
	});
	afterAll(() => editor.closeNode());

	it('begin with resource, operation and mode', async () => {
		expect((await editor.fields()).slice(0, 3)).toEqual([
			'Resource',
			'Operation',
			'Generation Mode',
		]);
	});

	it.each(modes)('of mode $entry', async ({ entry, file, shows, hides }) => {
		await editor.choose('Generation Mode', entry);
		const fields = await editor.fields();
		expect(fields.filter((field) => shows.includes(field))).toEqual(shows);
		expect(fields.filter((field) => hides.some((start) => field.startsWith(start)))).toEqual([]);
		await keep(file, 'parameters');
	});
});

it('runs by the button, shows the tick and the result', async () => {
	await editor.openWorkflow(ran);
	await editor.executeWorkflow('Wan Video');
	await keep('canvas', 'window');
	await editor.openNode('Wan Video');
	await keep('result', 'window');
	await editor.closeNode();
});

it('opens every example without an error of the page', async () => {
	for (const { id } of examples) await editor.openWorkflow(id);
	expect(editor.errors()).toEqual([]);
});
