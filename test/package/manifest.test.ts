/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// package.json: what n8n asks of a verified community package, and that it names every node and credential there is.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, projectRoot, readManifest } from './packed';

const manifest = readManifest(projectRoot);

const compiled = (folder: string, ending: string) =>
	filesBelow(join(projectRoot, folder))
		.filter((file) => file.endsWith(`${ending}.ts`))
		.map((file) => `dist/${folder}/${file.replace(/\.ts$/, '.js')}`);

describe('package.json', () => {
	it('is named and marked as an n8n community node package', () => {
		expect(manifest.name).toBe('n8n-nodes-wan-video');
		expect(manifest.keywords).toContain('n8n-community-node-package');
		expect(manifest.license).toBe('MIT');
		expect(manifest.author.name).toBeTruthy();
		expect(manifest.author.email).toContain('@');
	});

	it('brings nothing along: no dependencies, only n8n-workflow as a peer', () => {
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest.bundledDependencies ?? []).toEqual([]);
		expect(manifest.overrides ?? {}).toEqual({});
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('runs nothing when it is installed', () => {
		const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
		expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([]);
	});

	it('publishes dist only and keeps to n8n strict rules', () => {
		expect(manifest.files).toEqual(['dist']);
		expect(manifest.n8n).toMatchObject({ n8nNodesApiVersion: 1, strict: true });
	});

	it('names every node and every credential of the source', () => {
		expect([...manifest.n8n.nodes].sort()).toEqual(compiled('nodes', '.node'));
		expect([...manifest.n8n.credentials].sort()).toEqual(compiled('credentials', '.credentials'));
	});

	it('links to documentation without a fragment, as n8n puts its query behind the address', () => {
		const codex = filesBelow(join(projectRoot, 'nodes')).filter((file) =>
			file.endsWith('.node.json'),
		);
		expect(codex).toHaveLength(2);
		for (const file of codex)
			expect(readFileSync(join(projectRoot, 'nodes', file), 'utf8')).not.toMatch(/"https:[^"]*#/);
	});

	it('names scripts that exist', () => {
		const named = Object.values(manifest.scripts).flatMap(
			(line) => line.match(/scripts\/\S+\.mjs/g) ?? [],
		);
		expect(named.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
	});
});
