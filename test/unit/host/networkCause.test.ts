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
		[
			'an alert of the handshake, by OpenSSL code',
			Object.assign(new Error('1:error:0A000410:SSL routines::sslv3 alert handshake failure'), {
				code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
			}),
			/could be agreed on/,
		],
		['an expired certificate', broken('CERT_HAS_EXPIRED'), /expired/],
		['a certificate for another host', broken('ERR_TLS_CERT_ALTNAME_INVALID'), /another host/],
		['an address that is none', broken('ERR_INVALID_URL'), /not valid/],
		['a certificate that is not valid yet', broken('CERT_NOT_YET_VALID'), /not valid yet/],
		['any other certificate', broken('CERT_SIGNATURE_FAILURE'), /certificate/],
		['an unknown issuer', broken('UNABLE_TO_GET_ISSUER_CERT'), /certificate/],
		['a lookup that failed', broken('EAI_FAIL', { syscall: 'getaddrinfo' }), /looked up/],
		['a name without addresses', broken('ENODATA', { syscall: 'getaddrinfo' }), /looked up/],
		['a lookup without a file', broken('EMFILE', { syscall: 'getaddrinfo' }), /looked up/],
		['no local address', broken('EADDRNOTAVAIL', { syscall: 'connect' }), /no local address/],
		['too many files', broken('EMFILE', { syscall: 'connect' }), /too many files/],
		['no right to connect', broken('EACCES', { syscall: 'connect' }), /does not allow/],
		['a firewall', broken('EPERM', { syscall: 'connect' }), /does not allow/],
		['no memory', broken('ENOBUFS', { syscall: 'connect' }), /no memory/],
		['a reset while connecting', broken('ECONNRESET', { syscall: 'connect' }), /before it stood/],
		['a firewall, wrapped by n8n 1.x', wrapped('EPERM', 'connect'), /does not allow/],
		[
			'a cut before encryption',
			Object.assign(
				new Error(
					'Client network socket disconnected before secure TLS connection was established',
				),
				{ code: 'ECONNRESET' },
			),
			/before it was encrypted/,
		],
		[
			'https to a plain http port',
			Object.assign(new Error('write EPROTO 1:error:0A00010B:SSL routines::wrong version number'), {
				code: 'EPROTO',
			}),
			/speaks http/,
		],
		[
			'a handshake alert',
			Object.assign(new Error('write EPROTO 1:error:SSL routines::sslv3 alert handshake failure'), {
				code: 'EPROTO',
			}),
			/no encrypted connection/,
		],
		[
			'a proxy that hangs up',
			new Error('Proxy connection ended before receiving CONNECT response'),
			/proxy closed/,
		],
		['a context that n8n took away', new Error('No bridge acquired for this context'), /n8n has/],
		[
			'a package that was removed',
			new Error('Unrecognized node type: n8n-nodes-wan-video.wanVideo'),
			/the package n8n-nodes-wan-video was removed/,
		],
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

/** Node's request, as far as it tells what became of it. */
class ClientRequest {
	constructor(readonly socket?: object | null) {}
}
const givenUp = (request: unknown) =>
	new Error('outer', { cause: Object.assign(broken('ERR_CANCELED'), { request }) });
const encrypted = { encrypted: true, _bytesDispatched: 517 };

describe('a request that was given up', () => {
	it.each([
		['without a connection', new ClientRequest()],
		['while a proxy was asked for one', new ClientRequest(null)],
		['before it was encrypted', new ClientRequest({ ...encrypted, secureConnecting: true })],
		['before it was connected', new ClientRequest({ connecting: false, _bytesDispatched: 0 })],
	])('%s was never sent', (_label, request) => {
		expect(causeOf(givenUp(request))).toEqual({
			sent: 'no',
			reason: 'no connection came about in time',
		});
	});

	it.each([
		['once it was encrypted', new ClientRequest({ ...encrypted, secureConnecting: false })],
		['encrypted in a way nobody knows', new ClientRequest(encrypted)],
		['after its first byte', new ClientRequest({ _bytesDispatched: 1 })],
		['on a connection nobody knows', new ClientRequest({})],
		['of another make', { socket: null }],
		['that has no maker', Object.create(null)],
		['that is a text', 'ClientRequest'],
	])('%s may have been', (_label, request) => {
		expect(causeOf(givenUp(request)).sent).toBe('unknown');
	});

	it('keeps the better reason, where there is one', () => {
		const error = Object.assign(broken('ECONNREFUSED', { syscall: 'connect' }), {
			request: new ClientRequest({ _bytesDispatched: 0 }),
		});
		expect(causeOf(error).reason).toMatch(/refused/);
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
		['a broken record of an open connection', broken('EPROTO', { syscall: 'read' })],
		['a text about an HTTP request', new Error('The http request failed: handshake failure')],
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
