/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Stands between n8n and the sandbox as the internet would: n8n has a public https address there, and a callback URL with
// that address reaches the n8n of the test. So the node's own rules for callback URLs hold in the tests as well.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The address that n8n is given as WEBHOOK_URL; nothing is ever looked up under it. */
export const publicUrl = 'https://n8n.example.com';

export interface PublicAddress {
	/** Base URL for the credential: the sandbox, seen through this. */
	readonly url: string;
	stop(): Promise<void>;
}

/** `localUrl` is asked at each submit, as n8n may be started later. */
export async function openPublicAddress(
	sandboxUrl: string,
	localUrl: () => string,
): Promise<PublicAddress> {
	const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const chunks: Buffer[] = [];
		for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
		const isJson = request.headers['content-type']?.includes('json') === true;
		const body = Buffer.concat(chunks);
		const sent = isJson ? body.toString('utf8').replaceAll(publicUrl, localUrl()) : body;
		const { authorization = '', 'content-type': type = '' } = request.headers;
		const answer = await fetch(`${sandboxUrl}${request.url}`, {
			method: request.method,
			headers: { authorization, ...(type !== '' && { 'content-type': type }) },
			...(body.length > 0 && { body: sent }),
			redirect: 'manual',
		});
		const { status, headers } = answer;
		response.writeHead(status, { 'content-type': headers.get('content-type') ?? 'text/plain' });
		response.end(Buffer.from(await answer.arrayBuffer()));
	};
	const server = createServer((request, response) => {
		forward(request, response).catch(() => response.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
