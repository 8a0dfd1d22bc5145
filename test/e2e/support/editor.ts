/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// n8n's editor in a headless browser: sign in, open a workflow and a node, choose options, and read which fields are in
// sight, all by the labels a person reads.
import { existsSync } from 'node:fs';
import { chromium, type Locator, type Page } from 'playwright-core';
import { localOwner } from './rest';

export interface Editor {
	openWorkflow(id: string): Promise<void>;
	openNode(name: string): Promise<void>;
	/** Chooses an entry of a drop-down by the field's and the entry's label. */
	choose(field: string, entry: string): Promise<void>;
	/** The labels of the node's parameters that are in sight, from top to bottom. */
	fields(): Promise<string[]>;
	/** Opens the drop-down of a collection ("Options") and gives its entries. */
	collectionEntries(): Promise<string[]>;
	/** Presses "Execute workflow" on the canvas and waits for the tick on a node. */
	executeWorkflow(nodeName: string, timeoutMs?: number): Promise<void>;
	closeNode(): Promise<void>;
	/** Saves what is in sight: the whole window, or the parameters of the open node. */
	screenshot(file: string, part?: 'window' | 'parameters'): Promise<void>;
	/** Errors the page has reported since it was opened. */
	errors(): string[];
	close(): Promise<void>;
}

/** What Chromium needs as root, without a display and without the internet. */
const chromiumFlags = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** High enough that all parameters of a node are in sight without scrolling. */
const readingSize = { width: 1400, height: 1360 };
/** What a picture of the whole window is taken at. */
const pictureSize = { width: 1440, height: 800 };
const jpegQuality = 80;

const browserToUse = () => {
	const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
	return existsSync(executablePath) ? { executablePath } : { channel: 'chrome' };
};

const byTestId = (id: string) => `[data-test-id="${id}"]`;

/** Starts a browser and signs in as the owner, who must exist (see openSession). */
export async function openEditor(url: string): Promise<Editor> {
	const browser = await chromium.launch({ ...browserToUse(), args: chromiumFlags });
	const page = await browser.newPage({
		viewport: readingSize,
		locale: 'en-GB',
		colorScheme: 'light',
	});
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	await page.goto(`${url}/signin`);
	await page.fill('input[name=emailOrLdapLoginId]', localOwner.email);
	await page.fill('input[name=password]', localOwner.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL((address) => !address.pathname.startsWith('/signin'));

	const canvasNode = (name: string) =>
		page.locator(`${byTestId('canvas-node')}[data-node-name="${name}"]`);
	return {
		async openWorkflow(id) {
			await page.goto(`${url}/workflow/${id}`);
			await page.locator(byTestId('canvas-node')).first().waitFor();
		},
		async openNode(name) {
			await canvasNode(name).dblclick();
			await page.locator(byTestId('node-parameters')).waitFor();
		},
		async choose(field, entry) {
			await parameter(page, field).locator('.el-select, input').first().click();
			const option = page.locator('[role=option]:visible');
			// An entry's text is its label and, below, its description.
			await option
				.filter({ hasText: new RegExp(`^\\s*${entry}\\s*(\\n|$|\\S*[A-Z])`) })
				.first()
				.click();
			await option.first().waitFor({ state: 'hidden' });
		},
		async fields() {
			const labels = page.locator(
				`${byTestId('node-parameters')} ${byTestId('input-label')}:visible`,
			);
			return (await labels.allInnerTexts()).map((text) => text.split('\n')[0].trim());
		},
		async collectionEntries() {
			await page.locator(`${byTestId('collection-parameter-add')}:visible`).click();
			const entries = page.locator('[role=option]:visible, [role=menuitem]:visible');
			await entries.first().waitFor();
			const labels = (await entries.allInnerTexts()).map((text) => text.split('\n')[0].trim());
			await page.keyboard.press('Escape');
			return labels;
		},
		async executeWorkflow(nodeName, timeoutMs = 60_000) {
			await page.locator(byTestId('execute-workflow-button')).click();
			const node = canvasNode(nodeName);
			const tick = node.locator(byTestId('canvas-node-status-success'));
			await tick.or(node.locator(byTestId('node-issues'))).waitFor({ timeout: timeoutMs });
			if (!(await tick.isVisible())) {
				const words = await page.getByRole('alert').allInnerTexts();
				throw new Error(`${nodeName} failed: ${words.join(' ')}`);
			}
			// The end as a person sees it: the button is back, the message is read.
			await page
				.locator(byTestId('execute-workflow-button'))
				.getByText('Execute workflow')
				.waitFor();
			const message = page.getByRole('alert');
			await message.first().waitFor();
			await message.locator('.el-notification__closeBtn').first().click();
			await message.first().waitFor({ state: 'hidden' });
		},
		async closeNode() {
			await page.locator(byTestId('ndv-close-button')).click();
		},
		async screenshot(file, part = 'window') {
			await page.setViewportSize(part === 'window' ? pictureSize : readingSize);
			const fit = page.locator(byTestId('zoom-to-fit'));
			if (part === 'window' && (await page.locator(byTestId('ndv')).count()) === 0)
				await fit.click();
			// Pointer and focus would light up whatever they happen to stand on.
			await page.mouse.move(0, 0);
			await page.locator('body').evaluate((body) => {
				const { activeElement } = body.ownerDocument;
				if (activeElement instanceof HTMLElement) activeElement.blur();
			});
			const options = {
				path: file,
				type: 'jpeg',
				quality: jpegQuality,
				animations: 'disabled',
			} as const;
			await (part === 'window' ? page : page.locator(byTestId('node-parameters'))).screenshot(
				options,
			);
		},
		errors: () => problems,
		close: () => browser.close(),
	};
}

const parameter = (page: Page, label: string): Locator =>
	page
		.locator(`${byTestId('parameter-item')}:visible`)
		.filter({
			has: page.locator(byTestId('input-label')).filter({ hasText: new RegExp(`^\\s*${label}`) }),
		})
		.first();
