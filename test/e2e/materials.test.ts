/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Materials in real n8n servers: a photo from a form becomes a video, the video goes on in a second node without any
// hosting in between, and a transparent PNG is refused before anything is sent.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localCredential, withCredential, type Workflow } from './support/examples';
import { importAll } from './support/n8nCli';
import { installPackage } from './support/n8nInstall';
import { startN8n, type N8nServer } from './support/n8nServer';
import { freshFolder, prepared } from './support/prepared';
import { type ExecutionRow, openSession, type Session } from './support/rest';
import { itemsOf } from './support/runData';
import { startSandboxProcess, type SandboxProcess } from './support/sandboxProcess';
import { until } from './support/until';
import { pictureDifference, probeVideo } from './support/video';

const media = (...path: string[]) => join(prepared.projectRoot, ...path);
const photo = media('examples', 'media', 'first_frame.jpg');

describe.each(prepared.installs.map((install) => [install.version, install] as const))(
	'n8n %s',
	(version, install) => {
		let userFolder: string;
		let sandbox: SandboxProcess;
		let server: N8nServer;
		let session: Session;
		let workflowId: string;

		beforeAll(async () => {
			userFolder = freshFolder(`materials-${version}`);
			const { projectRoot } = prepared;
			sandbox = await startSandboxProcess({
				projectRoot,
				logFile: join(userFolder, 'sandbox.log'),
				taskSeconds: 2,
			});
			installPackage(install, userFolder);
			const { key: apiKey, url } = sandbox;
			const credential = localCredential({ apiKey, baseUrl: url, filesUrl: url });
			const workflow = withCredential(formToVideos(), credential);
			await importAll({ install, userFolder }, [credential], [{ ...workflow, id: 'placeholder' }]);
			server = await startN8n({ install, userFolder });
			session = await openSession(server.url);
			const stored = await session.createWorkflow(workflow);
			await session.activate(stored);
			workflowId = stored.id;
			// Activating answers before the form is there.
			await until('the form', async () => ((await fetch(formUrl())).ok ? true : undefined));
		});
		afterAll(async () => {
			await server?.stop();
			await sandbox?.stop();
		});

		const formUrl = () => `${server.url}/form/wan-photo`;

		/** Sends a file by the form and waits for the execution that it starts. */
		async function sendByForm(file: string, name: string, type: string): Promise<ExecutionRow> {
			const before = new Set((await session.executions(workflowId)).map(({ id }) => id));
			const form = new FormData();
			form.append('field-0', new Blob([readFileSync(file)], { type }), name);
			const answer = await fetch(formUrl(), { method: 'POST', body: form });
			expect(answer.status).toBe(200);
			const started = await until('an execution', async () =>
				(await session.executions(workflowId)).find(({ id }) => !before.has(id)),
			);
			return await session.waitFor(started.id);
		}

		const requests = async (path: RegExp) =>
			(await sandbox.requests()).filter((request) => path.test(request.path));

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
			const file = join(userFolder, 'chained.mp4');
			writeFileSync(file, await session.download(binary?.data.id ?? ''));
			const facts = await probeVideo(file);
			expect(Math.abs(facts.durationSeconds - 4)).toBeLessThan(0.15);
			expect(await pictureDifference(file, photo)).toBeLessThan(12);
		});

		it('a transparent PNG is refused before any request', async () => {
			const before = (await sandbox.requests()).length;
			const file = media('test', 'media', 'valid', 'png', 'rgba-holes.png');
			const execution = await sendByForm(file, 'logo.png', 'image/png');
			expect(execution.status).toBe('error');
			expect(execution.data.resultData.error?.message).toMatch(
				/has transparent parts.*without transparency/,
			);
			expect((await sandbox.requests()).length).toBe(before);
		});
	},
);

/** Form -> a video of 2 seconds -> the same, continued to 4 seconds. */
function formToVideos(): Workflow {
	const video = (name: string, at: number, parameters: Record<string, unknown>) => ({
		id: name,
		name,
		type: 'n8n-nodes-wan-video.wanVideo',
		typeVersion: 1,
		position: [at, 0],
		parameters: { prompt: 'Waves', ...parameters },
	});
	const form = {
		id: 'form',
		name: 'Form',
		type: 'n8n-nodes-base.formTrigger',
		typeVersion: 2.2,
		position: [0, 0],
		webhookId: 'wan-photo',
		parameters: {
			formTitle: 'Photo',
			formFields: { values: [{ fieldLabel: 'Photo', fieldType: 'file', multipleFiles: false }] },
			options: { path: 'wan-photo' },
		},
	};
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return {
		name: 'Form to videos',
		nodes: [
			form,
			video('Make', 300, {
				generationMode: 'first_frame',
				firstFrameSource: 'binary',
				firstFrameBinaryField: 'Photo',
				duration: 2,
			}),
			video('Continue', 600, {
				generationMode: 'video_continuation',
				clipSource: 'binary',
				duration: 4,
			}),
		],
		connections: { Form: to('Make'), Make: to('Continue') },
		settings: { executionOrder: 'v1' },
	};
}
