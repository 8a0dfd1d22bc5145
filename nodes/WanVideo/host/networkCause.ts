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
	for (const { code, syscall } of chain) {
		if (code === undefined) continue;
		if (code in NEVER_SENT) return { sent: 'no', reason: NEVER_SENT[code] };
		if (code === 'ETIMEDOUT' && syscall === 'connect') {
			return { sent: 'no', reason: 'no connection came about in time' };
		}
		if (code in MAYBE_SENT) return { sent: 'unknown', reason: MAYBE_SENT[code] };
	}
	const { message } = chain.at(-1) ?? {};
	return { sent: 'unknown', reason: message ?? 'the connection broke' };
}

interface Link {
	code?: string;
	syscall?: string;
	message?: string;
}

/** The error, its causes, and the parts of an AggregateError (one per address that was tried). */
function chainOf(error: unknown, depth = 0): Link[] {
	if (typeof error !== 'object' || error === null || depth > 8) return [];
	const text = (name: string) => {
		const value: unknown = Reflect.get(error, name);
		return typeof value === 'string' ? value : undefined;
	};
	const own: Link = {};
	const code = text('code');
	const syscall = text('syscall');
	const message = text('message');
	if (code !== undefined) own.code = code;
	if (syscall !== undefined) own.syscall = syscall;
	if (message !== undefined) own.message = message;
	const parts: unknown = Reflect.get(error, 'errors');
	const inner = [
		Reflect.get(error, 'cause') as unknown,
		...(Array.isArray(parts) ? (parts as unknown[]) : []),
	];
	return [own, ...inner.flatMap((part) => chainOf(part, depth + 1))];
}
