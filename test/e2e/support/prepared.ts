/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// What scripts/e2e.mjs has made ready before jest: the n8n installs to test and the packed node.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { N8nInstall } from './n8nInstall';

export interface Prepared {
	projectRoot: string;
	/** Scratch folder of the end-to-end tests. */
	folder: string;
	installs: N8nInstall[];
	/** A local npm registry, the Node that runs it, and the packed node. */
	registry: { node: string; folder: string; tarball: string };
}

function read(): Prepared {
	const file = process.env.WAN_VIDEO_E2E;
	if (!file) throw new Error('Start these tests with: npm run test:e2e');
	return JSON.parse(readFileSync(file, 'utf8')) as Prepared;
}

export const prepared = read();

/** The n8n whose editor is looked at: the newest of those under test. */
export const newestInstall = prepared.installs[0];

/** An empty user folder (or any scratch folder) of this name. */
export function freshFolder(name: string): string {
	const folder = join(prepared.folder, name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	return folder;
}
