/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Size of the packed package, and the time that n8n needs to load the node.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { installPackage } from '../../test/e2e/support/n8nInstall';
import { freshFolder, newestInstall } from '../../test/e2e/support/prepared';
import type { Row } from '../row';
import { median, shown } from '../statistics';

const run = promisify(execFile);
const GOAL_KB = 200;
const GOAL_MS = 50;

/** Milliseconds that one file and all it requires need, in a fresh process that has n8n-workflow and zod already. */
async function loadMs(file: string): Promise<number> {
	const program = `
		const need = require('node:module').createRequire(process.argv[1]);
		need('n8n-workflow'); need('zod');
		const begun = performance.now();
		require(process.argv[1]);
		process.stdout.write(String(performance.now() - begun));`;
	const { stdout } = await run(newestInstall.node, ['-e', program, file]);
	return Number(stdout);
}

/** Bytes of the JavaScript below a folder. */
function codeBytes(folder: string): number {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.js'))
		.reduce((total, name) => total + statSync(join(folder, name)).size, 0);
}

/** Built-in nodes that do a like thing. */
const BUILT_IN = {
	MiniMax: '@n8n/n8n-nodes-langchain/dist/nodes/vendors/MiniMax/MiniMax.node.js',
	'HTTP Request': 'n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js',
};

export const size: Row = {
	name: 'size',
	what: 'Packed size; time to load the node',
	goal: `under ${GOAL_KB} kB; under ${GOAL_MS} ms`,
	async measure({ quick }) {
		const rounds = quick ? 5 : 15;
		const userFolder = freshFolder('size');
		installPackage(newestInstall, userFolder);
		const { packageFolder, packageName, folder } = newestInstall;
		const tarball = readdirSync(dirname(packageFolder)).find((name) => name.endsWith('.tgz')) ?? '';
		const packedKb = statSync(join(dirname(packageFolder), tarball)).size / 1000;
		const home = join(userFolder, '.n8n', 'nodes', 'node_modules', packageName);
		const { n8n } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
			n8n: { nodes: string[] };
		};
		const files = {
			'Wan Video': join(home, n8n.nodes[0]),
			...Object.fromEntries(
				Object.entries(BUILT_IN).map(([name, path]) => [name, join(folder, 'node_modules', path)]),
			),
		};
		const measured = Object.entries(files).map(([name, file]) => ({
			name,
			ms: [] as number[],
			file,
			codeKb: codeBytes(dirname(file)) / 1000,
		}));
		for (let round = 0; round < rounds; round += 1) {
			for (const one of measured) one.ms.push(await loadMs(one.file));
		}
		const [ours, ...others] = measured.map(({ name, ms, codeKb }) => ({
			name,
			ms: median(ms),
			codeKb,
		}));
		return {
			ours: `${shown(packedKb)} kB; ${shown(ours.ms)} ms`,
			others: others
				.map(({ name, ms, codeKb }) => `${name} ${shown(ms)} ms (${shown(codeKb)} kB of code)`)
				.join(', '),
			verdict: packedKb < GOAL_KB && ours.ms < GOAL_MS ? 'met' : 'missed',
			note: `The tarball of npm pack. Loading: a fresh process of n8n's Node that has n8n-workflow and zod, as n8n has them (of what else the built-in nodes need, n8n has some part as well); median of ${rounds} rounds, the nodes in turn. Our ${shown(ours.codeKb)} kB of code hold the check of materials and the readers of media files, which the built-in nodes have not.`,
			panels: [
				{
					title: 'Time to load',
					unit: 'ms',
					goal: GOAL_MS,
					bars: [
						{ label: 'Wan Video', value: ours.ms, side: 'ours' },
						...others.map(({ name, ms }) => ({ label: name, value: ms, side: 'others' as const })),
					],
				},
			],
		};
	},
};
