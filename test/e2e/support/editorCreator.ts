// The panel from which nodes are added: what a search finds, and what n8n tells of the node that is found.
import type { Page } from 'playwright-core';
import { actUntil, byTestId, PATIENCE_OF_A_TRY_MS as timeout, settledClick } from './editorPage';

export interface NodeCreator {
	/** The names of the nodes that a search finds, best first. */
	search(words: string): Promise<string[]>;
	/** All that the panel tells of the first node that a search finds, its actions and its triggers included. */
	details(words: string): Promise<string>;
}

export function openNodeCreator(page: Page): NodeCreator {
	const panel = page.locator(byTestId('node-creator'));
	const bar = page.locator(byTestId('node-creator-search-bar'));
	const found = panel.locator(`${byTestId('node-creator-item-name')}:visible`);
	const search = async (words: string) => {
		const opener = page.locator(byTestId('node-creator-plus-button'));
		await settledClick(opener, async () => await bar.isVisible());
		// The list before the search has no such name.
		const isFound = async () =>
			await found.getByText('Wan Video', { exact: true }).first().isVisible();
		await actUntil(
			`${words} to be searched`,
			async () => await bar.fill(words, { timeout }),
			isFound,
		);
		return await found.allInnerTexts();
	};
	const close = async () => {
		const escape = async () => await page.keyboard.press('Escape');
		await actUntil('the panel to close', escape, async () => await panel.isHidden());
	};
	return {
		async search(words) {
			const names = await search(words);
			await close();
			return names.map((name) => name.trim());
		},
		async details(words) {
			await search(words);
			const triggers = panel.getByText(/^Triggers \(\d+\)/);
			await settledClick(found.first(), async () => await triggers.isVisible());
			const first = panel.getByText(/^On /).first();
			await settledClick(triggers, async () => await first.isVisible());
			const text = await panel.innerText();
			await page.reload();
			return text;
		},
	};
}
