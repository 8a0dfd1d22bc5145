/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The addresses that EvoLink's documentation uses in its examples, and the files of examples/media
// that stand for them: the sandbox has no internet, and these bodies should work as they are.
// The sandbox also serves these files itself, for clients that look at a material before they send it.

import { join } from 'node:path';

const MEDIA_FOLDER = join(__dirname, '..', 'examples', 'media');

const PUBLIC_FILES: Readonly<Record<string, string>> = {
	'https://example.com/first_frame.jpg': 'first_frame.jpg',
	'https://example.com/last_frame.jpg': 'last_frame.jpg',
	'https://example.com/first_frame.png': 'first_frame.png',
	'https://example.com/last_frame.png': 'last_frame.png',
	'https://example.com/portrait.jpg': 'portrait.jpg',
	'https://example.com/portrait_2.jpg': 'portrait_2.jpg',
	'https://example.com/clip.mp4': 'clip.mp4',
	'https://example.com/audio.mp3': 'audio.mp3',
	'https://example.com/audio_2.mp3': 'audio_2.mp3',
	'https://example.com/rap.mp3': 'audio.mp3',
	'https://example.com/slides.pdf': 'slides.pdf',
};

/** The local file behind a public address, if the sandbox knows it. */
export function publicFile(url: string): string | undefined {
	const name = PUBLIC_FILES[url];
	return name === undefined ? undefined : join(MEDIA_FOLDER, name);
}

/** Where the sandbox serves the files; under /_sandbox/, as EvoLink has nothing of the kind. */
export const EXAMPLES_PATH = '/_sandbox/examples/';

const TYPES: Readonly<Record<string, string>> = {
	jpg: 'image/jpeg',
	png: 'image/png',
	mp4: 'video/mp4',
	mp3: 'audio/mpeg',
	pdf: 'application/pdf',
};

/** The file served at a path under EXAMPLES_PATH, if there is one. */
export function exampleFile(pathname: string): { path: string; type: string } | undefined {
	const name = pathname.slice(EXAMPLES_PATH.length);
	if (!pathname.startsWith(EXAMPLES_PATH) || !Object.values(PUBLIC_FILES).includes(name)) {
		return undefined;
	}
	const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
	return { path: join(MEDIA_FOLDER, name), type };
}

/** Public address -> the address of the same file at the sandbox. */
export const exampleAddresses = (sandboxUrl: string): Record<string, string> =>
	Object.fromEntries(
		Object.entries(PUBLIC_FILES).map(([address, name]) => [
			address,
			`${sandboxUrl}${EXAMPLES_PATH}${name}`,
		]),
	);
