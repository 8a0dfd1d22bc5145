/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Materials in real n8n servers: a photo from a form becomes a video, the video goes on in a second node without any
// hosting in between, and a transparent PNG is refused before anything is sent.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from './support/examples';
import { startedBy } from './support/fire';
import { type Lab, labs } from './support/lab';
import { inARow, photoForm, videoNode } from './support/nodes';
import { prepared } from './support/prepared';
import type { ExecutionRow, StoredWorkflow } from './support/rest';
import { itemsOf } from './support/runData';
import { until } from './support/until';
import { pictureDifference, probeVideo } from './support/video';

const media = (...path: string[]) => join(prepared.projectRoot, ...path);
const photo = media('examples', 'media', 'first_frame.jpg');

describe.each(labs({ name: 'materials', video: 'rendered' }))('n8n %s', (_, labNow) => {
	let lab: Lab;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		lab = labNow();
		workflow = await lab.store(formToVideos());
		await lab.session.activate(workflow);
		// Activating answers before the form is there.
		await until('the form', async () => ((await fetch(formUrl())).ok ? true : undefined));
	});

	const formUrl = () => `${lab.server.url}/form/wan-photo`;

	/** Sends a file by the form and waits for the execution that it starts. */
	async function sendByForm(file: string, name: string, type: string): Promise<ExecutionRow> {
		const form = new FormData();
		form.append('field-0', new Blob([readFileSync(file)], { type }), name);
		const started = await startedBy(lab.session, workflow, async () => {
			expect((await fetch(formUrl(), { method: 'POST', body: form })).status).toBe(200);
		});
		return await lab.session.waitFor(started.id);
	}

	const requests = async (path: RegExp) =>
		(await lab.sandbox.requests()).filter((request) => path.test(request.path));

	it('a photo from a form becomes a video, and goes on in a second node', async () => {
		const execution = await sendByForm(photo, 'photo.jpg', 'image/jpeg');
		expect(execution.data.resultData.error?.message).toBeUndefined();
		const ids = (await requests(/\/videos\/generations$/)).map(
			({ body }) => body as Record<string, unknown>,
		);
		expect(ids.map((body) => Object.keys(body).sort())).toEqual([
			['duration', 'generation_mode', 'image_start', 'model', 'prompt', 'quality'],
			['duration', 'generation_mode', 'model', 'prompt', 'quality', 'video_urls'],
		]);
		const [{ binary, json }] = itemsOf(execution, 'Continue');
		expect(json).toMatchObject({ status: 'completed', width: 1280, height: 720 });
		const file = join(lab.userFolder, 'chained.mp4');
		writeFileSync(file, await lab.session.download(binary?.data.id ?? ''));
		const facts = await probeVideo(file);
		expect(Math.abs(facts.durationSeconds - 4)).toBeLessThan(0.15);
		expect(await pictureDifference(file, photo)).toBeLessThan(12);
	});

	it('a transparent PNG is refused before any request', async () => {
		const before = (await lab.sandbox.requests()).length;
		const file = media('test', 'media', 'valid', 'png', 'rgba-holes.png');
		const execution = await sendByForm(file, 'logo.png', 'image/png');
		expect(execution.status).toBe('error');
		expect(execution.data.resultData.error?.message).toMatch(
			/has transparent parts.*without transparency/,
		);
		expect((await lab.sandbox.requests()).length).toBe(before);
	});
});

/** Form -> a video of 2 seconds -> the same, continued to 4 seconds. */
const formToVideos = (): Workflow =>
	inARow('Form to videos', [
		photoForm('wan-photo'),
		videoNode(
			{ firstFrameSource: 'binary', firstFrameBinaryField: 'Photo', prompt: 'Waves' },
			{ name: 'Make' },
		),
		videoNode(
			{
				...{ generationMode: 'video_continuation', clipSource: 'binary' },
				...{ prompt: 'Waves', duration: 4 },
			},
			{ name: 'Continue' },
		),
	]);
