// npm run test:e2e: the packed node in real n8n servers and in a real browser. Installs the n8n versions, packs the node,
// then runs jest over test/e2e. Extra arguments go to jest.
//   N8N_VERSIONS=2.41.1 npm run test:e2e     one version only (default: all that the project supports)
//   CHROMIUM_PATH=/path/to/chromium          the browser (default: /usr/bin/chromium, else an installed Chrome)
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lab/build.mjs';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { ensureN8n } from './lab/ensureN8n.mjs';
import { ensureNode24 } from './lab/ensureNode24.mjs';
import { pack } from './lab/pack.mjs';
import { labRoot, n8nVersions, packageName, projectRoot } from './lab/paths.mjs';
import { beforeExit, endTree, LabError, runScript } from './lab/run.mjs';

runScript(async () => {
	const versions = process.env.N8N_VERSIONS?.split(/[ ,]+/).filter(Boolean) ?? n8nVersions;
	const unknown = versions.filter((version) => !n8nVersions.includes(version));
	if (unknown.length > 0)
		throw new LabError(
			`N8N_VERSIONS knows ${n8nVersions.join(' and ')}, not ${unknown.join(', ')}.`,
		);
	await ensureDeps();
	await build();
	const node = await ensureNode24();
	const folder = join(labRoot, 'e2e');
	const { folder: packageFolder } = await pack(join(folder, 'package'));
	const installs = [];
	for (const version of versions) {
		installs.push({
			version,
			folder: await ensureN8n(version, node),
			node,
			packageFolder,
			packageName,
		});
	}
	mkdirSync(folder, { recursive: true });
	const prepared = join(folder, 'prepared.json');
	writeFileSync(prepared, JSON.stringify({ projectRoot, folder, installs }, null, '\t'));

	const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
	const child = spawn(
		process.execPath,
		[jest, '-c', 'jest.e2e.config.js', ...process.argv.slice(2)],
		{
			cwd: projectRoot,
			stdio: 'inherit',
			env: { ...process.env, WAN_VIDEO_E2E: prepared },
			detached: process.platform !== 'win32',
		},
	);
	beforeExit(async () => endTree(child, 'SIGTERM'));
	return await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
});
