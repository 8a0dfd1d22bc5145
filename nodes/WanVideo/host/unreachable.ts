/** Addresses that EvoLink can never open. For a person that is a hint; a model sees no hints, so a tool refuses them. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { isInternalHost } from '../wan/internalHost';
import { readCredential } from './api';
import { INSIDE } from './insideAddress';
import { NO_SUCH_HOST } from './networkCause';

/** Names that are promised to lead nowhere (RFC 2606, RFC 6761). */
const NOWHERE = /(^|\.)(invalid|test|example)\.?$/i;

export interface Reach {
	/** Why EvoLink cannot open the address, by its form; nothing where it may. */
	byForm(url: string): string | undefined;
	/** Whether what a look into the address came to says so. */
	byLook(seen: string): boolean;
}

/** What is out of reach for EvoLink, seen from this node. The credential's own host (a gateway, the sandbox) is not. */
export async function reachOf(context: IExecuteFunctions): Promise<Reach> {
	const { hosts } = await readCredential(context);
	const own = Object.values(hosts).flatMap((host) => parsed(host) ?? []);
	// Where even EvoLink is known by its number, names may not be looked up at all, and prove nothing.
	const looksUp = own.some(({ hostname }) => !isInternalHost(hostname) && /[a-z]/i.test(hostname));
	return {
		byForm(address) {
			const url = parsed(address);
			if (url === undefined || own.some(({ host }) => host === url.host)) return undefined;
			if (isInternalHost(url.hostname)) return 'the address is inside a network';
			return NOWHERE.test(url.hostname) ? NO_SUCH_HOST : undefined;
		},
		byLook: (seen) => seen === INSIDE || (looksUp && seen === NO_SUCH_HOST),
	};
}

function parsed(address: string): URL | undefined {
	try {
		return new URL(address);
	} catch {
		return undefined;
	}
}
