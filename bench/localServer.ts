/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A small HTTP server on this machine for as long as a row needs it.

import { createServer, type RequestListener } from 'node:http';

export interface LocalServer {
	url: string;
	close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function serve(answer: RequestListener): Promise<LocalServer> {
	const server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return {
		url: `http://127.0.0.1:${address.port}`,
		close: async () => {
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
		},
	};
}
