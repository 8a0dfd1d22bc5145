/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The node in n8n's editor, as a person meets it: what stands on the canvas, which fields each operation and mode shows and
// hides, a run by the button with all views of what comes out, a pause, and the examples. Each look is a picture in
// docs/screenshots/, each example one in examples/pictures/.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Editor } from './support/editor';
import { type EditorLab, goingOn, startEditorLab } from './support/editorLab';
import { operations, small, subtitles, uploaded } from './support/editorWorkflows';
import { picturesOfExamples } from './support/examplePictures';
import { newestInstall, prepared } from './support/prepared';
import { startSandboxProcess, type SandboxProcess } from './support/sandboxProcess';
import { eventually } from './support/until';

const screenshots = join(prepared.projectRoot, 'docs', 'screenshots');
/** They are committed, and readers load them with the readme. */
const maxScreenshotBytes = 150_000;
/** Longer than what the node waits for in memory, so that it pauses. */
const slowTaskSeconds = 45;

let sandboxes: SandboxProcess[] = [];
let lab: EditorLab;
let editor: Editor;

beforeAll(async () => {
	mkdirSync(screenshots, { recursive: true });
	lab = await startEditorLab(newestInstall, 'editor');
	({ editor } = lab);
});
afterEach(() => expect(editor.errors()).toEqual([]));
afterAll(async () => {
	await lab?.stop();
	for (const sandbox of sandboxes) await sandbox.stop();
	sandboxes = [];
});

/** A sandbox whose tasks take so long, and a credential for it. */
async function sandboxWith(taskSeconds: number) {
	const logFile = join(lab.userFolder, `sandbox-${taskSeconds}.log`);
	const { projectRoot } = prepared;
	const sandbox = await startSandboxProcess({ projectRoot, taskSeconds, logFile });
	sandboxes.push(sandbox);
	const { key: apiKey, url } = sandbox;
	const credential = await lab.credential({ apiKey, baseUrl: url, filesUrl: url });
	return { sandbox, credential };
}

const keep = async (name: string, part: Parameters<Editor['nodePicture']>[1] | 'canvas') => {
	const file = join(screenshots, `${name}.jpg`);
	await (part === 'canvas' ? editor.canvasPicture(file) : editor.nodePicture(file, part));
	expect(statSync(file).size).toBeLessThan(maxScreenshotBytes);
};

it('says under each node what it does', async () => {
	await lab.open(operations);
	await eventually(async () =>
		expect(await editor.subtitles()).toEqual({
			...Object.fromEntries(subtitles),
			'Wan Video Trigger': 'On: completed',
		}),
	);
	await keep('operations', 'canvas');
	await editor.openNode('Wan Video Trigger');
	await eventually(async () =>
		expect(await editor.fields()).toEqual(['Trigger On', 'Download Video', 'Simplify']),
	);
	await keep('trigger', 'parameters');
});

/** Fields in this order among the others; starts of labels that must not be there; words of a notice or a hint. */
type Look = [entry: string, file: string, shows: string[], hides: string[], says?: string];

const always = ['Prompt', 'Duration (Seconds)', 'Quality'];
const files = ['Download Video', 'Output Data'];

const modes: Look[] = [
	[
		...(['First Frame', 'first_frame'] as const),
		['First Frame URL', 'Driving Audio Source', ...always],
		['Last Frame', 'Clip'],
		'EvoLink bills every second',
	],
	[
		...(['First and Last Frame', 'first_last_frame'] as const),
		['First Frame URL', 'Last Frame URL', 'Driving Audio Source', ...always],
		['Clip'],
	],
	[
		...(['Video Continuation', 'video_continuation'] as const),
		['Clip URL', 'Last Frame Source', ...always],
		['First Frame', 'Driving Audio'],
		'The duration is the total length',
	],
	[
		...(['Auto', 'auto'] as const),
		['First Frame Source', 'Clip Source', 'Last Frame Source', 'Driving Audio Source', ...always],
		[],
		'Give a first frame',
	],
];

const shaped = [...always.slice(0, 1), 'Aspect Ratio', 'Quality'];
const ofReferences = ['Reference Images', 'Reference Clips'];
const of30 = ['Duration Mode', 'Duration (Seconds)', 'Aspect Ratio'];

/** Every model but the first, which is that of the modes. */
const models: Look[] = [
	['Wan 2.7 Text to Video', 'wan2.7-text-to-video', shaped, ['First', 'Clip', 'Reference']],
	[
		...(['Wan 2.7 Reference to Video', 'wan2.7-reference-video'] as const),
		['First Frame Source', ...ofReferences, ...shaped],
		['Driving', 'Document', 'Last', 'Duration Mode'],
	],
	[
		...(['Wan 2.7 Video Edit', 'wan2.7-video-edit'] as const),
		['Clip Source', 'Clip URL', 'Reference Images', 'Prompt', 'Duration Mode', 'Aspect Ratio'],
		['First', 'Last', 'Reference Clips', 'Driving', 'Duration (Seconds)'],
	],
	...['Wan 3.0', 'Wan 3.0 Prime'].flatMap((family): Look[] => {
		const id = family.toLowerCase().replaceAll(' ', '-').replace('wan-', 'wan');
		const none = ['Generation Mode', 'Driving', 'Clip'];
		return [
			[
				...([`${family} Image to Video`, `${id}-image-to-video`] as const),
				['First Frame Source', 'First Frame URL', 'Last Frame Source', 'Prompt', ...of30],
				[...none, 'Reference', 'Document'],
			],
			[
				...([`${family} Text to Video`, `${id}-text-to-video`] as const),
				['Prompt', ...of30],
				[...none, 'First', 'Last', 'Reference', 'Document'],
			],
			[
				...([`${family} Reference to Video`, `${id}-reference-video`] as const),
				[...ofReferences, 'Reference Audio', 'Document Source', 'Prompt', ...of30],
				[...none, 'First', 'Last'],
			],
		];
	}),
];

const videoOperations: Look[] = [
	['Submit', 'submit', always, files, 'within 24 hours'],
	['Check', 'check', always, [...files, 'Simplify']],
	[
		...(['Join', 'join'] as const),
		['Clip Source', 'Clip Input Data Field Name', 'Output Data Field Name'],
		['Generation Mode', 'Prompt', 'Simplify'],
		'Nothing is encoded anew and nothing is charged',
	],
];

const otherOperations: Array<[resource: string, ...Look]> = [
	['Task', 'Get', 'task_get', ['Task ID', 'Simplify'], [...files, ...always]],
	['Task', 'Wait', 'task_wait', ['Task ID', 'Download Video', 'Output Data Field Name'], always],
	['File', 'Upload', 'file_upload', ['Input Data Field Name'], [...files, ...always]],
	['File', 'Get Quota', 'file_quota', ['Operation'], [...files, ...always, 'Input Data']],
	['Account', 'Get Credits', 'credits', ['Operation'], [...files, ...always]],
];

describe('the parameters', () => {
	// Each begins with what the one before has chosen, or with the defaults, and chooses all that it is about.
	const onOpenNode = goingOn(async () => {
		await lab.open(small('edited', {}));
		await editor.openNode('Wan Video');
	});

	const expectLook = async ([, file, shows, hides, says]: Look) => {
		await eventually(async () => {
			const fields = await editor.fields();
			expect(fields.filter((field) => shows.includes(field))).toEqual(shows);
			expect(fields.filter((field) => hides.some((start) => field.startsWith(start)))).toEqual([]);
			expect(fields).toEqual([...new Set(fields)]);
			if (says !== undefined) expect(await editor.parameterTexts()).toContain(says);
		});
		await keep(file, 'parameters');
	};

	it(
		'begin with resource, operation, model and mode',
		onOpenNode(async () => {
			const first = ['Resource', 'Operation', 'Model', 'Generation Mode'];
			await eventually(async () => expect((await editor.fields()).slice(0, 4)).toEqual(first));
		}),
	);

	it.each(videoOperations)(
		'of Video: %s',
		onOpenNode(async (...look: Look) => {
			await editor.choose('Operation', look[0]);
			await expectLook(look);
		}),
	);

	it(
		'tell that a link does not last, where nothing is downloaded',
		onOpenNode(async () => {
			await editor.choose('Operation', 'Generate');
			await eventually(async () => {
				expect(await editor.fields()).toContain('Output Data Field Name');
				expect(await editor.collectionEntries()).toContain('File Name');
			});
			await editor.turn('Download Video', 'off');
			await eventually(async () => {
				expect(await editor.parameterTexts()).toContain('only a link, which works for 24 hours');
				expect(await editor.fields()).not.toContain('Output Data Field Name');
				expect(await editor.collectionEntries()).not.toContain('File Name');
			});
			await keep('without_download', 'parameters');
			await editor.turn('Download Video', 'on');
		}),
	);

	it.each(modes)(
		'of mode %s',
		onOpenNode(async (...look: Look) => {
			await editor.choose('Generation Mode', look[0]);
			await expectLook(look);
		}),
	);

	it.each(models)(
		'of model %s',
		onOpenNode(async (...look: Look) => {
			await editor.choose('Model', look[0]);
			await expectLook(look);
		}),
	);

	it.each(otherOperations)(
		'of %s: %s',
		onOpenNode(async (resource: string, ...look: Look) => {
			await editor.choose('Resource', resource);
			await editor.choose('Operation', look[0]);
			await expectLook(look);
		}),
	);
});

describe('a run by the button', () => {
	let fast: Awaited<ReturnType<typeof sandboxWith>>;
	beforeAll(async () => {
		fast = await sandboxWith(6);
	});

	const afterTheRun = goingOn(async () => {
		// An address that can be looked into, as users have it.
		const workflow = small('ran', { firstFrameUrl: await uploaded(fast.sandbox) });
		await lab.open(workflow, fast.credential);
		await editor.executeWorkflow('Wan Video');
		await keep('canvas', 'canvas');
		await editor.openNode('Wan Video');
	});

	it(
		'told its progress in the console of the browser',
		afterTheRun(async () => {
			await eventually(async () => {
				const words = await Promise.resolve(editor.consoleLines().join('\n'));
				expect(words).toMatch(/\[Node: "Wan Video"\].*submitted task task-unified-/);
				expect(words).toMatch(/task task-unified-\S+ is (pending|processing)/);
				expect(words).toMatch(/task task-unified-\S+ is completed/);
			});
		}),
	);

	it.each(['schema', 'table', 'json', 'binary'] as const)(
		'shows in the %s view',
		afterTheRun(async (view: 'schema' | 'table' | 'json' | 'binary') => {
			await editor.output.show(view, view === 'binary' ? 'video/mp4' : 'expiresAt');
			await eventually(async () => {
				const text = await editor.output.text();
				// The sum of the run stands above all views, and nothing else does: the address could be checked.
				expect(text).toMatch(/1 video made, 5 seconds of video, [\d.]+ credits reserved\./);
				expect(text).not.toContain('could not be checked');
			});
			await keep(view === 'binary' ? 'result' : `result_${view}`, 'output');
		}),
	);

	it(
		'plays the video',
		afterTheRun(async () => {
			await editor.output.show('binary', 'video/mp4');
			const player = await editor.output.play();
			expect(player.source).toContain(`${lab.server.url}/rest/binary-data?id=`);
			expect(player.contentType).toBe('video/mp4');
			if (player.canDecode) expect(player.seconds).toBe(5);
			await keep('video', 'node');
		}),
	);
});

it('a pause shows as waiting, with words on what it waits for', async () => {
	const { credential } = await sandboxWith(slowTaskSeconds);
	await lab.open(small('paused', { options: { whileWaiting: 'pause' } }), credential);
	await editor.executeUntilWaiting('Wan Video');
	await keep('paused', 'canvas');
	await editor.openNode('Wan Video');
	await eventually(async () =>
		expect(await editor.output.text()).toContain('Paused until the video is ready.'),
	);
	await keep('paused_node', 'output');
	await editor.closeNode();
	await editor.stopWorkflow();
});

describe('an example as it is after the import', () => picturesOfExamples(() => lab));
