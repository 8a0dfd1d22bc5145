/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Where ffmpeg and ffprobe come from, and how they are run: the system's if there are any, else
// the binaries inside the npm packages (an ffmpeg of 2018). SANDBOX_FFMPEG=npm forces the latter.

import { execFile } from 'node:child_process';
import { accessSync, chmodSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { isRecord } from './json';

export type Program = 'ffmpeg' | 'ffprobe';
const PACKAGES = { ffmpeg: '@ffmpeg-installer/ffmpeg', ffprobe: '@ffprobe-installer/ffprobe' };
const found = new Map<string, string>();

/** The path of a program; throws when neither the system nor npm has it. */
export function locate(program: Program): string {
	const npmOnly = process.env.SANDBOX_FFMPEG === 'npm';
	const known = found.get(`${program} ${npmOnly}`);
	if (known !== undefined) return known;
	const path = (npmOnly ? undefined : onPath(program)) ?? fromPackage(program);
	found.set(`${program} ${npmOnly}`, path);
	return path;
}

function onPath(program: Program): string | undefined {
	return (process.env.PATH ?? '')
		.split(delimiter)
		.map((folder) => join(folder, program))
		.find(isExecutable);
}

function fromPackage(program: Program): string {
	const installed: unknown = createRequire(__filename)(PACKAGES[program]);
	const path = isRecord(installed) ? String(installed.path) : '';
	// The package makes its file executable in an install script, which ignore-scripts leaves out.
	if (!isExecutable(path)) chmodSync(path, 0o755);
	return path;
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** Runs a program and gives its standard output; an error carries the end of its messages. */
export function run(
	program: Program,
	args: readonly string[],
	{ timeoutMs = 120_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<string> {
	return new Promise((resolve, reject) => {
		const options = {
			timeout: timeoutMs,
			maxBuffer: 16 * 1024 * 1024,
			killSignal: 'SIGKILL',
			signal,
		} as const;
		// eslint-disable-next-line @n8n/community-nodes/no-dangerous-functions -- not shipped to n8n
		execFile(locate(program), [...args], options, (error, stdout, stderr) => {
			if (error === null) resolve(stdout);
			else reject(new Error(`${program}: ${stderr.trim().slice(-400) || error.message}`));
		});
	});
}
