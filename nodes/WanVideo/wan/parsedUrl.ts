/** The parts of an address, or undefined for what is none. Not by `URL.canParse`, which in Node 20 turns wrong for letters beyond ASCII once it has run often. */
export function parsedUrl(address: string, base?: string): URL | undefined {
	try {
		return new URL(address, base);
	} catch {
		return undefined;
	}
}
