/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// n8n's editor in a headless browser: sign in, open a workflow and a node, choose options, read which fields are in sight,
// run it and look at what comes out, all by the labels a person reads.
import { chromium, type Locator, type Page } from 'playwright-core';
import { browserToUse } from './browser';
import { type CredentialDialog, openCredentialDialog } from './editorCredential';
import { type NodeCreator, openNodeCreator } from './editorCreator';
import { type OutputPanel, openOutput } from './editorOutput';
import { actUntil, byTestId, PATIENCE_OF_A_TRY_MS as timeout, settledClick } from './editorPage';
import { type Part, readingSize, takePicture } from './editorPicture';
import { localOwner } from './rest';
import { until } from './until';

export interface Editor {
	openWorkflow(id: string): Promise<void>;
	/** From the next page on. */
	setTheme(theme: Theme): Promise<void>;
	openNode(name: string): Promise<void>;
	/** Chooses an entry of a drop-down by the field's and the entry's label. */
	choose(field: string, entry: string): Promise<void>;
	/** The labels of the node's parameters that are in sight, from top to bottom. */
	fields(): Promise<string[]>;
	/** Turns a switch on or off. */
	turn(field: string, to: 'on' | 'off'): Promise<void>;
	/** All texts among the node's parameters: labels, notices, hints. */
	parameterTexts(): Promise<string>;
	/** Opens the drop-down of a collection ("Options") and gives its entries. */
	collectionEntries(): Promise<string[]>;
	/** Adds every entry of a collection to the node. */
	addWholeCollection(): Promise<void>;
	/** Labels of parameters that are too long for the panel, which cuts them off. */
	cutLabels(): Promise<string[]>;
	/** Addresses of the pictures that the nodes of the canvas have, each once. */
	icons(): Promise<string[]>;
	/** What stands under each node of the canvas, by the node's name. */
	subtitles(): Promise<Record<string, string>>;
	/** Presses "Execute workflow" on the canvas and waits for the tick on a node. */
	executeWorkflow(nodeName: string, timeoutMs?: number): Promise<void>;
	/** Presses "Execute workflow" and waits until the canvas shows a node as waiting. */
	executeUntilWaiting(nodeName: string, timeoutMs?: number): Promise<void>;
	/** Presses the stop button of the canvas. */
	stopWorkflow(): Promise<void>;
	closeNode(): Promise<void>;
	/** The output panel of the open node. */
	readonly output: OutputPanel;
	/** The panel from which nodes are added. */
	readonly creator: NodeCreator;
	/** The dialog of a credential. */
	readonly credential: CredentialDialog;
	/** Saves a part of the open node. */
	nodePicture(file: string, part: Exclude<Part, 'canvas'>): Promise<void>;
	/** Saves the open workflow: its nodes and notes, with nothing of the editor around them. */
	canvasPicture(file: string): Promise<void>;
	/** The names of nodes that the canvas marks as marked for a missing field. */
	nodesWithIssues(): Promise<string[]>;
	/** Errors the page has reported since the workflow was asked for; those of leaving the one before are n8n's own. */
	errors(): string[];
	/** What the nodes of manual runs wrote to the browser's console. */
	consoleLines(): string[];
	close(): Promise<void>;
}

/** What Chromium needs as root, without a display and without the internet. */
const chromiumFlags = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	// Debian's wrapper asks for it, and without a GPU that is the processor's work twice.
	'--disable-gpu-rasterization',
	// Letters as wide as in a window: the headless shell would round them up.
	'--font-render-hinting=none',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** Makes the browser's processor slower by this factor, as a look for races needs it. */
async function slowDown(page: Page): Promise<void> {
	const rate = Number(process.env.SLOW_BROWSER ?? 1);
	if (rate === 1) return;
	const session = await page.context().newCDPSession(page);
	await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** Movement is for people, and each frame of it is drawn by the processor here. */
const STANDS_STILL =
	'*, *::before, *::after { animation: none !important; transition: none !important; }';

/** In every page from now on. */
async function standStill(page: Page): Promise<void> {
	await page.addInitScript((text) => {
		document.addEventListener('DOMContentLoaded', () => {
			const style = document.createElement('style');
			style.textContent = text;
			document.head.append(style);
		});
	}, STANDS_STILL);
}

/** What n8n's editor, a Vue application, keeps at its element. */
interface EditorElement extends Element {
	__vue_app__?: {
		config: { globalProperties: { $router: { push(to: string): Promise<unknown> } } };
	};
}

/** What 2.41's own code now and then says when a workflow with an open node is left by the router. */
const OF_LEAVING = /^injectNDVStore\(\) was accessed without an active workflow/;

/** Goes to another page as a link does: by the editor's router, which loads nothing anew. */
const follow = async (page: Page, path: string): Promise<void> =>
	await page.evaluate((to) => {
		const app: EditorElement | null = document.querySelector('#app');
		// It may ask first, and ends with the answer.
		void app?.__vue_app__?.config.globalProperties.$router.push(to);
	}, path);

/** n8n's own theme "System default" follows it. */
export type Theme = 'light' | 'dark';

/** Starts a browser and signs in as the owner, who must exist (see openSession). */
export async function openEditor(url: string): Promise<Editor> {
	const browser = await chromium.launch({ ...browserToUse(), args: chromiumFlags });
	const page = await browser.newPage({
		viewport: readingSize,
		locale: 'en-GB',
		colorScheme: 'light',
	});
	const problems: string[] = [];
	page.on('pageerror', ({ message }) => {
		if (!OF_LEAVING.test(message)) problems.push(message);
	});
	const lines: string[] = [];
	page.on('console', (message) => {
		if (message.text().startsWith('[Node:')) lines.push(message.text());
	});
	page.setDefaultTimeout(120_000);
	await slowDown(page);
	await standStill(page);
	const isAtSignIn = () => new URL(page.url()).pathname.startsWith('/signin');
	await page.goto(`${url}/signin`);
	await actUntil(
		'n8n to let the owner in',
		async () => {
			await page.fill('input[name=emailOrLdapLoginId]', localOwner.email, { timeout });
			await page.fill('input[name=password]', localOwner.password, { timeout });
			await page.getByRole('button', { name: 'Sign in' }).click({ timeout });
		},
		async () => await Promise.resolve(!isAtSignIn()),
	);

	const canvasNodes = page.locator(byTestId('canvas-node'));
	const canvasNode = (name: string) =>
		page.locator(`${byTestId('canvas-node')}[data-node-name="${name}"]`);
	/** A page is drawn in the theme that it was loaded in. */
	let isThemeNew = false;
	/** What the canvas shows of the workflow before: n8n keeps it, and draws it once more before the next one. */
	const old = page.locator(`${byTestId('canvas-node')}[data-old]`);
	/** Shows a workflow in the editor as it is loaded, whatever was changed before; false where that does not come about. */
	const showsWorkflow = async (id: string) => {
		if (isThemeNew || !new URL(page.url()).pathname.startsWith('/workflow/')) return false;
		const forget = page.getByRole('button', { name: 'Leave without saving' });
		const isAway = async () => {
			if (await forget.isVisible()) await forget.click({ timeout });
			return page.url().includes('/home/') && (await canvasNodes.first().isHidden())
				? true
				: undefined;
		};
		const isShown = async () =>
			(await old.count()) === 0 && (await canvasNodes.first().isVisible()) ? true : undefined;
		// To give up early on a slow machine would cost it a whole new page.
		const patience = { timeoutMs: 4 * timeout, everyMs: 50 };
		const shows = async () => {
			await canvasNodes.evaluateAll((all) =>
				all.forEach((node) => node.setAttribute('data-old', '')),
			);
			await follow(page, '/home/credentials');
			await until('the workflow to be left', isAway, patience);
			problems.length = 0;
			const isRead = page.waitForResponse(`**/rest/workflows/${id}*`, {
				timeout: patience.timeoutMs,
			});
			await follow(page, `/workflow/${id}`);
			await isRead;
			return await until('the workflow to be shown', isShown, patience);
		};
		return await shows().catch(() => false);
	};
	const executeButton = page.locator(byTestId('execute-workflow-button'));
	const parameters = page.locator(byTestId('node-parameters'));
	const labelsInSight = parameters.locator(`${byTestId('input-label')}:visible`);
	// n8n 1 has an ordinary drop-down there.
	const adder = page
		.locator(`${byTestId('collection-parameter-add')}:visible, .param-options .el-select:visible`)
		.last();
	const entries = page.locator('[role=option]:visible');
	const entriesShow = async () => await entries.first().isVisible();
	const entriesAreAway = async () => !(await entriesShow());
	const collectionEntries = async () => {
		await settledClick(adder, entriesShow);
		const labels = (await entries.allInnerTexts()).map((text) => text.split('\n')[0].trim());
		const escape = async () => await page.keyboard.press('Escape');
		await actUntil('the list to close', escape, entriesAreAway);
		return labels;
	};
	/** Starts a run, and the next try only where none has begun. */
	const execute = async (isOver: () => Promise<boolean>, timeoutMs: number) => {
		const begins = executeButton.getByText('Execute workflow');
		const isUnderWay = async () => (await isOver()) || (await begins.isHidden());
		await settledClick(executeButton, isUnderWay);
		await until('the run to show', async () => (await isOver()) || undefined, { timeoutMs });
	};
	return {
		output: openOutput(page),
		creator: openNodeCreator(page),
		credential: openCredentialDialog(page, url),
		async setTheme(theme) {
			await page.emulateMedia({ colorScheme: theme });
			isThemeNew = true;
		},
		async openWorkflow(id) {
			// To load the editor costs ten times what it costs to show another workflow in it.
			if (await showsWorkflow(id)) return;
			problems.length = 0;
			await page.goto(`${url}/workflow/${id}`);
			isThemeNew = false;
			await canvasNodes.first().waitFor();
		},
		async openNode(name) {
			// The canvas is drawn before it listens.
			await until(`${name} to open`, async () => {
				if (!(await parameters.isVisible())) {
					await canvasNode(name).dblclick({ timeout });
					await parameters.waitFor({ timeout });
				}
				return true;
			});
		},
		async choose(field, entry) {
			// The credential stands inside the first parameter, above it.
			const select = parameter(page, field).locator('.el-select').last();
			// An entry's text is its label and, below, its description.
			const words = new RegExp(`^\\s*${entry}\\s*(\\n|$|\\S*[A-Z])`);
			// A list that closes while the panel is drawn anew is opened again.
			await until(`${entry} in ${field}`, async () => {
				if (await entriesAreAway()) await select.click({ timeout });
				await entries.filter({ hasText: words }).first().click({ timeout });
				await entries.first().waitFor({ state: 'hidden', timeout });
				return true;
			});
		},
		async fields() {
			return (await labelsInSight.allInnerTexts()).map((text) => text.split('\n')[0].trim());
		},
		async turn(field, to) {
			const knob = parameter(page, field).locator('.el-switch, [role=switch]').first();
			// "Fixed" and "Expression" beside it are radio buttons, which may be checked as well.
			const isOn = parameter(page, field).locator(
				'.el-switch.is-checked, button[role=switch][aria-checked=true]',
			);
			const isThere = async () => (await isOn.first().isVisible()) === (to === 'on');
			await settledClick(knob, isThere);
		},
		parameterTexts: () => parameters.innerText(),
		async subtitles() {
			const nodes = page.locator(`${byTestId('canvas-node')}:visible`);
			const texts = (await nodes.allInnerTexts()).map((text) => text.split('\n'));
			return Object.fromEntries(texts.map(([name, subtitle = '']) => [name, subtitle]));
		},
		collectionEntries,
		async addWholeCollection() {
			for (const label of await collectionEntries()) {
				const entry = entries.filter({ hasText: new RegExp(`^\\s*${label}`) }).first();
				const add = async () => {
					if (await entriesAreAway()) await adder.click({ timeout });
					await entry.click({ timeout });
				};
				const isAdded = async () =>
					(await parameter(page, label).isVisible()) && (await entriesAreAway());
				await actUntil(`${label} to be added`, add, isAdded);
			}
		},
		cutLabels: () =>
			labelsInSight.evaluateAll((labels) =>
				labels
					.filter((label) =>
						[label, ...label.querySelectorAll('*')].some(
							(element) =>
								getComputedStyle(element).textOverflow === 'ellipsis' &&
								element.scrollWidth > element.clientWidth,
						),
					)
					.map((label) => label.textContent.trim()),
			),
		async icons() {
			const pictures = page.locator(`${byTestId('canvas-node')} img`);
			await pictures.first().waitFor();
			const sources = await pictures.evaluateAll((all) =>
				all.map((picture) => picture.getAttribute('src') ?? ''),
			);
			return [...new Set(sources)];
		},
		async executeWorkflow(nodeName, timeoutMs = 120_000) {
			const node = canvasNode(nodeName);
			const tick = node.locator(byTestId('canvas-node-status-success'));
			const issues = node.locator(byTestId('node-issues'));
			await execute(async () => await tick.or(issues).first().isVisible(), timeoutMs);
			if (!(await tick.isVisible())) {
				const words = await page.getByRole('alert').allInnerTexts();
				throw new Error(`${nodeName} failed: ${words.join(' ')}`);
			}
			await executeButton.getByText('Execute workflow').waitFor();
		},
		async executeUntilWaiting(nodeName, timeoutMs = 120_000) {
			const waiting = canvasNode(nodeName).locator('.waiting').first();
			await execute(async () => await waiting.isVisible(), timeoutMs);
		},
		async stopWorkflow() {
			const isStopped = async () => await executeButton.getByText('Execute workflow').isVisible();
			await settledClick(page.locator(byTestId('stop-execution-button')), isStopped);
		},
		async closeNode() {
			// The second is n8n 1's.
			const button = page.locator(`${byTestId('ndv-close-button')}, ${byTestId('back-to-canvas')}`);
			await settledClick(button.first(), async () => await parameters.isHidden());
		},
		nodePicture: (file, part) => takePicture(page, file, part),
		canvasPicture: (file) => takePicture(page, file, 'canvas'),
		async nodesWithIssues() {
			const issues = page.locator(byTestId('node-issues'));
			const nodes = page.locator(byTestId('canvas-node')).filter({ has: issues });
			return await nodes.evaluateAll((all) =>
				all.map((node) => node.getAttribute('data-node-name') ?? ''),
			);
		},
		errors: () => problems,
		consoleLines: () => lines,
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
