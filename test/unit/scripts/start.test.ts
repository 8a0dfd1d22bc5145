// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// `npm start`, as far as it can be seen without an n8n: what it says before it installs anything, where the examples' addresses
// lead, why a run failed, and its last lines. The scripts are ES modules, so each runs in a Node of its own.

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { startSandbox } from '../../../sandbox';
import { exampleAddresses } from '../../../sandbox/publicFiles';
import { readExamples, type Workflow } from '../../e2e/support/examples';

const ROOT = join(__dirname, '..', '..', '..');

const run = promisify(execFile);

/** Runs node and gives what it printed, with its exit code. */
const node = (...args: string[]): Promise<{ code: number; output: string }> =>
	run(process.execPath, args, { env: { ...process.env, EVOLINK_API_KEY: undefined } }).then(
		({ stdout, stderr }) => ({ code: 0, output: `${stdout}${stderr}` }),
		(error: { code: number; stdout: string; stderr: string }) => ({
			code: error.code,
			output: `${error.stdout}${error.stderr}`,
		}),
	);

/** Calls a function of a script with values that JSON can carry. */
async function call<T>(file: string, name: string, ...args: unknown[]): Promise<T> {
	const script = `const [, file, name, args] = process.argv;
		const value = await (await import(file))[name](...JSON.parse(args));
		console.log(JSON.stringify({ value }));`;
	const url = pathToFileURL(join(ROOT, 'scripts', file)).href;
	const flags = ['--input-type=module', '-e', script];
	const { code, output } = await node(...flags, url, name, JSON.stringify(args));
	if (code !== 0) throw new Error(output);
	return (JSON.parse(output) as { value: T }).value;
}

describe('before anything is installed', () => {
	let folder = '';
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'wan-start-test-'));
		cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
	});
	afterAll(() => rmSync(folder, { recursive: true }));
	const start = (...flags: string[]) => node(join(folder, 'scripts', 'start.mjs'), ...flags);

	it('names its flags', async () => {
		const { code, output } = await start('--help');
		expect(code).toBe(0);
		for (const flag of ['--once', '--port', '--sandbox-port', 'EVOLINK_API_KEY'])
			expect(output).toContain(flag);
		expect((await start('--prot', '5680')).output).toMatch(/Unknown option '--prot'.*--port/);
	});

	it('finds a port in use and proposes a free one', async () => {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		const port = typeof address === 'object' && address ? address.port : 0;
		const busy = await start('--port', String(port));
		const busySandbox = await start('--once', '--sandbox-port', String(port));
		await new Promise((resolve) => server.close(resolve));
		expect(busy).toEqual({
			code: 1,
			output: expect.stringMatching(
				`Port ${port} \\(for n8n\\) is in use. Choose another one: npm start -- --port \\d+\n`,
			) as string,
		});
		expect(busySandbox.output).toContain(`Port ${port} (for the sandbox) is in use.`);
		expect(readdirSync(folder)).toEqual(['scripts']);
	});

	it('takes no port for two things', async () => {
		const { output } = await start('--port', '28999', '--sandbox-port', '28999');
		expect(output).toContain('Port 28999 (for n8n) is asked for twice.');
	});
});

describe("the examples' addresses", () => {
	const workflows = readExamples(join(ROOT, 'examples')).map(({ workflow }) => workflow);
	const placeholders = () =>
		call<Record<string, string[]>>('demo/addresses.mjs', 'placeholdersIn', workflows);

	it('all lead to files of the sandbox', async () => {
		const addresses = exampleAddresses('http://127.0.0.1:8787');
		expect(Object.keys(addresses)).toEqual(
			expect.arrayContaining(Object.keys(await placeholders())),
		);
		const text = JSON.stringify(
			await Promise.all(
				workflows.map((workflow) =>
					call<Workflow>('demo/addresses.mjs', 'replaceAddresses', workflow, addresses),
				),
			),
		);
		expect(text).not.toContain('//example.com/');
		expect(text).toContain('http://127.0.0.1:8787/_sandbox/examples/portrait.jpg');
	});

	it('become uploaded images at EvoLink, and clips and sound are left to the user', async () => {
		const switches = { uploadTypes: 'documented' as const };
		const sandbox = await startSandbox({ clock: 'manual', video: 'sample', switches });
		const upload = call<Record<string, string>>(
			...(['demo/evoLink.mjs', 'uploadImages'] as const),
			...[Object.keys(await placeholders()), join(ROOT, 'examples', 'media')],
			...[sandbox.key, sandbox.url],
		);
		await Promise.allSettled([upload]);
		await sandbox.close();
		const uploaded = await upload;
		expect(Object.keys(uploaded).sort()).toEqual(
			Object.keys(await placeholders())
				.filter((address) => /\.(jpg|png)$/.test(address))
				.sort(),
		);
		for (const url of Object.values(uploaded)) expect(url).toContain(`${sandbox.url}/files/`);
	});
});

describe('a run that failed', () => {
	const explain = (...lines: string[]) =>
		call<string>('demo/execute.mjs', 'explainExecution', lines.join('\n'));
	const ruler = '====================================';

	it('is told by its node and its reason', async () => {
		const error = { message: 'No credits.', description: 'Top up.', node: { name: 'Wan Video' } };
		const execution = { data: { resultData: { error, lastNodeExecuted: 'Start' } } };
		const printed = JSON.stringify(execution, null, 2);
		expect(await explain('Broker ready', ruler, printed, ruler, 'No credits.', '    at x')).toBe(
			"the node 'Wan Video' says: No credits. Top up.",
		);
	});

	it('is told by what stands under the ruler when no node ran', async () => {
		expect(await explain('Execution error:', ruler, 'Workflow not found', '  at y')).toBe(
			'Workflow not found',
		);
		expect(await explain('{', '  broken', 'node: not found')).toBe('node: not found');
	});
});

describe('the last lines', () => {
	const scene = {
		editorUrl: 'http://127.0.0.1:5678',
		owner: { email: 'a@b.c', password: 'p' },
		workflows: [
			{ id: 'image-to-video', name: 'Image to video' },
			{ id: 'talking-portrait', name: 'Talking portrait' },
		],
		placeholders: {},
	};
	const lines = (change: object) =>
		call<string>('demo/closing.mjs', 'closingLines', { ...scene, ...change });

	it('say what is there, what to press, how to get in and what is kept', async () => {
		const text = await lines({ sandboxUrl: 'http://127.0.0.1:8787' });
		expect(text).toContain("All 2 examples are in n8n's Overview");
		expect(text).toContain("open 'Talking portrait', press Execute workflow, then View");
		expect(text).toContain('http://127.0.0.1:5678/home/workflows');
		expect(text).toContain('a@b.c / p');
		expect(text).toContain('http://127.0.0.1:8787/');
		expect(text).toContain('mouths do not');
		expect(text).toContain('there again after the next npm start');
	});

	it('with a key name what is charged and what has to be replaced', async () => {
		const placeholders = { 'https://example.com/clip.mp4': ['Continue a clip'] };
		const text = await lines({ placeholders });
		expect(text).toContain("open 'Image to video'");
		expect(text).toContain('EvoLink charges for each run');
		expect(text).toContain('https://example.com/clip.mp4 (Continue a clip)');
		expect(text).not.toContain('Sandbox');
	});
});
