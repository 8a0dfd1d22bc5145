// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// What users get: the packed package, read by n8n's own loader and by n8n's own scanner.
import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PackageDirectoryLoader } from 'n8n-core';
import { filesBelow, packProject, projectRoot, readManifest, type Packed } from './packed';

const run = promisify(execFile);
const scratch = join(projectRoot, '.lab', 'node_modules', 'package-test');
const maxTarballBytes = 200_000;

interface ScanResult {
	passed: boolean;
	message?: string;
	details?: string;
}

let packed: Packed;
beforeAll(async () => {
	packed = await packProject(scratch);
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the tarball', () => {
	it('is small', () => {
		expect(packed.tarballBytes).toBeLessThan(maxTarballBytes);
	});

	it('holds dist, package.json, the readme and the licence, and nothing else', () => {
		const expected = /^(package\.json|README\.md|LICENSE(\.md)?|dist\/.+)$/;
		expect(packed.files.filter((file) => !expected.test(file))).toEqual([]);
		expect(packed.files).toEqual(expect.arrayContaining(['package.json', 'README.md']));
		expect(packed.files.some((file) => file.startsWith('LICENSE'))).toBe(true);
	});

	it('holds compiled code, codex files and icons only', () => {
		const allowed = /^dist\/((nodes|credentials)\/.+\.js|nodes\/.+\.node\.json|icons\/.+\.svg)$/;
		const inDist = packed.files.filter((file) => file.startsWith('dist/'));
		expect(inDist.filter((file) => !allowed.test(file))).toEqual([]);
	});

	it('is indented by tabs, which changes no text of the product', () => {
		const sources = ['nodes', 'credentials']
			.flatMap((room) => filesBelow(join(projectRoot, room)).map((file) => join(room, file)))
			.filter((file) => file.endsWith('.ts'))
			.map((file) => readFileSync(join(projectRoot, file), 'utf8'));
		expect(sources.length).toBeGreaterThan(100);
		expect(sources.filter((source) => /^ {2}/m.test(source))).toEqual([]);
		const compiled = packed.files
			.filter((file) => file.endsWith('.js'))
			.map((file) => readFileSync(join(packed.folder, file), 'utf8'));
		expect(compiled.filter((code) => /^ {2}/m.test(code))).toEqual([]);
	});

	it('is whole once it is loaded, as n8n may replace its files under an execution that runs', () => {
		const code = packed.files
			.filter((file) => file.endsWith('.js'))
			.flatMap((file) => readFileSync(join(packed.folder, file), 'utf8').split('\n'));
		const needs = code.filter((line) => /\brequire\(|\bimport\(/.test(line));
		expect(needs.length).toBeGreaterThan(5);
		expect(needs.filter((line) => !/^var \w+ = require\("[^"]+"\);$/.test(line))).toEqual([]);
	});

	it('says above each part which source it comes from, for those who read a stack trace', () => {
		const code = packed.files
			.filter((file) => file.endsWith('.js'))
			.map((file) => readFileSync(join(packed.folder, file), 'utf8'))
			.join('\n');
		const sources = filesBelow(join(projectRoot, 'nodes')).filter((file) => file.endsWith('.ts'));
		const named = sources.filter((file) => code.includes(`\n//! nodes/${file}\n`));
		expect(named.length).toBeGreaterThan(200);
		expect(code).toContain('async function makeVideos(');
	});

	it('holds no tests, no sources, no build leftovers and no manifest below dist', () => {
		const unwanted =
			/(^|\/)(test|__tests__|sandbox|bench)\/|\.test\.|(?<!\.d)\.ts$|\.map$|tsbuildinfo|dist\/package\.json/;
		expect(packed.files.filter((file) => unwanted.test(file))).toEqual([]);
	});
});

describe("n8n's loader", () => {
	let loader: PackageDirectoryLoader;
	beforeAll(async () => {
		loader = new PackageDirectoryLoader(packed.folder);
		await loader.loadAll();
	});

	it('finds the node and the credential under their public names', () => {
		expect(loader.packageName).toBe('n8n-nodes-wan-video');
		expect(Object.keys(loader.nodeTypes)).toContain('wanVideo');
		expect(Object.keys(loader.credentialTypes)).toEqual(['evoLinkApi']);
		expect(Object.keys(loader.nodeTypes)).toHaveLength(readManifest(projectRoot).n8n.nodes.length);
	});

	it('connects every node with the credential', () => {
		expect(loader.known.credentials.evoLinkApi.supportedNodes?.slice().sort()).toEqual(
			Object.keys(loader.nodeTypes).sort(),
		);
	});

	it('finds a codex with search words and a category for every node', () => {
		for (const { codex } of loader.types.nodes) {
			expect(codex?.alias?.length).toBeGreaterThan(0);
			expect(codex?.categories?.length).toBeGreaterThan(0);
		}
	});

	it('finds the icons, for light and dark, of nodes and credential', () => {
		const prefix = `icons/${loader.packageName}/`;
		for (const { iconUrl } of [...loader.types.nodes, ...loader.types.credentials]) {
			const urls = typeof iconUrl === 'string' ? [iconUrl] : [iconUrl?.light, iconUrl?.dark];
			for (const url of urls) {
				expect(url).toMatch(new RegExp(`^${prefix}`));
				expect(existsSync(join(packed.folder, String(url).slice(prefix.length)))).toBe(true);
			}
		}
	});
});

describe("n8n's scanner", () => {
	let result: { source: ScanResult; packed: ScanResult };
	beforeAll(async () => {
		// The scanner is an ES module with an ESLint of its own, so it runs in a process of its own.
		const { stdout } = await run(
			process.execPath,
			[join('scripts', 'scan.mjs'), projectRoot, packed.folder],
			{
				cwd: projectRoot,
				// Under NODE_ENV=test the lint rules judge their own test cases, e.g. by other file names.
				env: { ...process.env, NODE_ENV: '' },
				maxBuffer: 16 * 1024 * 1024,
			},
		);
		result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as typeof result;
	}, 120_000);

	it.each(['source', 'packed'] as const)('passes the %s', (part) => {
		expect(result[part].details ?? result[part].message ?? '').toBe('');
		expect(result[part].passed).toBe(true);
	});
});
