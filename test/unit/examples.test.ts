/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The examples and the texts about them agree: who looks for a title of the README in n8n finds the workflow of that name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

interface ExampleFile {
	name: string;
	nodes: Array<{ name: string; type: string; parameters: { content?: string } }>;
}
const files = readdirSync(join(ROOT, 'examples')).filter((file) => file.endsWith('.json'));
const exampleIn = (file: string) => JSON.parse(read('examples', file)) as ExampleFile;

describe.each(files)('%s', (file) => {
	const { name, nodes } = exampleIn(file);

	it('has the same title in n8n, on its note, and in examples/README.md', () => {
		const about = nodes.find((node) => node.name === 'About')?.parameters.content;
		expect(about?.split('\n')[0]).toBe(`## ${name}`);
		expect(read('examples', 'README.md')).toContain(`## ${name}\n\n[${file}](${file})\n`);
	});

	it('has it in the README as well, if it stands there', () => {
		const line = read('README.md')
			.split('\n')
			.find((text) => text.includes(`(examples/${file})`));
		expect(line ?? `**${name}**`).toContain(`**${name}**`);
	});

	it('refers only to nodes that are there', () => {
		const names = [...JSON.stringify(nodes).matchAll(/\$\('([^']+)'\)/g)].map(([, to]) => to);
		expect(nodes.map((node) => node.name)).toEqual(expect.arrayContaining(names));
	});

	it('takes only addresses at example.com that sandbox/README.md names', () => {
		const known = read('sandbox', 'README.md');
		const used = read('examples', file).matchAll(/https:\/\/example\.com\/([\w.]+)/g);
		const unknown = [...used]
			.map(([, material]) => material)
			.filter((name) => !known.includes(`${name}\``));
		expect(unknown).toEqual([]);
	});
});
