// Pictures of the editor for the docs, each cut to what it is about.
import type { Locator, Page } from 'playwright-core';
import { byTestId } from './editorPage';

/** The nodes and notes on the canvas; the parameters, the output panel or the whole of the open node. */
export type Part = 'canvas' | 'parameters' | 'output' | 'node';

/** High enough that all parameters of a node are in sight without scrolling. */
export const readingSize = { width: 1400, height: 1460 };
const usualSize = { width: 1440, height: 800 };

interface Framing {
	window: { width: number; height: number };
	/** What the picture goes around. */
	around: string[];
	/** Pixels beside it. */
	margin: { left: number; right: number; top: number; bottom: number };
}

const evenly = (pixels: number) => ({ left: pixels, right: pixels, top: pixels, bottom: pixels });
const inParameters = (id: string) => `${byTestId('node-parameters')} ${byTestId(id)}:visible`;

const framings: Readonly<Record<Part, Framing>> = {
	canvas: {
		window: readingSize,
		around: [byTestId('canvas-node'), byTestId('sticky')],
		// The names of the outermost nodes stand below them.
		margin: { left: 48, right: 120, top: 24, bottom: 64 },
	},
	parameters: {
		window: readingSize,
		around: ['input-label', 'parameter-item', 'collection-parameter'].map(inParameters),
		// The line under the tabs is above it.
		margin: { ...evenly(16), top: 10 },
	},
	output: {
		window: { width: 1440, height: 500 },
		around: [byTestId('output-panel')],
		margin: evenly(0),
	},
	node: { window: usualSize, around: [byTestId('ndv')], margin: evenly(0) },
};

/** Messages come and go by themselves. */
const noMessages = '.el-notification { visibility: hidden !important; }';
/** The editor's own buttons lie over the canvas. */
const onlyTheWorkflow = `${['canvas-controls', 'execute-workflow-button', 'workflow-chat-button']
	.map(byTestId)
	.join(', ')} { visibility: hidden !important; }`;

const jpegQuality = 80;

/** Saves a part of what is in sight as a JPEG. */
export async function takePicture(page: Page, file: string, part: Part): Promise<void> {
	const { window, around, margin } = framings[part];
	await page.setViewportSize(window);
	if (part === 'canvas') await page.locator(byTestId('zoom-to-fit')).click();
	// Pointer and focus would light up whatever they happen to stand on.
	await page.mouse.move(0, 0);
	await page.locator('body').evaluate((body) => {
		const { activeElement } = body.ownerDocument;
		if (activeElement instanceof HTMLElement) activeElement.blur();
	});
	const box = await boxAround(page.locator(around.join(', ')));
	const x = Math.max(0, box.left - margin.left);
	const y = Math.max(0, box.top - margin.top);
	const clip = {
		x,
		y,
		width: Math.min(window.width, box.right + margin.right) - x,
		height: Math.min(window.height, box.bottom + margin.bottom) - y,
	};
	await page.screenshot({
		...{ path: file, type: 'jpeg', quality: jpegQuality, animations: 'disabled' },
		style: part === 'canvas' ? `${noMessages} ${onlyTheWorkflow}` : noMessages,
		clip,
	});
	await page.setViewportSize(readingSize);
}

const framesAtRest = 5;

/** The rectangle around all of these, once it stands still: the canvas glides when it is fitted. */
async function boxAround(elements: Locator) {
	const measure = async () =>
		await elements.evaluateAll((all) => {
			const boxes = all.map((element) => element.getBoundingClientRect());
			return {
				left: Math.min(...boxes.map(({ left }) => left)),
				top: Math.min(...boxes.map(({ top }) => top)),
				right: Math.max(...boxes.map(({ right }) => right)),
				bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
			};
		});
	let box = await measure();
	for (let still = 0; still < framesAtRest; ) {
		await elements.page().evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
		const next = await measure();
		still = JSON.stringify(next) === JSON.stringify(box) ? still + 1 : 0;
		box = next;
	}
	return box;
}
