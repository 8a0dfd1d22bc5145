// What `npm start` shows once everything is installed: a local EvoLink and a local n8n with the examples in it, the first
// example run without an editor, its video copied to .lab/videos/, then the editor until Ctrl-C.
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { labRoot, logsRoot, newestN8n, projectRoot } from '../lab/paths.mjs';
import { announce, beforeExit, LabError, runsUntilInterrupted } from '../lab/run.mjs';
import { placeholdersIn, replaceAddresses } from './addresses.mjs';
import { closingLines } from './closing.mjs';
import { evoLinkUrls, uploadImages } from './evoLink.mjs';
import { executeExample } from './execute.mjs';
import { rememberImport, wasImported } from './importStamp.mjs';

/** @typedef {typeof import('../../test/e2e/support/index')} Support */

const firstExample = 'image-to-video';
/** EvoLink's own estimate is minutes; a queue there may make it many more. */
const runTimeoutMs = 45 * 60_000;

/**
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function during(title, work) {
	const finish = announce(title);
	try {
		const result = await work();
		finish('done');
		return result;
	} catch (error) {
		finish('failed');
		throw new LabError(error instanceof Error ? error.message : String(error));
	}
}

/**
 * Runs the demonstration; resolves when it is over.
 * @param {object} options
 * @param {Support} options.support
 * @param {import('../../test/e2e/support/index').N8nInstall} options.install
 * @param {string} options.userFolder
 * @param {number} options.port
 * @param {number} options.sandboxPort
 * @param {boolean} options.once end after the first example instead of opening the editor
 * @param {string} [options.evoLinkKey] with a key EvoLink itself is used instead of the sandbox, and charges
 */
export async function runDemo({
	support,
	install,
	userFolder,
	port,
	sandboxPort,
	once,
	evoLinkKey,
}) {
	beforeExit(support.stopAll);
	const sandbox = evoLinkKey
		? undefined
		: await during('Starting the sandbox', () =>
				support.startSandboxProcess({
					projectRoot,
					port: sandboxPort,
					logFile: join(logsRoot, 'sandbox.log'),
					// Enough to play for hours; the batch alone takes 200.
					args: ['--credits', '100000'],
				}),
			);
	const credential = support.localCredential(
		sandbox
			? { apiKey: sandbox.key, baseUrl: sandbox.url, filesUrl: sandbox.url }
			: { apiKey: evoLinkKey ?? '', ...evoLinkUrls },
	);
	const workflows = await readWorkflows(support, credential, { sandbox, evoLinkKey });

	support.installPackage(install, userFolder);
	const target = { install, userFolder };
	if (!wasImported(userFolder, credential, workflows)) {
		await during('Giving n8n the credential and the examples', () =>
			support.importAll(target, [credential], workflows),
		);
		rememberImport(userFolder, credential, workflows);
	}
	if (evoLinkKey) {
		console.log(
			'  EVOLINK_API_KEY is set: EvoLink itself makes this video and charges for it. It takes some minutes.',
		);
	}
	await makeVideo(support, target);
	if (once) return;

	const server = await during(`Starting n8n ${newestN8n}`, () =>
		support.startN8n({
			...{ install, userFolder, port, env: support.WHOLE },
			logFile: join(logsRoot, 'n8n-server.log'),
		}),
	);
	await support.openSession(server.url);
	console.log(
		closingLines({
			editorUrl: server.url,
			owner: support.localOwner,
			workflows,
			sandboxUrl: sandbox?.url,
			placeholders: placeholdersIn(workflows),
		}),
	);
	runsUntilInterrupted();
	throw new LabError(
		`n8n ${await server.ended()} (log: ${relative(process.cwd(), server.logFile)})`,
	);
}

/**
 * The examples with the credential, and with addresses behind which there is something.
 * @param {Support} support
 * @param {import('../../test/e2e/support/index').Credential} credential
 * @param {{ sandbox?: import('../../test/e2e/support/index').SandboxProcess, evoLinkKey?: string }} from
 */
async function readWorkflows(support, credential, { sandbox, evoLinkKey }) {
	const workflows = support
		.readExamples(join(projectRoot, 'examples'))
		.map(({ workflow }) => support.withCredential(workflow, credential));
	if (!workflows.some(({ id }) => id === firstExample))
		throw new LabError(`examples/${firstExample}.json is missing.`);
	const media = join(projectRoot, 'examples', 'media');
	const addresses = sandbox
		? await sandbox.admin('GET', 'examples')
		: await during("Uploading the examples' images to EvoLink", () =>
				uploadImages(Object.keys(placeholdersIn(workflows)), media, evoLinkKey ?? ''),
			);
	return workflows.map((workflow) => replaceAddresses(workflow, addresses));
}

/**
 * Runs the first example and puts its video where a person finds it.
 * @param {Support} support
 * @param {import('../../test/e2e/support/index').CliTarget} target
 */
async function makeVideo(support, target) {
	const startedAt = Date.now();
	const execution = await executeExample({
		title: `Running examples/${firstExample}.json in n8n ${newestN8n}`,
		support,
		target,
		id: firstExample,
		timeoutMs: runTimeoutMs,
	});
	const { item, binary } = theVideo(support, execution);
	const folder = join(labRoot, 'videos');
	mkdirSync(folder, { recursive: true });
	const video = join(folder, basename(binary.fileName ?? `${item.json.taskId}.mp4`));
	copyFileSync(support.binaryFile(target.userFolder, binary.id ?? ''), video);
	const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
	console.log(
		`\n  Video: ${relative(process.cwd(), video)}, ${statSync(video).size} bytes, made in ${seconds} s`,
	);
}

/**
 * @param {Support} support
 * @param {import('../../test/e2e/support/index').Execution} execution
 */
function theVideo(support, execution) {
	try {
		return support.theVideo(execution);
	} catch (error) {
		throw new LabError(error instanceof Error ? error.message : String(error));
	}
}
