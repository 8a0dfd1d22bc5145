/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// A local npm registry with versions of the packed node, for an n8n that installs the package as users do.
//
// n8n takes another registry than npm's own only with a licence, and names npm's own on npm's command line. So the n8n under
// test finds an `npm` on its PATH that is the real one, but for the registry that it is told. n8n itself is not changed.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports';
import { freshFolder, prepared } from './prepared';
import { logTail, startProcess } from './processes';
import { GiveUp, until } from './until';

const run = promisify(execFile);

export interface Registry {
	/** What an n8n needs in its environment to install from here. */
	readonly env: NodeJS.ProcessEnv;
	/** Publishes the packed node once more, under another version. */
	publish(version: string): Promise<void>;
	stop(): Promise<void>;
}

/** Starts an empty registry. */
export async function startRegistry(name: string): Promise<Registry> {
	const { node, folder: installed, tarball } = prepared.registry;
	const folder = freshFolder(name);
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const config = join(folder, 'config.json');
	const everybody = { access: '$all', publish: '$all', unpublish: '$all' };
	writeFileSync(
		config,
		JSON.stringify({
			storage: join(folder, 'storage'),
			auth: {},
			uplinks: {},
			packages: { '**': everybody },
			log: { type: 'stdout', format: 'pretty', level: 'warn' },
		}),
	);
	const logFile = join(folder, 'registry.log');
	const server = await startProcess({
		command: node,
		args: [
			join(installed, 'node_modules', 'verdaccio', 'bin', 'verdaccio'),
			...['--config', config, '--listen', `127.0.0.1:${port}`],
		],
		cwd: folder,
		env: process.env,
		logFile,
	});
	const isUp = async () => {
		if (server.hasEnded())
			throw new GiveUp(`The registry ${await server.ended}:\n${logTail(logFile)}`);
		return (await fetch(`${url}/-/ping`)).ok || undefined;
	};
	await until('the registry to answer', isUp).catch(async (error: Error) => {
		await server.kill();
		throw error;
	});

	const npm = (await run('which', ['npm'])).stdout.trim();
	const shim = join(folder, 'bin', 'npm');
	mkdirSync(dirname(shim), { recursive: true });
	writeFileSync(
		shim,
		`#!/bin/sh
for word do
	shift
	case "$word" in --registry=*) word="--registry=${url}" ;; esac
	set -- "$@" "$word"
done
unset HTTPS_PROXY
exec "${npm}" "$@"
`,
	);
	chmodSync(shim, 0o755);
	const own = { npm_config_cache: join(folder, 'cache'), npm_config_registry: url };
	return {
		env: {
			...own,
			PATH: `${dirname(shim)}${delimiter}${process.env.PATH ?? ''}`,
			// n8n asks npm's registry itself first, and npm where it cannot reach it: nothing listens here.
			HTTPS_PROXY: 'http://127.0.0.1:9',
		},
		async publish(version) {
			const source = join(folder, version);
			mkdirSync(source);
			await run('tar', ['-xzf', tarball, '-C', source]);
			const file = join(source, 'package', 'package.json');
			const manifest = JSON.parse(readFileSync(file, 'utf8')) as { scripts: object };
			// Its scripts are for releases by hand.
			writeFileSync(file, JSON.stringify({ ...manifest, version, scripts: {} }));
			const token = `--//127.0.0.1:${port}/:_authToken=nobody`;
			await run(npm, ['publish', `--registry=${url}`, token, '--quiet'], {
				cwd: join(source, 'package'),
				env: { ...process.env, ...own },
			});
			rmSync(source, { recursive: true, force: true });
		},
		stop: async () => await server.stop(5_000),
	};
}
