/**
 * What a network error says in plain words, and whether the request certainly never left.
 * Plain words, because n8n replaces every message that contains a code such as ECONNREFUSED.
 */

/** Errors of name lookup, connecting and TLS: no byte of the request was sent. */
const NEVER_SENT: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	EHOSTUNREACH: 'the host is unreachable',
	ENETUNREACH: 'the network is unreachable',
	ERR_INVALID_URL: 'the address is not valid',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate cannot be verified',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

const MAYBE_SENT: Readonly<Record<string, string>> = {
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
		if (code === undefined) continue;
		if (code in NEVER_SENT) return { sent: 'no', reason: NEVER_SENT[code] };
		if (code === 'ETIMEDOUT' && texts.some((text) => text.startsWith('connect '))) {
			return { sent: 'no', reason: 'no connection came about in time' };
		}
		if (code in MAYBE_SENT) return { sent: 'unknown', reason: MAYBE_SENT[code] };
	}
	const text = chain.at(-1)?.texts[0];
	return { sent: 'unknown', reason: text ?? 'the connection broke' };
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
