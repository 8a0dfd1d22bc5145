/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Asks what probe.mjs has seen in n8n's process.

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { freePort } from '../test/e2e/support/ports';
import { prepared } from '../test/e2e/support/prepared';

const MB = 1_000_000;
/** n8n writes an execution away after its end. */
const SETTLES_MS = 1_500;

export interface Felt {
	/** More than before, at the most: held after a collection, and with what was not yet collected. */
	heldMb: number;
	mostMb: number;
	/** The longest that nothing else in n8n had a turn. */
	stillMs: number;
}

export interface Probe {
	/** For n8n's environment. */
	env: Record<string, string>;
	/** What n8n's process felt while this went on. */
	during<T>(work: () => Promise<T>): Promise<{ felt: Felt; result: T }>;
}

/** A probe for one n8n server that is yet to be started. */
export async function newProbe(): Promise<Probe> {
	const port = await freePort();
	const ask = async (what: string) => {
		const answer = await fetch(`http://127.0.0.1:${port}/${what}`);
		return (await answer.json()) as Record<'heldBytes' | 'mostBytes' | 'stillMs', number>;
	};
	const file = join(prepared.projectRoot, 'bench', 'probe.mjs');
	return {
		env: { NODE_OPTIONS: `--import "${file}"`, BENCH_PROBE_PORT: String(port) },
		async during(work) {
			await pause(SETTLES_MS);
			await ask('begin');
			const result = await work();
			const { heldBytes, mostBytes, stillMs } = await ask('end');
			return { result, felt: { heldMb: heldBytes / MB, mostMb: mostBytes / MB, stillMs } };
		},
	};
}
