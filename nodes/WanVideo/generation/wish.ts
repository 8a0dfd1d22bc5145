/**
 * A wish: what goes on the wire, written in one form. Two requests that EvoLink cannot tell apart are one
 * wish, however they were typed; whatever could give another video makes it another one. It is only ever
 * compared: what is sent stays as the user gave it (docs/decisions/agents.md).
 */
import { type GenerationBody, toBody, wireNames } from '../evolink/wire';
import { DEFAULT_MODEL, modelOf } from '../wan/models';
import { modeForMaterials, unsetMeans } from '../wan/modes';
import { type Material, MATERIAL_NAMES } from '../wan/vocabulary';
import { fingerprint } from './fingerprint';

/** Where EvoLink calls when the task ends: no part of the video. */
const NOT_OF_THE_VIDEO = 'callback_url';
const PAGE = 'link_url';
const TEXTS: ReadonlySet<string> = new Set(['prompt', 'negative_prompt']);

/**
 * SHA-256 (hex) of the wish. `body` is the body before files are uploaded: a file stands in it by the
 * hash of its content, so that the address of an upload is never part of it.
 */
export function wishOf(body: Readonly<GenerationBody>): string {
	return fingerprint(inOneForm(body));
}

/**
 * What the user set, and no more: a field that is left out and one that says what EvoLink takes anyway are
 * the same. So a setting that a later release adds, with a default, leaves every older wish as it is.
 */
export function inOneForm(body: Readonly<GenerationBody>): Record<string, unknown> {
	const unset: Record<string, unknown> = {
		...toBody({ model: body.model, materials: {}, ...unsetMeans(body.model) }),
		generation_mode: modeForMaterials(modelOf(body.model) ?? DEFAULT_MODEL, materialsIn(body)),
	};
	const form: Record<string, unknown> = { model: body.model };
	for (const [field, value] of Object.entries(body)) {
		if (field === 'model' || field === NOT_OF_THE_VIDEO) continue;
		const plain = TEXTS.has(field) && typeof value === 'string' ? value.trim() : plainly(value);
		if (!isNothing(plain) && plain !== unset[field]) form[field] = plain;
	}
	return form;
}

function materialsIn(body: Readonly<GenerationBody>): Partial<Record<Material, true>> {
	const given = wireNames(body.model)
		.filter(([wire]) => !isNothing(plainly(Reflect.get(body, wire))))
		.map(([, name]) => name);
	const found: Partial<Record<Material, true>> = {};
	for (const name of MATERIAL_NAMES) if (given.some((one) => one === name)) found[name] = true;
	return found;
}

/** Addresses in one form, at any depth. The order of a list stays: materials are meant by their place. */
function plainly(value: unknown): unknown {
	if (typeof value === 'string') return addressInOneForm(value.trim());
	if (Array.isArray(value)) return value.map(plainly);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, part]) => [
			name,
			name === PAGE && typeof part === 'string' ? pageInOneForm(part) : plainly(part),
		]),
	);
}

/** Of a page the fragment may be what is shown, e.g. the sheet of a table. */
function pageInOneForm(text: string): string {
	const address = text.trim();
	const [fragment = ''] = /#.*$/.exec(address) ?? [];
	return `${addressInOneForm(address)}${fragment}`;
}

function isNothing(value: unknown): boolean {
	if (Array.isArray(value)) return value.length === 0;
	return value === undefined || value === null || value === '';
}

/** Letters, digits and signs that mean the same with and without the percent sign (RFC 3986, 2.3). */
const UNRESERVED = /^[A-Za-z0-9._~-]$/;

/**
 * An http(s) address as every server understands it: without a fragment, a default port, `/./` and the
 * like, the host in small letters. What is no such address stays as it is.
 */
export function addressInOneForm(text: string): string {
	if (!/^https?:\/\//i.test(text)) return text;
	const safe = text.replace(/%[0-9a-f]{2}/gi, (code) => {
		const sign = String.fromCharCode(parseInt(code.slice(1), 16));
		return UNRESERVED.test(sign) ? sign : code.toUpperCase();
	});
	try {
		const url = new URL(safe);
		url.hash = '';
		return url.href;
	} catch {
		return text;
	}
}
