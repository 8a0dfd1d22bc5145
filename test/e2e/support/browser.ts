/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Which browser the tests look with.
import { existsSync } from 'node:fs';

/** The first takes half the processor time of the second: it draws pages and no windows. */
const known = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** For Playwright's launch(): CHROMIUM_PATH, else Debian's Chromium, else an installed Chrome. */
export function browserToUse(): { executablePath: string } | { channel: string } {
	const { CHROMIUM_PATH } = process.env;
	const candidates = CHROMIUM_PATH === undefined ? known : [CHROMIUM_PATH];
	const executablePath = candidates.find((file) => existsSync(file));
	return executablePath === undefined ? { channel: 'chrome' } : { executablePath };
}
