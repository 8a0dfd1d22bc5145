/** The credential as it was typed, made usable: by a run, by the credential's test and by its header alike. */
import { parsedUrl } from '../wan/parsedUrl';

export interface Credential {
	apiKey: string;
	/** Base addresses without a slash at the end. */
	hosts: Readonly<Record<Host, string>>;
}

/** The API, or the file storage beside it. */
export type Host = 'api' | 'files';

/** The names of the fields as the user reads them. */
export const HOST_LABELS: Readonly<Record<Host, string>> = { api: 'Base URL', files: 'Files URL' };

/** More than this is no key and no address, but something else that was pasted. */
const LONGEST = 2_000;

/** The fields of a credential without blanks, quotes and what people copy along with a key. */
export function readCredentialFields(fields: Readonly<Record<string, unknown>>): Credential {
	return {
		apiKey: bareKey(fields.apiKey),
		hosts: { api: bareAddress(fields.baseUrl), files: bareAddress(fields.filesUrl) },
	};
}

/** A key without `Authorization:`, `Bearer`, quotes and blanks around it. */
export function bareKey(field: unknown): string {
	return unquoted(unquoted(field).replace(/^(authorization\s*:\s*)?bearer\s+/i, ''));
}

function bareAddress(field: unknown): string {
	let address = unquoted(field);
	while (address.endsWith('/')) address = address.slice(0, -1);
	return address;
}

function unquoted(field: unknown): string {
	const text = typeof field === 'string' ? field.slice(0, LONGEST).trim() : '';
	const [first] = text;
	const isQuoted = text.length > 1 && text.endsWith(first) && ['"', "'", '`'].includes(first);
	return isQuoted ? text.slice(1, -1).trim() : text;
}

/** Why a key or the address of a host cannot be used, or undefined where nothing is wrong that can be seen. */
export function credentialProblem({ apiKey, hosts }: Credential, host: Host): string | undefined {
	const label = HOST_LABELS[host];
	const address = hosts[host];
	if (apiKey === '') return "'API Key' is empty";
	if (/\s/.test(apiKey)) return "'API Key' has a blank or a line break inside";
	if (!/^[\x21-\x7e]+$/.test(apiKey))
		return "'API Key' holds a character that no key has, perhaps dots in place of the key";
	if (address === '') return `'${label}' is empty`;
	const shown = `'${label}' is "${address.slice(0, 200)}"`;
	if (!/^https?:\/\//i.test(address)) return `${shown}, which does not begin with https://`;
	if (/\s/.test(address)) return `${shown}, which has a blank inside`;
	const url = parsedUrl(address);
	if (url === undefined) return `${shown}, which is no address`;
	return url.search + url.hash === '' ? undefined : `${shown}, which has more behind its path`;
}

/** Whether it is certain that nobody will answer there soon, though the address is well-formed. */
export function isSurelyWrong(address: string, trouble: 'refused' | 'unknownHost'): boolean {
	const { hostname } = new URL(address);
	// EvoLink's own names are right: where they are not found, a name server has trouble.
	if (trouble === 'unknownHost') return !/(^|\.)evolink\.ai$/i.test(hostname);
	return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}
