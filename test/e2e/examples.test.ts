/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Every workflow of examples/ in real n8n servers, from the command line and over the editor's REST API: one item with a
// real video, and on the wire exactly the body that EvoLink's contract asks for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localCredential, readExamples, withCredential } from './support/examples';
import { expectedRequests } from './expectedRequests';
import { executeWorkflow, importAll } from './support/n8nCli';
import { binaryFile, installPackage } from './support/n8nInstall';
import { startN8n, type N8nServer } from './support/n8nServer';
import { freshFolder, prepared } from './support/prepared';
import { openSession, type Session, type StoredWorkflow } from './support/rest';
import { theVideo } from './support/runData';
import { startSandboxProcess, type SandboxProcess } from './support/sandboxProcess';
import { pictureDifference, probeVideo } from './support/video';

const examples = readExamples(join(prepared.projectRoot, 'examples'));
const media = join(prepared.projectRoot, 'examples', 'media');
/** Of 255. Scaling and compression make 1 to 4, another picture more than 20. */
const samePicture = 8;
/** A video's length is a whole number of frames, and AAC frames run over its end. */
const lengthToleranceSeconds = 0.15;

it('has an expectation for every example', () => {
	expect(examples.map(({ id }) => id)).toEqual(Object.keys(expectedRequests).sort());
});

describe.each(prepared.installs.map((install) => [install.version, install] as const))(
	'n8n %s',
	(version, install) => {
		let sandbox: SandboxProcess;
		let userFolder: string;

		beforeAll(async () => {
			userFolder = freshFolder(`examples-${version}`);
			sandbox = await startSandboxProcess({
				projectRoot: prepared.projectRoot,
				logFile: join(userFolder, 'sandbox.log'),
				taskSeconds: 3,
			});
			installPackage(install, userFolder);
			const credential = localCredential({
				apiKey: sandbox.key,
				baseUrl: sandbox.url,
				filesUrl: sandbox.url,
			});
			const workflows = examples.map(({ workflow }) => withCredential(workflow, credential));
			await importAll({ install, userFolder }, [credential], workflows);
		});
		afterAll(() => sandbox?.stop());

		/** The bodies the sandbox was sent while `work` ran. */
		const bodiesDuring = async <T>(
			work: () => Promise<T>,
		): Promise<{ result: T; bodies: unknown[] }> => {
			const submissions = async () =>
				(await sandbox.requests()).filter(
					({ method, path }) => method === 'POST' && path === '/v1/videos/generations',
				);
			const before = (await submissions()).length;
			const result = await work();
			return { result, bodies: (await submissions()).slice(before).map(({ body }) => body) };
		};

		const expectVideo = async (id: string, file: string) => {
			const { video } = expectedRequests[id];
			const facts = await probeVideo(file);
			expect(facts.format).toContain('mp4');
			expect(Math.abs(facts.durationSeconds - video.seconds)).toBeLessThan(lengthToleranceSeconds);
			expect(Math.max(facts.width, facts.height)).toBe(video.longSide);
			expect(await pictureDifference(file, join(media, video.beginsWith))).toBeLessThan(
				samePicture,
			);
		};

		describe('from the command line', () => {
			it.each(examples.map(({ id }) => id))('%s', async (id) => {
				const { result, bodies } = await bodiesDuring(() =>
					executeWorkflow({ install, userFolder }, id),
				);
				expect(bodies).toEqual([expectedRequests[id].body]);
				await expectVideo(id, binaryFile(userFolder, theVideo(result).binary.id ?? ''));
			});
		});

		describe('in the server', () => {
			let server: N8nServer;
			let session: Session;
			beforeAll(async () => {
				server = await startN8n({ install, userFolder });
				session = await openSession(server.url);
			});
			afterAll(() => server?.stop());

			it.each(examples.map(({ id }) => id))('%s', async (id) => {
				const workflow = await session.call<StoredWorkflow>('GET', `/workflows/${id}`);
				const { result, bodies } = await bodiesDuring(async () =>
					session.waitFor(await session.run(workflow)),
				);
				expect(result.data.resultData.error?.message).toBeUndefined();
				expect(result.status).toBe('success');
				expect(bodies).toEqual([expectedRequests[id].body]);
				const file = join(userFolder, `${id}.mp4`);
				writeFileSync(file, await session.download(theVideo(result).binary.id ?? ''));
				await expectVideo(id, file);
			});
		});
	},
);
