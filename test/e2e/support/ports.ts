/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// TCP ports on 127.0.0.1: one that is free now, and whether a given one is.
import { createServer } from 'node:net';

const tryPort = (wanted: number): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(wanted, '127.0.0.1', () => {
			const address = server.address();
			const port = address !== null && typeof address === 'object' ? address.port : wanted;
			server.close(() => resolve(port));
		});
	});

/** A port that is free now. */
export const freePort = (): Promise<number> => tryPort(0);

export const isFree = (port: number): Promise<boolean> =>
	tryPort(port).then(
		() => true,
		() => false,
	);
