/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Materials in real n8n servers: a photo from a form becomes a video, the video goes on in a second node without any
// hosting in between, a transparent PNG is refused before anything is sent, and Video: Check tells what files really are.
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

	const formUrl = (path = 'wan-photo') => `${lab.server.url}/form/${path}`;

	/** Sends a file by the form and waits for the execution that it starts. */
	async function sendByForm(
		file: string,
		name: string,
		type: string,
		{ to = workflow, path }: { to?: StoredWorkflow; path?: string } = {},
	): Promise<ExecutionRow> {
		const form = new FormData();
		form.append('field-0', new Blob([readFileSync(file)], { type }), name);
		const started = await startedBy(lab.session, to, async () => {
			expect((await fetch(formUrl(path), { method: 'POST', body: form })).status).toBe(200);
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

	it('Video: Check tells what files are, one of each cause', async () => {
		for (const [kind, parameters] of Object.entries(CHECKS)) {
			const path = `wan-check-${kind}`;
			const to = await lab.store(
				inARow(`Check ${kind}`, [photoForm(path), videoNode(parameters, { name: 'Check' })]),
			);
			await lab.session.activate(to);
			await until('the form', async () => ((await fetch(formUrl(path))).ok ? true : undefined));
			for (const [file, text] of FILES.filter(([, , of]) => of === kind)) {
				const execution = await sendByForm(media('test', 'media', 'cases', file), file, '', {
					...{ to, path },
				});
				const [{ json }] = itemsOf(execution, 'Check');
				expect({ file, told: JSON.stringify(json) }).toEqual({
					file,
					told: expect.stringMatching(text) as string,
				});
			}
		}
	});
});

const CHECK = { operation: 'check', prompt: 'Waves' };
const CHECKS = {
	image: { ...CHECK, firstFrameSource: 'binary', firstFrameBinaryField: 'Photo' },
	sound: {
		...{ ...CHECK, firstFrameUrl: 'http://127.0.0.1/never-asked.jpg' },
		...{ drivingAudioSource: 'binary', drivingAudioBinaryField: 'Photo' },
	},
	clip: {
		...{ ...CHECK, generationMode: 'video_continuation', duration: 10 },
		...{ clipSource: 'binary', clipBinaryField: 'Photo' },
	},
};
/** File | what Check tells | as what it is given. */
const FILES: ReadonlyArray<[string, RegExp, keyof typeof CHECKS]> = [
	['png-8000-16bit-all-clear.png', /has transparent parts/, 'image'],
	['jpeg-two-bytes-before-marker.jpg', /"ok":true.*"width":320,"height":320/, 'image'],
	['wav-header-longer.wav', /"durationSeconds":12[,}]/, 'sound'],
	['wav-open-40s.wav', /is 40 s long/, 'sound'],
	['mp3-joined-2x16s.mp3', /is 32\.\d+ s long/, 'sound'],
	['id3-before.flac', /of the format FLAC/, 'sound'],
	['mp4-brand-3gp4.mp4', /"ok":true.*marked as the older 3GP/, 'clip'],
	['mp4-75-fragments.mp4', /is 15 s long/, 'clip'],
];

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
