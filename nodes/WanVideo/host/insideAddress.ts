/**
 * Keeps n8n from being led into its own network by an address that a user, a form or a redirect gave.
 * What is inside by its form is never asked for. What a name resolves to is seen where n8n lends its
 * own filter (2.41 on); n8n 1.x asks, and then tells nothing of what it heard.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { fieldOf } from '../evolink/foreign';
import { MediaError } from '../media/source';
import { isInternalHost } from '../wan/internalHost';

/** One sentence for all cases: which of them it was would tell a stranger what is inside. */
export const INSIDE = 'its address is inside a network, and was not looked at';

/** Throws when the address must not be asked for. Hosts in `own` are the credential's, and the user's word. */
export async function refuseInside(
	context: IExecuteFunctions,
	url: URL,
	own: ReadonlySet<string>,
): Promise<void> {
	if (own.has(url.host)) return;
	if (await leadsInside(context, url)) throw new MediaError('unreadable', INSIDE);
}

/** Whether an address is inside by its form, or by what its name resolves to as far as n8n lets one see it. */
export async function leadsInside(context: IExecuteFunctions, url: URL): Promise<boolean> {
	return isInternalHost(url.hostname) || (await resolvesInside(context, url));
}

/** By n8n's own rules, with what the operator has allowed and forbidden. A name that is not found is the request's to tell. */
async function resolvesInside({ helpers }: IExecuteFunctions, url: URL): Promise<boolean> {
	// Not in n8n 1.x.
	const filter = helpers.getSecureEgressFilter?.('enforced');
	if (filter === undefined) return false;
	try {
		const verdict = await filter.validateUrl(url);
		return !verdict.ok && isBlock(verdict.error);
	} catch {
		return false;
	}
}

/** Whether an error of n8n's helper says that the operator's rules forbid the address. */
export function isBlock(error: unknown, depth = 0): boolean {
	if (typeof error !== 'object' || error === null || depth > 8) return false;
	return (
		/^SsrfBlocked/.test(String(Reflect.get(error, 'name'))) ||
		isBlock(Reflect.get(error, 'cause'), depth + 1)
	);
}

/** Whether a connection that failed was one to an inside address: Node notes it in the error. */
export function failedInside(error: unknown, depth = 0): boolean {
	if (typeof error !== 'object' || error === null || depth > 8) return false;
	const address: unknown = Reflect.get(error, 'address');
	if (typeof address === 'string' && isInternalHost(address)) return true;
	const errors: unknown = Reflect.get(error, 'errors');
	const cause: unknown = Reflect.get(error, 'cause');
	const inner: unknown[] = Array.isArray(errors) ? [cause, ...(errors as unknown[])] : [cause];
	return isBlock(error) || inner.some((part) => failedInside(part, depth + 1));
}

/** Whether an answer came from an inside address (n8n 1.x hands over Node's own message). Behind a proxy it is the proxy's. */
export function answeredInside(body: unknown): boolean {
	const address = fieldOf(fieldOf(body, 'socket'), 'remoteAddress');
	const byProxy = fieldOf(fieldOf(fieldOf(body, 'req'), 'agent'), 'proxy') !== undefined;
	return typeof address === 'string' && !byProxy && isInternalHost(address);
}
