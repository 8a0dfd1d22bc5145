// npm start: the whole product on this machine. Installs what is missing, builds and packs the node, then shows it in n8n.
// What can be said at once (flags, ports) is said before anything is installed.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runDemo } from './demo/run.mjs';
import { build } from './lab/build.mjs';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { ensureN8n } from './lab/ensureN8n.mjs';
import { ensureNode24 } from './lab/ensureNode24.mjs';
import { pack } from './lab/pack.mjs';
import { n8nHome, newestN8n, packageName, runRoot } from './lab/paths.mjs';
import { claimPorts } from './lab/ports.mjs';
import { LabError, runScript } from './lab/run.mjs';
import { loadSupport } from './lab/support.mjs';

const usage = `n8n ${newestN8n} with this package and its examples, and a local EvoLink (the sandbox), until Ctrl-C.

  npm start                          n8n's editor on port 5678, the sandbox on 8787
  npm start -- --port 5680           the editor on another port
  npm start -- --sandbox-port 8790   the sandbox on another port
  npm start -- --once                one video from the command line, then end
  npm start -- --help                this text

  EVOLINK_API_KEY=sk-... npm start   EvoLink itself in place of the sandbox; charges one video of 5 seconds

Everything that is installed or made lies in node_modules and .lab.`;

/** @returns {{ port: number, sandboxPort: number, once: boolean, help: boolean }} */
function readArguments() {
	try {
		const { values } = parseArgs({
			options: {
				once: { type: 'boolean', default: false },
				port: { type: 'string', default: '5678' },
				'sandbox-port': { type: 'string', default: '8787' },
				help: { type: 'boolean', short: 'h', default: false },
			},
		});
		const [port, sandboxPort] = [values.port, values['sandbox-port']].map(Number);
		for (const number of [port, sandboxPort]) {
			if (!Number.isInteger(number) || number < 1 || number > 65_535)
				throw new Error('A port is a number from 1 to 65535');
		}
		return { port, sandboxPort, once: values.once === true, help: values.help === true };
	} catch (error) {
		throw new LabError(
			`${error instanceof Error ? error.message : error}. Flags: --once, --port <number>, --sandbox-port <number>, --help.`,
		);
	}
}

runScript(async () => {
	const flags = readArguments();
	if (flags.help) return console.log(usage);
	const evoLinkKey = process.env.EVOLINK_API_KEY || undefined;
	const { port, sandboxPort, once } = flags;
	const checkPorts = () =>
		claimPorts([
			...(once ? [] : [{ port, what: 'n8n', flag: '--port' }]),
			...(evoLinkKey ? [] : [{ port: sandboxPort, what: 'the sandbox', flag: '--sandbox-port' }]),
		]);
	await checkPorts();
	await ensureDeps();
	await build();
	const node = await ensureNode24();
	const folder = await ensureN8n(newestN8n, node);
	const { folder: packageFolder } = await pack(join(runRoot, 'package'));
	// Installing takes minutes, in which a port may be taken.
	await checkPorts();
	await runDemo({
		port,
		sandboxPort,
		once,
		support: await loadSupport(),
		install: { version: newestN8n, folder, node, packageFolder, packageName },
		userFolder: n8nHome(newestN8n),
		evoLinkKey,
	});
});
