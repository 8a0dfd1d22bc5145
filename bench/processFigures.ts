/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Memory and processor time of another process, as Linux keeps them in /proc.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const KIB = 1024;
/** Linux counts processor time in hundredths of a second for every program. */
const TICK_MS = 10;

function memory(pid: number, field: 'VmRSS' | 'VmHWM'): number {
	const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm');
	return Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * KIB;
}

/** Bytes that the process holds in memory now. */
export const residentBytes = (pid: number): number => memory(pid, 'VmRSS');

/** Most bytes that the process has held since `forgetPeak`. The kernel keeps it, so nothing is missed in between. */
export const peakBytes = (pid: number): number => memory(pid, 'VmHWM');

/** From here on the peak is counted anew. */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

function ticks(pid: number | 'self', user: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
	return Number(fields[user]) + Number(fields[user + 1]);
}

/** Processor time of the process and its threads so far, in milliseconds. */
export const processorMs = (pid: number): number => ticks(pid, 11) * TICK_MS;

/** Processor time of all processes that this one has started and that have ended, in milliseconds. */
export const endedChildrenMs = (): number => ticks('self', 13) * TICK_MS;

/** The process that was started with this in its environment, e.g. `N8N_PORT=5678`. */
export function processWith(setting: string): number {
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const settings = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
			const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
			if (settings.includes(setting) && /bin\/n8n\0/.test(command)) return Number(name);
		} catch {
			// It has ended, or it is another user's.
		}
	}
	throw new Error(`No n8n process runs with ${setting}`);
}
