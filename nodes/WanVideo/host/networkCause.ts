/**
 * What a network error says in plain words, and whether the request certainly never left.
 * Plain words, because n8n replaces every message that contains a code such as ECONNREFUSED.
 */

/** What stands in the way of a request that never left, where that says more than its reason. */
export type Trouble = 'refused' | 'unknownHost' | 'certificate' | 'package' | 'forbidden';

/** Of the two calls before a connection stands: whatever they fail with, no byte was sent. */
const NOT_CONNECTED: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	EHOSTUNREACH: 'the host is unreachable',
	EHOSTDOWN: 'the host is unreachable',
	ENETUNREACH: 'the network is unreachable',
	ENETDOWN: 'the network is unreachable',
	ETIMEDOUT: 'no connection came about in time',
	ECONNRESET: 'the connection was cut before it stood',
	EADDRNOTAVAIL: 'no local address is free for a connection',
	EMFILE: 'n8n has too many files and connections open',
	ENFILE: 'the machine has too many files and connections open',
	ENOBUFS: 'the machine has no memory left for a connection',
	EACCES: 'the machine does not allow the connection',
	EPERM: 'the machine does not allow the connection',
};
/** What is told of a name that no lookup knows. */
export const NO_SUCH_HOST = 'the host name was not found';

const NOT_LOOKED_UP: Readonly<Record<string, string>> = {
	ENOTFOUND: NO_SUCH_HOST,
	EAI_AGAIN: 'the host name could not be looked up',
};

/** Errors of the address and of the header: no byte of the request was sent. */
const NEVER_SENT: Readonly<Record<string, string>> = {
	...NOT_LOOKED_UP,
	ERR_INVALID_CHAR: 'the API key holds a character that cannot be sent',
	ERR_INVALID_URL: 'the address is not valid',
	ERR_SOCKET_BAD_PORT: 'the address is not valid',
};

/** Node's codes for a certificate that does not do (Node docs, X509 certificate error codes), and its own for names. */
const CERTIFICATE: Readonly<Record<string, string>> = {
	CERT_HAS_EXPIRED: 'its certificate has expired',
	CERT_NOT_YET_VALID: 'its certificate is not valid yet',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate cannot be verified',
	UNABLE_TO_GET_ISSUER_CERT: 'its certificate cannot be verified',
	CERT_REVOKED: 'its certificate was revoked',
	HOSTNAME_MISMATCH: 'its certificate is for another host',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};
const OTHER_CERTIFICATE =
	/^(CERT_[A-Z_]+|ERROR_IN_CERT_[A-Z_]+|UNABLE_TO_[A-Z_]*(CERT|CRL|ISSUER|KEY)[A-Z_]*|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL|CA_MD_TOO_WEAK|ERR_TLS_CERT_[A-Z_]+)$/;

/** Texts of errors that come before the request is written, where the code alone could mean an open connection as well. */
const BEFORE_THE_REQUEST: ReadonlyArray<readonly [RegExp, string, Trouble?]> = [
	// n8n's own, of what it no longer has: the package was taken away while the node ran (run on 1.123 and 2.41).
	[
		/Unrecognized (node|credential) type/i,
		'the package n8n-nodes-wan-video was removed from n8n while the node ran',
		'package',
	],
	// n8n's own as well: the work around the call is over (2.41), or the credential is gone.
	[
		/No bridge acquired for this context|does not have any credentials of type/,
		'n8n has ended what the node runs in, or its credential is gone',
	],
	[/SsrfBlocked/, "n8n's protection of its network does not allow the address", 'forbidden'],
	[
		/before secure TLS connection was established/i,
		'the connection was cut before it was encrypted',
	],
	[/proxy connection ended before receiving CONNECT response/i, 'the proxy closed the connection'],
	[/failed to establish tunnel|ERR_PROXY_TUNNEL/i, 'the proxy let no connection through'],
];
/** The same of the handshake, in OpenSSL's words. */
const WITHIN_THE_HANDSHAKE: typeof BEFORE_THE_REQUEST = [
	[
		/wrong version number|packet length too long|http request|https proxy request/i,
		'the address begins with https:// but speaks http there',
	],
	[
		/handshake failure|unsupported protocol|protocol version|unrecognized name|no protocols available|no shared cipher|no cipher|no application protocol|insufficient security|inappropriate fallback|(missing|unsupported) extension|unsafe legacy renegotiation|dh key too small|no suitable/i,
		'no encrypted connection could be agreed on',
	],
];

const MAYBE_SENT: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	EHOSTUNREACH: 'the host became unreachable',
	ENETUNREACH: 'the network became unreachable',
	ECONNRESET: 'the connection was reset',
	EPIPE: 'the connection was closed',
	EPROTO: 'the encrypted connection broke',
	ECONNABORTED: 'no answer came in time',
	ETIMEDOUT: 'no answer came in time',
	ERR_CANCELED: 'the request was stopped',
	ERR_BAD_RESPONSE: 'the answer could not be read',
};

/** Of an error's text. Node's own stand at its beginning. */
const READ_CHARACTERS = 1_000;

/** Reads the whole chain of causes. Anything not known for sure counts as perhaps sent. */
export function causeOf(error: unknown): { sent: 'no' | 'unknown'; reason: string } {
	const chain = chainOf(error);
	const certain = firstCertain(chain) ?? unsentIn(chain);
	if (certain !== undefined) return { sent: 'no', reason: certain.reason };
	for (const { code } of chain) {
		const reason = wordsFor(MAYBE_SENT, code);
		if (reason !== undefined) return { sent: 'unknown', reason };
	}
	const text = chain.at(-1)?.texts[0];
	return { sent: 'unknown', reason: text ?? 'the connection broke' };
}

/** What kept a request from leaving, where that is one of the troubles that may last. */
export function troubleOf(error: unknown): Trouble | undefined {
	return firstCertain(chainOf(error))?.trouble;
}

interface Certain {
	reason: string;
	trouble?: Trouble;
}

function firstCertain(chain: readonly Link[]): Certain | undefined {
	for (const link of chain) {
		const certain = neverLeft(link);
		if (certain !== undefined) return certain;
	}
	return undefined;
}

/** The same by the connection, where its error does not say it: whoever waits for one gives up in other words. */
function unsentIn(chain: readonly Link[]): Certain | undefined {
	return chain.some(({ request }) => isUnsent(request))
		? { reason: 'no connection came about in time' }
		: undefined;
}

/**
 * Whether Node's request (20 to 24) surely wrote nothing: it never got a connection, or one that was not encrypted
 * yet, or one that was given no byte. Anything that looks otherwise may have been sent.
 */
function isUnsent(request: unknown): boolean {
	if (typeof request !== 'object' || request === null) return false;
	const maker: unknown = Reflect.get(request, 'constructor');
	if (typeof maker !== 'function' || maker.name !== 'ClientRequest') return false;
	const socket: unknown = Reflect.get(request, 'socket');
	if (socket === null || socket === undefined) return true;
	if (typeof socket !== 'object') return false;
	return Reflect.get(socket, 'encrypted') === true
		? Reflect.get(socket, 'secureConnecting') === true
		: Reflect.get(socket, '_bytesDispatched') === 0;
}

/** Why a request certainly never left, by the call that failed, by its code or by its text. */
function neverLeft({ code, texts }: Link): Certain | undefined {
	const begins = (call: string) => texts.some((text) => text.startsWith(call));
	if (code !== undefined && (Object.hasOwn(CERTIFICATE, code) || OTHER_CERTIFICATE.test(code))) {
		const reason = wordsFor(CERTIFICATE, code) ?? 'its certificate is not accepted';
		return { reason, trouble: 'certificate' };
	}
	const never = wordsFor(NEVER_SENT, code);
	if (never !== undefined)
		return { reason: never, ...(code === 'ENOTFOUND' && { trouble: 'unknownHost' as const }) };
	if (begins('getaddrinfo ') || begins('query'))
		return { reason: 'the host name could not be looked up' };
	if (begins('connect ')) {
		const reason = wordsFor(NOT_CONNECTED, code) ?? 'no connection came about';
		return { reason, ...(code === 'ECONNREFUSED' && { trouble: 'refused' as const }) };
	}
	const isOpenSsl = code === 'EPROTO' || code?.startsWith('ERR_SSL_') === true;
	const patterns = [...BEFORE_THE_REQUEST, ...(isOpenSsl ? WITHIN_THE_HANDSHAKE : [])];
	for (const text of texts) {
		const found = patterns.find(([pattern]) => pattern.test(text));
		if (found === undefined) continue;
		const [, reason, trouble] = found;
		return { reason, ...(trouble !== undefined && { trouble }) };
	}
	return undefined;
}

function wordsFor(
	words: Readonly<Record<string, string>>,
	code: string | undefined,
): string | undefined {
	return code !== undefined && Object.hasOwn(words, code) ? words[code] : undefined;
}

interface Link {
	code?: string;
	/** What the error says, Node's own words first, e.g. `connect ETIMEDOUT 192.0.2.1:443`. */
	texts: string[];
	/** Node's own request, where the error has it. */
	request?: unknown;
}

/**
 * The error, its causes, and the parts of an AggregateError (one per address that was tried).
 * n8n 1.x drops the cause when it wraps an error, and keeps the code in `httpCode` and the text in `messages`.
 */
function chainOf(error: unknown, depth = 0): Link[] {
	if (typeof error !== 'object' || error === null || depth > 8) return [];
	const field = (name: string): unknown => Reflect.get(error, name);
	const codes = [field('code'), field('httpCode')].filter(isCode);
	const name = field('name');
	const texts = [...listOf(field('messages')), field('message')].filter(isText);
	// Its texts are for people; the name tells it apart.
	if (isText(name) && name.startsWith('SsrfBlocked')) texts.push(name);
	const inner = [field('cause'), ...listOf(field('errors'))];
	const own: Link = {
		texts: texts.map((text) => text.slice(0, READ_CHARACTERS)),
		request: field('request'),
		...(codes.length > 0 && { code: codes[0] }),
	};
	return [own, ...inner.flatMap((part) => chainOf(part, depth + 1))];
}

function isCode(value: unknown): value is string {
	return typeof value === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(value);
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}
