// npm run bench: measures the goals of the design against what users would have otherwise, and writes bench/REPORT.md.
//   npm run bench                       every row (about an hour; the machine should have nothing else to do)
//   npm run bench -- batch memory       these rows only; the others keep the figures they have
//   npm run bench -- --table            all but chaos, paused and killed, three side by side (about 20 minutes)
//   npm run bench -- --quick            every row with small numbers, in some minutes; the report stays in .lab/
//   npm run bench -- --packed size      with the package that was packed last time, without a build
// Everything it needs is made ready by the scripts of npm run test:e2e. Redis and PostgreSQL must be installed for the
// rows "paused" and "killed".
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../scripts/lab/build.mjs';
import { ensureDeps } from '../scripts/lab/ensureDeps.mjs';
import { ensureN8n } from '../scripts/lab/ensureN8n.mjs';
import { ensureNode24 } from '../scripts/lab/ensureNode24.mjs';
import { pack } from '../scripts/lab/pack.mjs';
import { newestN8n, packageName, projectRoot, runRoot } from '../scripts/lab/paths.mjs';
import { beforeExit, endTree, runScript } from '../scripts/lab/run.mjs';

runScript(async () => {
	const args = process.argv.slice(2);
	const folder = join(runRoot, 'bench');
	const into = join(folder, 'package');
	mkdirSync(folder, { recursive: true });
	await ensureDeps();
	const node = await ensureNode24();
	const kept = args.includes('--packed') && existsSync(join(into, 'package'));
	if (!kept) {
		await build();
		await pack(into);
	}
	const install = {
		version: newestN8n,
		folder: await ensureN8n(newestN8n, node),
		node,
		packageFolder: join(into, 'package'),
		packageName,
	};
	const prepared = join(folder, 'prepared.json');
	writeFileSync(prepared, JSON.stringify({ projectRoot, folder, installs: [install] }, null, '\t'));
	const tsx = join(projectRoot, 'node_modules', 'tsx', 'dist', 'cli.mjs');
	const child = spawn(
		process.execPath,
		[tsx, join(projectRoot, 'bench', 'main.ts'), ...args.filter((arg) => arg !== '--packed')],
		{
			cwd: projectRoot,
			stdio: 'inherit',
			env: { ...process.env, WAN_VIDEO_E2E: prepared },
			detached: process.platform !== 'win32',
		},
	);
	// Long enough for the servers that it started to end.
	beforeExit(async () => {
		endTree(child, 'SIGTERM');
		await new Promise((resolve) =>
			child.exitCode === null && child.signalCode === null
				? child.once('close', resolve)
				: resolve(0),
		);
	});
	return await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
});
