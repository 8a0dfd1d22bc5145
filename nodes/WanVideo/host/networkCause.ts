/**
 * What a network error says in plain words, and whether the request certainly never left.
 * Plain words, because n8n replaces every message that contains a code such as ECONNREFUSED.
 */

/** Errors that on connecting mean that nothing was sent. On an open connection they mean nothing of the kind. */
const NOT_CONNECTED: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	EHOSTUNREACH: 'the host is unreachable',
	ENETUNREACH: 'the network is unreachable',
	ETIMEDOUT: 'no connection came about in time',
};

/** Errors of name lookup, of the address and of TLS: no byte of the request was sent. */
const NEVER_SENT: Readonly<Record<string, string>> = {
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	ERR_INVALID_CHAR: 'the API key holds a character that cannot be sent',
	ERR_INVALID_URL: 'the address is not valid',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate cannot be verified',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

const MAYBE_SENT: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	EHOSTUNREACH: 'the host became unreachable',
	ENETUNREACH: 'the network became unreachable',
	ECONNRESET: 'the connection was reset',
	EPIPE: 'the connection was closed',
	ECONNABORTED: 'no answer came in time',
	ETIMEDOUT: 'no answer came in time',
	ERR_CANCELED: 'the request was stopped',
	ERR_BAD_RESPONSE: 'the answer could not be read',
};

/** Reads the whole chain of causes. Anything not known for sure counts as perhaps sent. */
export function causeOf(error: unknown): { sent: 'no' | 'unknown'; reason: string } {
	const chain = chainOf(error);
	for (const { code, texts } of chain) {
		const connecting = texts.some((text) => text.startsWith('connect '));
		const reason = wordsFor(connecting ? NOT_CONNECTED : {}, code) ?? wordsFor(NEVER_SENT, code);
		if (reason !== undefined) return { sent: 'no', reason };
	}
	for (const { code } of chain) {
		const reason = wordsFor(MAYBE_SENT, code);
		if (reason !== undefined) return { sent: 'unknown', reason };
	}
	const text = chain.at(-1)?.texts[0];
	return { sent: 'unknown', reason: text ?? 'the connection broke' };
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
}

/**
 * The error, its causes, and the parts of an AggregateError (one per address that was tried).
 * n8n 1.x drops the cause when it wraps an error, and keeps the code in `httpCode` and the text in `messages`.
 */
function chainOf(error: unknown, depth = 0): Link[] {
	if (typeof error !== 'object' || error === null || depth > 8) return [];
	const field = (name: string): unknown => Reflect.get(error, name);
	const codes = [field('code'), field('httpCode')].filter(isCode);
	const texts = [...listOf(field('messages')), field('message')].filter(isText);
	const inner = [field('cause'), ...listOf(field('errors'))];
	const own: Link = { texts, ...(codes.length > 0 && { code: codes[0] }) };
	return [own, ...inner.flatMap((part) => chainOf(part, depth + 1))];
}

function isCode(value: unknown): value is string {
	return typeof value === 'string' && /^[A-Z][A-Z_]+$/.test(value);
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}
