/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n; the page's part runs in Chromium */
// A film in a real Chromium: it can be jumped to each seam, and plays over it.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { chromium } from 'playwright-core';
import { browserToUse } from './browser';

export interface Played {
	seconds: number;
	/** What the player says is wrong. */
	error?: string;
	/** Of each seam: where it stood after the jump, and after it had played over it. */
	seams: Array<{ jumpedTo: number; playedTo: number }>;
}

/** Plays from a little before each of these seconds to a little after. */
export async function playAcross(file: string, seams: readonly number[]): Promise<Played> {
	const size = statSync(file).size;
	const server = createServer((request, response) => {
		if (request.url === '/') {
			response.setHeader('content-type', 'text/html').end('<video muted></video>');
			return;
		}
		const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
		const range = { start: Number(from), end: to === '' ? size - 1 : Number(to) };
		response.writeHead(206, {
			'content-type': 'video/mp4',
			'accept-ranges': 'bytes',
			'content-length': range.end - range.start + 1,
			'content-range': `bytes ${range.start}-${range.end}/${size}`,
		});
		createReadStream(file, range).pipe(response);
	});
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const browser = await chromium.launch({
		...browserToUse(),
		args: ['--headless', '--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
	});
	try {
		const page = await browser.newPage();
		await page.goto(url);
		return await page.evaluate(async (moments): Promise<Played> => {
			const video = document.querySelector('video') as HTMLVideoElement;
			const event = async (name: string) =>
				await new Promise((resolve) => {
					video.addEventListener(name, resolve, { once: true });
					video.addEventListener('error', resolve, { once: true });
				});
			const played: Played = { seconds: 0, seams: [] };
			video.src = '/film.mp4';
			await event('loadeddata');
			played.seconds = video.duration;
			for (const moment of moments) {
				if (video.error !== null) break;
				video.currentTime = moment - 0.3;
				await event('seeked');
				const jumpedTo = video.currentTime;
				await video.play();
				while (video.error === null && video.currentTime < moment + 0.3) await event('timeupdate');
				video.pause();
				played.seams.push({ jumpedTo, playedTo: video.currentTime });
			}
			return { ...played, ...(video.error !== null && { error: video.error.message }) };
		}, seams);
	} finally {
		await browser.close();
		server.close();
		server.closeAllConnections();
	}
}
