/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The package as npm would publish it: built when the source is newer, packed, and unpacked inside the project (so that
// what it needs from n8n resolves), for the tests of what users really get.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const projectRoot = join(__dirname, '..', '..');

export interface Manifest {
	name: string;
	license: string;
	keywords: string[];
	author: { name?: string; email?: string };
	files: string[];
	scripts: Record<string, string>;
	n8n: { n8nNodesApiVersion: number; strict: boolean; credentials: string[]; nodes: string[] };
	dependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	overrides?: Record<string, string>;
	bundledDependencies?: string[];
}

export interface Packed {
	/** The unpacked package. */
	folder: string;
	/** Paths in it, with `/`, sorted. */
	files: string[];
	tarballBytes: number;
}

export const readManifest = (folder: string): Manifest =>
	JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** All files below a folder, as paths with `/`, sorted. */
export const filesBelow = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
		.sort();

/** Builds (when needed), packs and unpacks into `into`, which is emptied first. */
export async function packProject(into: string): Promise<Packed> {
	rmSync(into, { recursive: true, force: true });
	mkdirSync(into, { recursive: true });
	const inProject = { cwd: projectRoot };
	await run(process.execPath, [join('scripts', 'build.mjs')], inProject);
	await run('npm', ['pack', '--ignore-scripts', '--pack-destination', into], inProject);
	const tarball = readdirSync(into).find((name) => name.endsWith('.tgz'));
	if (tarball === undefined) throw new Error('npm pack left no tarball');
	await run('tar', ['-xzf', tarball], { cwd: into });
	const folder = join(into, 'package');
	return { folder, files: filesBelow(folder), tarballBytes: statSync(join(into, tarball)).size };
}
