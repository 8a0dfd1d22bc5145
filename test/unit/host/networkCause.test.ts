/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** Network errors: what certainly never left may be sent again, so a wrong "no" here pays twice. */
import { connect, createServer } from 'node:net';

import { causeOf } from '../../../nodes/WanVideo/host/networkCause';

/** An error as Node and axios make them: the text begins with the call that failed. */
function broken(code: string | undefined, more: { syscall?: string } = {}): Error {
	const { syscall } = more;
	const text =
		syscall === undefined
			? `it failed with ${code ?? 'nothing'}`
			: `${syscall} ${code} 192.0.2.1:443`;
	return Object.assign(new Error(text), { code, ...more });
}

/** The same as n8n 1.x wraps it: no cause, the code in httpCode and Node's words in a list. */
function wrapped(code: string, syscall: string): Error {
	const messages = [`${syscall} ${code} 192.0.2.1:443`];
	return Object.assign(new Error('The connection cannot be established'), {
		httpCode: code,
		messages,
	});
}

describe('certainly not sent', () => {
	it.each([
		['a refused connection', broken('ECONNREFUSED', { syscall: 'connect' }), /refused/],
		['an unknown host', broken('ENOTFOUND', { syscall: 'getaddrinfo' }), /host name was not found/],
		['a name server in trouble', broken('EAI_AGAIN', { syscall: 'getaddrinfo' }), /looked up/],
		['an unreachable host', broken('EHOSTUNREACH', { syscall: 'connect' }), /unreachable/],
		['an unreachable network', broken('ENETUNREACH', { syscall: 'connect' }), /unreachable/],
		['a connect that timed out', broken('ETIMEDOUT', { syscall: 'connect' }), /in time/],
		['an expired certificate', broken('CERT_HAS_EXPIRED'), /expired/],
		['a certificate for another host', broken('ERR_TLS_CERT_ALTNAME_INVALID'), /another host/],
		['an address that is none', broken('ERR_INVALID_URL'), /not valid/],
		[
			'a cause inside',
			new Error('outer', { cause: broken('ECONNREFUSED', { syscall: 'connect' }) }),
			/refused/,
		],
		[
			'a cause two levels inside',
			new Error('outer', { cause: new Error('middle', { cause: broken('ENOTFOUND') }) }),
			/not found/,
		],
		[
			'all addresses of a host refused',
			new AggregateError([
				broken('ECONNREFUSED', { syscall: 'connect' }),
				broken('ECONNREFUSED', { syscall: 'connect' }),
			]),
			/refused/,
		],
		['a refused connection, wrapped by n8n 1.x', wrapped('ECONNREFUSED', 'connect'), /refused/],
		['a connect that timed out, wrapped by n8n 1.x', wrapped('ETIMEDOUT', 'connect'), /in time/],
		[
			'a connect that timed out, as a cause',
			new Error('outer', { cause: broken('ETIMEDOUT', { syscall: 'connect' }) }),
			/in time/,
		],
	])('%s', (_label, error, reason) => {
		expect(causeOf(error)).toMatchObject({ sent: 'no' });
		expect(causeOf(error).reason).toMatch(reason);
	});
});

describe('perhaps sent', () => {
	it.each([
		['a reset', broken('ECONNRESET', { syscall: 'read' })],
		['a closed pipe', broken('EPIPE', { syscall: 'write' })],
		['a client time-out', broken('ECONNABORTED')],
		['a read that timed out', broken('ETIMEDOUT', { syscall: 'read' })],
		['a time-out of unknown stage', broken('ETIMEDOUT')],
		['a Stop', broken('ERR_CANCELED')],
		['an answer that cannot be read', broken('ERR_BAD_RESPONSE')],
		['a code nobody knows', broken('E_NEW')],
		['no code', new Error('socket hang up')],
		['a code from a prototype', broken('toString')],
		['a text', 'it broke'],
		['nothing', undefined],
		['null', null],
		[
			'a host that became unreachable while the answer was read',
			broken('EHOSTUNREACH', { syscall: 'read' }),
		],
		['a network that went away while writing', broken('ENETUNREACH', { syscall: 'write' })],
		['a lost host, wrapped by n8n 1.x', wrapped('EHOSTUNREACH', 'read')],
		['a reset, wrapped by n8n 1.x', wrapped('ECONNRESET', 'read')],
		['a refusal on an open connection', broken('ECONNREFUSED', { syscall: 'read' })],
	])('%s', (_label, error) => {
		expect(causeOf(error).sent).toBe('unknown');
		expect(typeof causeOf(error).reason).toBe('string');
	});

	it('a chain that bites its tail ends', () => {
		const error = broken(undefined);
		error.cause = error;
		expect(causeOf(error).sent).toBe('unknown');
	});
});

it('no reason holds a code such as ECONNREFUSED: n8n would replace the whole message', () => {
	const codes = ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'];
	for (const code of codes) expect(causeOf(broken(code)).reason).not.toMatch(/\bE[A-Z]{4,}\b/);
});

it('a port that nobody listens at is refused for real', async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	await new Promise((resolve) => server.close(resolve));
	const error = await new Promise<Error>((resolve) => {
		connect(port, '127.0.0.1').on('error', resolve);
	});
	expect(causeOf(error)).toEqual({ sent: 'no', reason: 'the connection was refused' });
});
