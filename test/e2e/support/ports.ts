/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// TCP ports on 127.0.0.1: one that is free and stays so until it is used, and whether a given one is free.
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to connections and to whoever asks for any port (Linux from 32768, others from 49152):
 * there nobody takes a port between the look and its use, or while its server is being started again.
 */
const [first, end] = [20_000, 32_000];

const tryPort = (port: number): Promise<void> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
	});

export const isFree = (port: number): Promise<boolean> =>
	tryPort(port).then(
		() => true,
		() => false,
	);

/** Processes that began one soon after the other, as two workers of jest, are so many ports apart for each that lies between. */
const portsForEach = 113;
let next = first + ((process.pid * portsForEach) % (end - first));

/** A port that is free, another one each time. */
export async function freePort(): Promise<number> {
	for (let tries = first; tries < end; tries += 1) {
		const port = next;
		next = port + 1 < end ? port + 1 : first;
		if (await isFree(port)) return port;
	}
	throw new Error(`No port from ${first} to ${end - 1} is free`);
}
