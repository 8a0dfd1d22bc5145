/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- runs in Node, outside n8n */
// The sandbox on the command line: `npx tsx sandbox/cli.ts [--port 8787] [--task-seconds 8]`.
// Prints one line of JSON when it listens, then one line per event, until it is interrupted.

import { parseArgs } from 'node:util';
import { startSandbox, type SandboxOptions } from './index';
import { messageOf } from './json';
import { defaultSwitches, setSwitches } from './switches';

const USAGE = `Usage: npx tsx sandbox/cli.ts [options]
  --port 8787            port to listen on (0: any)
  --host 127.0.0.1       address to listen on
  --task-seconds 8       how long a task takes; 5-20 for a random time in between
  --progress linear      linear | stuck | jumpy | lies
  --video rendered       rendered | sample
  --materials read       read | trust
  --credits 1000         credits of the account behind the key
  --key sk-sandbox       the API key
  --clock real           real | manual
  --folder path          where videos are kept (default: a temporary folder)
  --seed 1               for random times and IDs
  --switch name=value    see sandbox/README.md; may be repeated`;

const OPTIONS = {
	port: { type: 'string', default: '8787' },
	host: { type: 'string', default: '127.0.0.1' },
	'task-seconds': { type: 'string', default: '8' },
	progress: { type: 'string', default: 'linear' },
	video: { type: 'string', default: 'rendered' },
	materials: { type: 'string', default: 'read' },
	credits: { type: 'string', default: '1000' },
	key: { type: 'string', default: 'sk-sandbox' },
	clock: { type: 'string', default: 'real' },
	folder: { type: 'string' },
	seed: { type: 'string' },
	switch: { type: 'string', multiple: true },
	help: { type: 'boolean', default: false },
} as const;

/** Picks one of the allowed words, or throws with all of them. */
function oneOf<const Word extends string>(
	name: string,
	value: string,
	words: readonly Word[],
): Word {
	const found = words.find((word) => word === value);
	if (found === undefined) throw new Error(`--${name} must be one of ${words.join(', ')}`);
	return found;
}

function numberFrom(name: string, value: string): number {
	const parsed = Number(value);
	if (value === '' || !(parsed >= 0)) throw new Error(`--${name} must be a number`);
	return parsed;
}

function taskSecondsFrom(value: string): NonNullable<SandboxOptions['taskSeconds']> {
	const [min = '', max] = value.split('-');
	const from = numberFrom('task-seconds', min);
	return max === undefined ? from : { min: from, max: numberFrom('task-seconds', max) };
}

function optionsFrom(args: string[]): SandboxOptions | undefined {
	const { values } = parseArgs({ args, options: OPTIONS });
	if (values.help) return undefined;
	const pairs = (values.switch ?? []).map((pair): [string, string] => {
		const at = pair.indexOf('=');
		if (at < 1) throw new Error('--switch must be name=value');
		return [pair.slice(0, at), pair.slice(at + 1)];
	});
	const switches = defaultSwitches();
	setSwitches(switches, Object.fromEntries(pairs));
	return {
		port: numberFrom('port', values.port),
		host: values.host,
		key: values.key,
		credits: numberFrom('credits', values.credits),
		taskSeconds: taskSecondsFrom(values['task-seconds']),
		progress: oneOf('progress', values.progress, ['linear', 'stuck', 'jumpy', 'lies']),
		video: oneOf('video', values.video, ['rendered', 'sample']),
		materials: oneOf('materials', values.materials, ['read', 'trust']),
		clock: oneOf('clock', values.clock, ['real', 'manual']),
		switches,
		onEvent: (line) => console.log(line),
		...(values.folder === undefined ? {} : { folder: values.folder }),
		...(values.seed === undefined ? {} : { seed: numberFrom('seed', values.seed) }),
	};
}

async function main(): Promise<void> {
	const options = optionsFrom(process.argv.slice(2));
	if (options === undefined) return console.log(USAGE);
	const sandbox = await startSandbox(options);
	console.log(
		JSON.stringify({ ready: true, url: sandbox.url, key: sandbox.key, pid: process.pid }),
	);
	const end = (): void => {
		sandbox.close().then(
			() => process.exit(0),
			() => process.exit(1),
		);
	};
	process.once('SIGINT', end);
	process.once('SIGTERM', end);
}

function explain(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	return code === 'EADDRINUSE'
		? 'The port is in use. Choose another with --port, or 0 for any free one.'
		: messageOf(error);
}

main().catch((error: unknown) => {
	console.error(explain(error));
	process.exit(1);
});
