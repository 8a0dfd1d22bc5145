// The panel from which nodes are added: what a search finds, and what n8n tells of the node that is found.
import type { Page } from 'playwright-core';
import { byTestId } from './editorPicture';

export interface NodeCreator {
	/** The names of the nodes that a search finds, best first. */
	search(words: string): Promise<string[]>;
	/** All that the panel tells of the first node that a search finds, its actions and its triggers included. */
	details(words: string): Promise<string>;
}

export function openNodeCreator(page: Page): NodeCreator {
	const panel = page.locator(byTestId('node-creator'));
	const found = panel.locator(`${byTestId('node-creator-item-name')}:visible`);
	const search = async (words: string) => {
		await page.locator(byTestId('node-creator-plus-button')).click();
		await page.locator(byTestId('node-creator-search-bar')).fill(words);
		// The list before the search has no such name.
		await found.getByText('Wan Video', { exact: true }).first().waitFor();
		return await found.allInnerTexts();
	};
	const close = async () => {
		await page.keyboard.press('Escape');
		await panel.waitFor({ state: 'hidden' });
	};
	return {
		async search(words) {
			const names = await search(words);
			await close();
			return names.map((name) => name.trim());
		},
		async details(words) {
			await search(words);
			await found.first().click();
			const triggers = panel.getByText(/^Triggers \(\d+\)/);
			await triggers.click();
			await panel.getByText(/^On /).first().waitFor();
			const text = await panel.innerText();
			await page.reload();
			return text;
		},
	};
}
