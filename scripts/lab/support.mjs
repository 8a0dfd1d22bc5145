// The driver of local n8n servers and the sandbox is TypeScript, shared with the end-to-end tests (test/e2e/support).
// Load it only after ensureDeps, since tsx is one of the dependencies.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from './paths.mjs';

/** @returns {Promise<typeof import('../../test/e2e/support/index')>} */
export async function loadSupport() {
	const tsx = await import('tsx/cjs/api');
	return tsx.require(
		join(projectRoot, 'test', 'e2e', 'support', 'index.ts'),
		fileURLToPath(import.meta.url),
	);
}
