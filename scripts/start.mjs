// npm start: the whole product on this machine. Installs what is missing, builds and packs the node, then shows it in n8n.
//   npm start                          editor on 5678, sandbox on 8787, until Ctrl-C
//   npm start -- --once                one video from the command line, then end
//   npm start -- --port 5680 --sandbox-port 8790
//   EVOLINK_API_KEY=sk-... npm start   the real EvoLink instead of the sandbox (charged)
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runDemo } from './demo/run.mjs';
import { build } from './lab/build.mjs';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { ensureN8n } from './lab/ensureN8n.mjs';
import { ensureNode24 } from './lab/ensureNode24.mjs';
import { pack } from './lab/pack.mjs';
import { n8nHome, newestN8n, packageName, runRoot } from './lab/paths.mjs';
import { LabError, runScript } from './lab/run.mjs';
import { loadSupport } from './lab/support.mjs';

/** @returns {{ port: number, sandboxPort: number, once: boolean }} */
function readArguments() {
	try {
		const { values } = parseArgs({
			options: {
				once: { type: 'boolean', default: false },
				port: { type: 'string', default: '5678' },
				'sandbox-port': { type: 'string', default: '8787' },
			},
		});
		const [port, sandboxPort] = [values.port, values['sandbox-port']].map(Number);
		for (const number of [port, sandboxPort]) {
			if (!Number.isInteger(number) || number < 1 || number > 65_535)
				throw new Error('A port is a number from 1 to 65535');
		}
		return { port, sandboxPort, once: values.once === true };
	} catch (error) {
		throw new LabError(
			`${error instanceof Error ? error.message : error}. Flags: --once, --port <number>, --sandbox-port <number>.`,
		);
	}
}

runScript(async () => {
	const flags = readArguments();
	await ensureDeps();
	await build();
	const node = await ensureNode24();
	const folder = await ensureN8n(newestN8n, node);
	const { folder: packageFolder } = await pack(join(runRoot, 'package'));
	await runDemo({
		...flags,
		support: await loadSupport(),
		install: { version: newestN8n, folder, node, packageFolder, packageName },
		userFolder: n8nHome(newestN8n),
		evoLinkKey: process.env.EVOLINK_API_KEY || undefined,
	});
});
