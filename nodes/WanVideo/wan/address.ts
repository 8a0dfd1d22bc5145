/** Why a value is no address of one file that EvoLink could fetch, as exactly as the value itself tells it. */
import { parsedUrl } from './parsedUrl';
import { sharePage } from './sharePages';
import { shown } from './shown';
import { renderAdvice, unrendered } from './unrendered';

const QUOTES: ReadonlyArray<readonly [string, string]> = [
	['"', '"'],
	["'", "'"],
	['`', '`'],
	['“', '”'],
	['„', '“'],
	['‘', '’'],
	['«', '»'],
	['<', '>'],
];

/** Takes off the blanks around a value, also the invisible ones that come along when it is copied. */
export function withoutBlanks(value: string): string {
	return value.replace(/^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu, '');
}

/** An address without the blanks and the pair of quotes around it. */
export function bareAddress(value: string): string {
	const bare = withoutBlanks(value);
	const isQuoted = QUOTES.some(
		([open, close]) => bare.length >= 2 && bare.startsWith(open) && bare.endsWith(close),
	);
	return isQuoted ? bareAddress(bare.slice(1, -1)) : bare;
}

interface Wanted {
	takesFiles: boolean;
	isPage: boolean;
	advice: string;
	isExpression: boolean;
}

/**
 * What is wrong with the address of a material, and what to do; undefined for one that can be fetched.
 * `advice` is the way that is always open; a file of the item is one only of what `takesFiles`. Where a page is
 * wanted (`isPage`), a page that shows a file is one.
 */
export function addressFlaw(
	value: string,
	{ takesFiles, isPage, advice, isExpression }: Wanted,
): string | undefined {
	if (/[\s,;]https?:\/\//i.test(value))
		return `is ${shown(value)}, which holds more than one address, and EvoLink takes exactly one. ${advice}`;
	const [flaw, fileWay] = kindOfFlaw(value, isPage, isExpression) ?? [];
	if (flaw === undefined) return undefined;
	const way = takesFiles || fileWay?.includes(FILE_SOURCE) !== true ? fileWay : undefined;
	const ways =
		way === undefined ? advice : `${way} Or ${advice[0].toLowerCase()}${advice.slice(1)}`;
	return `is ${shown(value)}, which ${flaw}. ${ways}`;
}

const FILE_SOURCE = 'choose Binary File as the source';
const AS_FILE = `Fetch the file in n8n (e.g. with 'HTTP Request' or 'Read/Write Files from Disk') and ${FILE_SOURCE}.`;
const CONTENT_AS_FILE = `Turn it into a file with 'Convert to File' and ${FILE_SOURCE}.`;

/** How the content of JPEG, PNG, WEBP, WAV, MP4 and BMP files begins in base64. */
const BASE64_OF_A_FILE = /^(\/9j\/|iVBORw0KGgo|UklGR|AAAA[\w+/]{2,4}ZnR5c|Qk)[\w+/=\s]{40,}$/;

/** In words that go on from "…, which", and the way out that it shows. The first reason counts: later ones follow from it. */
function kindOfFlaw(
	value: string,
	isPage: boolean,
	isExpression: boolean,
): readonly [flaw: string, way?: string] | undefined {
	const trace = unrendered(value);
	if (trace !== undefined) return [trace, renderAdvice(isExpression)];
	if (/^data:/i.test(value))
		return [
			'is the content of a file as a data address, which EvoLink does not take',
			CONTENT_AS_FILE,
		];
	if (BASE64_OF_A_FILE.test(value)) return ['is the content of a file in base64', CONTENT_AS_FILE];
	if (/^([a-z]:[\\/](?!\/)|\\\\|\/(?!\/)|~\/|\.{1,2}[\\/]|file:)/i.test(value))
		return ['is a path on a computer, which EvoLink cannot reach', AS_FILE];
	if (/^https?:\/\/[^/]/i.test(value)) return flawOfHttp(value, isPage);
	if (/^https?:/i.test(value)) return ['is not written as https://host/file'];
	const scheme = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(value)?.[1];
	if (scheme !== undefined) return [`begins with ${scheme}: in place of https://`, AS_FILE];
	if (/^(\/\/|www\.|([a-z0-9-]+\.)+[a-z]{2,}(:\d+)?\/)/i.test(value))
		return ['does not begin with http:// or https://'];
	if (/^["'`“„‘«<]/.test(value)) return ['begins with a quotation mark'];
	return ['is no address'];
}

function flawOfHttp(
	value: string,
	isPage: boolean,
): readonly [flaw: string, way?: string] | undefined {
	if (/^https?:\/\/https?:?\/\//i.test(value)) return ['has its beginning twice'];
	if (/\s/.test(value))
		return ['has a space or a line break in it. In an address a space is written as %20'];
	const url = parsedUrl(value);
	if (url === undefined) return ['is no address'];
	const page = isPage ? undefined : sharePage(url);
	return page === undefined ? undefined : [`is ${page.what}`, page.way];
}
