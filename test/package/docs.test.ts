/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The documents say what the code does: generated tables are fresh, named tests and linked files exist.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { USER_AGENT } from '../../nodes/WanVideo/host/http';
import { WanVideo } from '../../nodes/WanVideo/WanVideo.node';
import { withTables } from '../../scripts/tables';

const ROOT = join(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const DOCUMENTS = [
	'README.md',
	'CONTRIBUTING.md',
	'CHANGELOG.md',
	'examples/README.md',
	'sandbox/README.md',
	...['docs', 'docs/decisions'].flatMap((folder) =>
		readdirSync(join(ROOT, folder))
			.filter((name) => name.endsWith('.md'))
			.map((name) => `${folder}/${name}`),
	),
];

it("keeps the README's tables equal to the node's (renew them with `npm run docs`)", () => {
	const readme = read('README.md');
	expect(readme).toBe(withTables(readme));
});

it.each(DOCUMENTS)('links only to what exists: %s', (document) => {
	const links = [...read(document).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(
		([, link]) => link,
	);
	const missing = links.filter((link) => !existsSync(join(ROOT, dirname(document), link)));
	expect(missing).toEqual([]);
});

it('names a real test in each line of "What happens if…"', () => {
	const proofs = [
		...read('docs/what-happens-if.md').matchAll(/\]\(\.\.\/(test\/[^)]+)\): "([^"]+)"/g),
	];
	expect(proofs.length).toBeGreaterThanOrEqual(12);
	for (const [, file, title] of proofs) expect(`${file}: ${read(file)}`).toContain(title);
});

it('says the version of package.json in every request', () => {
	const { name, version } = JSON.parse(read('package.json')) as { name: string; version: string };
	expect(USER_AGENT).toBe(`${name}/${version}`);
});

it("has every operation of the node's lists in the README's table", () => {
	const readme = read('README.md');
	const lists = new WanVideo().description.properties.filter(({ name }) => name === 'operation');
	const names = lists.flatMap(({ options = [] }) => options.map(({ name }) => name));
	expect(names.length).toBeGreaterThan(8);
	expect(names.filter((name) => !readme.includes(` | ${name} | `))).toEqual([]);
});
