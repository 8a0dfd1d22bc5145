// The figures as bars: one SVG without a script or a font of its own, readable on white and on black.

import type { Panel } from './row';
import { shown } from './statistics';

const WIDTH = 860;
const LABEL_WIDTH = 190;
const VALUE_WIDTH = 110;
const BAR_HEIGHT = 18;
const BAR_GAP = 8;
const TITLE_HEIGHT = 30;
const PANEL_GAP = 26;
const MARGIN = 20;
const TRACK = WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH;

const escape = (text: string): string =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const heightOf = ({ bars }: Panel): number => TITLE_HEIGHT + bars.length * (BAR_HEIGHT + BAR_GAP);

/** Draws all panels below one another. */
export function chart(panels: readonly Panel[]): string {
	let y = MARGIN;
	const drawn = panels.map((panel) => {
		const at = y;
		y += heightOf(panel) + PANEL_GAP;
		return draw(panel, at);
	});
	const height = Math.max(y - PANEL_GAP, 0) + MARGIN;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Figures of the bench report">
<style>
	text { font: 13px system-ui, sans-serif; fill: #1f2328; stroke: #ffffff; stroke-width: 4; paint-order: stroke; }
	.title { font-weight: 600; }
	.ours { fill: #1a7f37; }
	.others { fill: #8c959f; }
	.goal { stroke: #bf3989; stroke-width: 2; stroke-dasharray: 4 3; }
	.paper { fill: #ffffff; }
	@media (prefers-color-scheme: dark) {
		text { fill: #e6edf3; stroke: #0d1117; }
		.ours { fill: #3fb950; }
		.others { fill: #6e7681; }
		.goal { stroke: #f778ba; }
		.paper { fill: #0d1117; }
	}
</style>
<rect class="paper" width="${WIDTH}" height="${height}"/>
${drawn.join('\n')}
</svg>
`;
}

function draw({ title, unit, bars, goal }: Panel, top: number): string {
	const largest = Math.max(...bars.map(({ value }) => value), goal ?? 0, Number.MIN_VALUE);
	const widthOf = (value: number) => Math.max(1, Math.round((value / largest) * TRACK));
	const left = MARGIN + LABEL_WIDTH;
	const lines = bars.map(({ label, value, side }, index) => {
		const y = top + TITLE_HEIGHT + index * (BAR_HEIGHT + BAR_GAP);
		const width = widthOf(value);
		return [
			`<text x="${left - 8}" y="${y + 13}" text-anchor="end">${escape(label)}</text>`,
			`<rect class="${side}" x="${left}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
			`<text x="${left + width + 6}" y="${y + 13}">${escape(`${shown(value)} ${unit}`.trim())}</text>`,
		].join('\n');
	});
	const bottom = top + heightOf({ title, unit, bars });
	const x = left + widthOf(goal ?? 0);
	const line =
		goal === undefined
			? []
			: [
					`<line class="goal" x1="${x}" y1="${top + TITLE_HEIGHT - 4}" x2="${x}" y2="${bottom - 4}"/>`,
				];
	const words = goal === undefined ? title : `${title} (goal: ${shown(goal)} ${unit})`;
	return [
		`<text class="title" x="${MARGIN}" y="${top + 14}">${escape(words.replace(' )', ')'))}</text>`,
		...line,
		...lines,
	].join('\n');
}
