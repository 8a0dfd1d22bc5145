/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// What the figures were measured on, without names that tell whose machine it is.

import { execFile } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';

import { newestInstall } from '../test/e2e/support/prepared';

const run = promisify(execFile);
const GIB = 1024 ** 3;

export interface Machine {
	cores: number;
	cpu: string;
	memoryGib: number;
	platform: string;
	/** Of the bench and of the n8n processes. */
	node: { bench: string; n8n: string };
	n8n: string;
}

/** The machine and the versions of this run. */
export async function describeMachine(): Promise<Machine> {
	const processors = cpus();
	return {
		cores: processors.length,
		cpu: processors[0]?.model.trim() ?? 'unknown',
		memoryGib: Math.round(totalmem() / GIB),
		platform: `${process.platform} ${process.arch}`,
		node: {
			bench: process.versions.node,
			n8n: (await run(newestInstall.node, ['--version'])).stdout.trim().slice(1),
		},
		n8n: newestInstall.version,
	};
}

/** Processes that wanted the processor in the last minute: other work makes figures worse than they are. */
export const loadNow = (): number => Math.round(loadavg()[0] * 10) / 10;
