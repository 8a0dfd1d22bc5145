// The output panel of an open node: its views, its texts, and the player of its binary view.
import type { Page } from 'playwright-core';
import { byTestId, settledClick } from './editorPage';

export interface Player {
	/** Address of the file that is played. */
	source: string;
	contentType: string;
	/** Whether this browser can decode H.264, which not every Chromium can. */
	canDecode: boolean;
	/** 0 until the browser knows the file's length. */
	seconds: number;
}

export interface OutputPanel {
	/** Opens a view and waits until a word can be read in it. */
	show(view: 'schema' | 'table' | 'json' | 'binary', word: string): Promise<void>;
	/** Everything that can be read in it, hints included. */
	text(): Promise<string>;
	/** Opens the file of the binary view in n8n's player. */
	play(): Promise<Player>;
}

/** The panel of whichever node is open when it is asked. */
export function openOutput(page: Page): OutputPanel {
	const panel = page.locator(byTestId('output-panel'));
	return {
		async show(view, word) {
			const id = byTestId(`radio-button-${view}`);
			const button = panel.locator(id);
			// The word may stand in the view before as well.
			const chosen = panel.locator(`${id}[aria-checked=true], [aria-checked=true] ${id}`);
			const isShown = async () =>
				(await chosen.isVisible()) && (await panel.getByText(word).first().isVisible());
			await settledClick(button, isShown);
		},
		text: () => panel.innerText(),
		async play() {
			const video = panel.locator('video');
			const button = panel.getByText('View', { exact: true }).first();
			await settledClick(button, async () => await video.isVisible());
			return await video.evaluate(async (element) => {
				if (!(element instanceof HTMLVideoElement)) throw new Error('no player');
				const source = element.querySelector('source')?.src ?? element.src;
				const answer = await fetch(source);
				await answer.arrayBuffer();
				const canDecode = element.canPlayType('video/mp4; codecs="avc1.42E01E"') !== '';
				if (canDecode && element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
					await new Promise((resolve, reject) => {
						element.addEventListener('loadeddata', resolve, { once: true });
						element.addEventListener('error', reject, { once: true, capture: true });
					});
				}
				// A picture of it should not depend on the moment it is taken at.
				element.pause();
				return {
					source,
					contentType: answer.headers.get('content-type') ?? '',
					canDecode,
					seconds: Number.isNaN(element.duration) ? 0 : element.duration,
				};
			});
		},
	};
}
