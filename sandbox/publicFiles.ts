/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The addresses that EvoLink's documentation uses in its examples, and the files of examples/media
// that stand for them: the sandbox has no internet, and these bodies should work as they are.

import { join } from 'node:path';

const MEDIA_FOLDER = join(__dirname, '..', 'examples', 'media');

const PUBLIC_FILES: Readonly<Record<string, string>> = {
	'https://example.com/first_frame.jpg': 'first_frame.jpg',
	'https://example.com/last_frame.jpg': 'last_frame.jpg',
	'https://example.com/first_frame.png': 'first_frame.png',
	'https://example.com/last_frame.png': 'last_frame.png',
	'https://example.com/portrait.jpg': 'portrait.jpg',
	'https://example.com/clip.mp4': 'clip.mp4',
	'https://example.com/audio.mp3': 'audio.mp3',
	'https://example.com/rap.mp3': 'audio.mp3',
};

/** The local file behind a public address, if the sandbox knows it. */
export function publicFile(url: string): string | undefined {
	const name = PUBLIC_FILES[url];
	return name === undefined ? undefined : join(MEDIA_FOLDER, name);
}
