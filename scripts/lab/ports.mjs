// Whether a port of this machine can be had. Plain node:*, since it is asked before gigabytes are installed for nothing.
import { connect, createServer } from 'node:net';
import { LabError } from './run.mjs';

const host = '127.0.0.1';
/** How far to look for a free port to propose. */
const lookAhead = 20;

/** @param {number} port @returns {Promise<boolean>} Some systems let a second server listen in front of one on all addresses. */
const answers = (port) =>
	new Promise((resolve) => {
		const socket = connect({ port, host });
		const end = (/** @type {boolean} */ answered) => {
			socket.destroy();
			resolve(answered);
		};
		socket.once('connect', () => end(true));
		socket.once('error', () => end(false));
	});

/** @param {number} port @returns {Promise<string | undefined>} what is in the way, nothing when it is free */
async function obstacle(port) {
	if (await answers(port)) return 'is in use';
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', (/** @type {NodeJS.ErrnoException} */ { code }) =>
			resolve(code === 'EACCES' ? 'is not for ordinary users' : 'is in use'),
		);
		server.listen(port, host, () => server.close(() => resolve(undefined)));
	});
}

/**
 * Says in one line what to do when a port cannot be had.
 * @param {Array<{ port: number, what: string, flag: string }>} wanted
 */
export async function claimPorts(wanted) {
	for (const { port, what, flag } of wanted) {
		const twice = wanted.filter((other) => other.port === port).length > 1;
		const reason = twice ? 'is asked for twice' : await obstacle(port);
		if (!reason) continue;
		const taken = wanted.map((other) => other.port);
		const first = Math.max(port + 1, 1024);
		let free;
		for (let next = first; !free && next < first + lookAhead && next <= 65_535; next += 1) {
			if (!taken.includes(next) && !(await obstacle(next))) free = next;
		}
		throw new LabError(
			`Port ${port} (for ${what}) ${reason}. Choose another one: npm start -- ${flag} ${free ?? '<number>'}`,
		);
	}
}
