// npm run build: dist/ from nodes/, credentials/ and icons/; nothing when nothing has changed.
import { build } from './lab/build.mjs';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { runScript } from './lab/run.mjs';

runScript(async () => {
	await ensureDeps();
	if (!(await build())) console.log('  dist/ is up to date.');
});
