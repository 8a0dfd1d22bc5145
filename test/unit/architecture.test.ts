/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/**
 * The arrows of the design, asserted over the real import graph: doors -> actions -> host, generation
 * -> evolink, media, wan. Each failing test lists the imports or names that break the rule.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');
const HOUSE = 'nodes/WanVideo';

interface Edge {
	from: string;
	/** A file of the project, or the name of a package. */
	to: string;
}

function filesUnder(folder: string): string[] {
	const path = join(ROOT, folder);
	if (!existsSync(path)) return [];
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
		.filter((file) => !file.includes('node_modules/'));
}

const sources = ['nodes', 'credentials', 'sandbox']
	.flatMap(filesUnder)
	.filter((file) => /\.[cm]?[jt]s$/.test(file));

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

function importsOf(file: string): Edge[] {
	const { importedFiles } = ts.preProcessFile(textOf(file), true, true);
	return importedFiles.map(({ fileName }) => {
		if (!fileName.startsWith('.')) return { from: file, to: fileName };
		const target = relative(ROOT, resolve(ROOT, dirname(file), fileName))
			.split(sep)
			.join('/');
		const found = [target, `${target}.ts`, `${target}/index.ts`, `${target}.mjs`].find((path) =>
			sources.includes(path),
		);
		return { from: file, to: found ?? target };
	});
}

const edges = sources.flatMap(importsOf);

/** Imports out of a room that its rule does not name, one readable line each. */
function offending(room: string, allowed: readonly string[]): string[] {
	const inside = `${HOUSE}/${room}/`;
	return edges
		.filter(({ from }) => from.startsWith(inside))
		.filter(({ to }) => !to.startsWith(inside))
		.filter(({ to }) => !allowed.some((rule) => to === rule || to.startsWith(`${HOUSE}/${rule}/`)))
		.map(({ from, to }) => `${from} -> ${to}`);
}

/** Where a file uses one of these names as code; comments and texts do not count. */
function usesOf(file: string, names: ReadonlySet<string>): string[] {
	const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isIdentifier(node) && names.has(node.text)) {
			const { line } = source.getLineAndCharacterOfPosition(node.getStart());
			found.push(`${file}:${line + 1} ${node.text}`);
		}
		node.forEachChild(visit);
	};
	visit(source);
	return found;
}

const nodeFiles = sources.filter((file) => file.startsWith('nodes/'));

describe('the import graph', () => {
	it('is really walked: all rooms are there, and imports were found in them', () => {
		const rooms = ['actions', 'host', 'generation', 'evolink', 'wan', 'media'];
		const empty = rooms.filter(
			(room) => !nodeFiles.some((file) => file.startsWith(`${HOUSE}/${room}/`)),
		);
		expect(empty).toEqual([]);
		expect(edges.length).toBeGreaterThan(100);
		expect(edges).toContainEqual({
			from: `${HOUSE}/wan/check.ts`,
			to: `${HOUSE}/wan/models/index.ts`,
		});
	});

	it.each([
		['wan', ['zod']],
		['media', ['zod']],
		['evolink', ['wan', 'zod']],
		['generation', ['evolink', 'media', 'wan', 'zod', 'node:crypto']],
		[
			'host',
			['generation', 'evolink', 'media', 'wan', 'zod', 'n8n-workflow', 'node:crypto', 'stream'],
		],
		['actions', ['host', 'generation', 'evolink', 'wan', 'zod', 'n8n-workflow']],
	])('%s/ imports nothing above itself, only %j', (room, allowed) => {
		expect(offending(room, allowed)).toEqual([]);
	});

	it('the doors import only actions/, host/ and n8n-workflow', () => {
		const doors = edges.filter(({ from }) => /^nodes\/WanVideo\/[^/]+\.node\.ts$/.test(from));
		const wrong = doors.filter(
			({ to }) => to !== 'n8n-workflow' && !/^nodes\/WanVideo\/(actions|host)\//.test(to),
		);
		expect(doors.length).toBeGreaterThan(0);
		expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
	});

	it('credentials/ import only n8n-workflow', () => {
		const wrong = edges.filter(
			({ from, to }) => from.startsWith('credentials/') && to !== 'n8n-workflow',
		);
		expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
	});

	it('nodes/ and credentials/ import nothing of sandbox/ or test/, and sandbox/ nothing of theirs', () => {
		const product = /^(nodes|credentials)\//;
		const wrong = edges.filter(
			({ from, to }) =>
				(product.test(from) && /^(sandbox|test|bench|scripts)\//.test(to)) ||
				(from.startsWith('sandbox/') && product.test(to)),
		);
		expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
	});

	it('has no circle of imports', () => {
		const next = new Map<string, string[]>();
		for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
		const circles = new Set<string>();
		const walk = (file: string, path: string[]): void => {
			if (path.includes(file)) {
				circles.add([...path.slice(path.indexOf(file)), file].join(' -> '));
				return;
			}
			if (done.has(file)) return;
			for (const to of next.get(file) ?? []) walk(to, [...path, file]);
			done.add(file);
		};
		const done = new Set<string>();
		for (const file of nodeFiles) walk(file, []);
		expect([...circles]).toEqual([]);
	});
});

describe('what only one room may do', () => {
	it('exactly one file under nodes/ makes HTTP requests', () => {
		const callers = nodeFiles.filter((file) =>
			/httpRequest|\bfetch\(|axios|undici/.test(textOf(file)),
		);
		expect(callers).toEqual([`${HOUSE}/host/http.ts`]);
	});

	it('only host/, actions/ and the doors know n8n', () => {
		const knowing = edges
			.filter(({ to }) => to === 'n8n-workflow' || to === 'n8n-core')
			.map(({ from }) => from)
			.filter((file) => file.startsWith(`${HOUSE}/`))
			.filter((file) => !/^nodes\/WanVideo\/((host|actions)\/|[^/]+\.node\.ts$)/.test(file));
		expect(knowing).toEqual([]);
	});

	it('nothing under nodes/ touches timers, the process or the console', () => {
		const names = new Set([
			'setTimeout',
			'setInterval',
			'setImmediate',
			'process',
			'console',
			'global',
			'globalThis',
			'require',
			'__dirname',
		]);
		expect(nodeFiles.flatMap((file) => usesOf(file, names))).toEqual([]);
	});

	it('only host/clock.ts reads the time or draws random numbers', () => {
		const readers = nodeFiles.filter((file) =>
			/Date\.now\(|new Date\(\)|performance\.now|Math\.random/.test(textOf(file)),
		);
		expect(readers).toEqual([`${HOUSE}/host/clock.ts`]);
	});

	it('nothing asks URL.canParse, which turns wrong in Node 20 for letters beyond ASCII', () => {
		const asking = nodeFiles.filter((file) => /URL\.canParse\(/.test(textOf(file)));
		expect(asking).toEqual([]);
	});

	it("only evolink/wire.ts knows the wire's names of materials", () => {
		const knowing = nodeFiles.filter((file) =>
			/image_start|image_end|video_urls|audio_urls|prompt_extend/.test(textOf(file)),
		);
		expect(knowing).toEqual([`${HOUSE}/evolink/wire.ts`]);
	});
});

describe('names', () => {
	it('no folder or file is a drawer for everything', () => {
		const drawers = ['nodes', 'credentials', 'sandbox', 'test', 'bench', 'scripts', 'tools']
			.flatMap(filesUnder)
			.filter((file) =>
				file.split('/').some((part) => /^(helpers?|utils?|common|misc|shared)(\.|$)/i.test(part)),
			);
		expect(drawers).toEqual([]);
	});

	it('every source file says what it is in its first lines', () => {
		const silent = nodeFiles
			.filter((file) => !/(\.resource|\.node)\.ts$/.test(file))
			.filter((file) => !textOf(file).startsWith('/**'));
		expect(silent).toEqual([]);
	});
});
