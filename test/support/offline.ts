/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// For each test file (setupFiles of jest.config.js): no name of the Internet is found, as on a machine without one. A test
// whose outcome hangs on example.com is none, and the name servers of some machines take their time to say no.
import dns from 'node:dns';
import { isIP } from 'node:net';

type Lookup = (name: string, ...rest: unknown[]) => unknown;

const isOfThisMachine = (name: string) => isIP(name) !== 0 || /(?:^|\.)localhost$/i.test(name);

function notFound(name: string): Error {
	const error = new Error(`getaddrinfo ENOTFOUND ${name}`);
	return Object.assign(error, {
		errno: -3008,
		code: 'ENOTFOUND',
		syscall: 'getaddrinfo',
		hostname: name,
	});
}

/** Node's own modules are the same for all test files of a process: the first one takes the names away. */
function once(on: object, instead: (real: Lookup) => Lookup): void {
	const real: unknown = Reflect.get(on, 'lookup');
	if (typeof real !== 'function' || real.name === 'offlineLookup') return;
	const offlineLookup = instead((...args) => Reflect.apply(real, on, args) as unknown);
	Object.defineProperty(offlineLookup, 'name', { value: 'offlineLookup' });
	Reflect.set(on, 'lookup', offlineLookup);
}

once(dns, (real) => (name, ...rest) => {
	if (isOfThisMachine(name)) return real(name, ...rest);
	const answer = rest.at(-1) as (error: Error) => void;
	return process.nextTick(answer, notFound(name));
});
once(dns.promises, (real) => async (name, ...rest) => {
	if (isOfThisMachine(name)) return await real(name, ...rest);
	throw notFound(name);
});
