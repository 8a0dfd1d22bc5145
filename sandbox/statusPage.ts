// The page at `/`: what the sandbox has been asked for and what came of it, newest first.

import { MODELS } from './contract';
import type { Room } from './room';
import { linkOf } from './taskJson';
import type { Task } from './world';

const ESCAPES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Text that is safe inside HTML and its attributes. */
export const escapeHtml = (text: string): string =>
	text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

const STYLE = `
	:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
	body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
	h1 { font-size: 1.4rem; margin: 0; }
	header { display: flex; flex-wrap: wrap; gap: .3rem 2rem; align-items: baseline; }
	header p { margin: 0; opacity: .75; }
	article { display: grid; grid-template-columns: 17rem 1fr; gap: 1rem; margin: 1rem 0;
		padding: 1rem; border: 1px solid var(--line); border-radius: .6rem; }
	video, .still { width: 100%; border-radius: .4rem; background: var(--soft); display: block; }
	.still { aspect-ratio: 16 / 9; display: grid; place-items: center; opacity: .7; }
	progress { width: 12rem; }
	h2 { font: 600 .9rem ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
	.state { padding: 0 .5rem; border-radius: 1rem; border: 1px solid; font-size: .85rem; }
	.completed { color: #1a7f4b; } .failed, .cancelled { color: #c0392b; }
	.pending, .processing { color: #b9770e; }
	pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8rem; margin: .4rem 0 0;
		padding: .6rem; background: var(--soft); border-radius: .4rem; }
	@media (max-width: 45rem) { article { grid-template-columns: 1fr; } }
`;
const MAX_TASKS = 100;

/** The whole page. */
export function statusPage(room: Room): string {
	const { world, clock } = room;
	const shown = [...world.tasks].reverse().slice(0, MAX_TASKS);
	const running = world.tasks.filter((task) => task.endedMs === undefined).length;
	const spent = world.tasks.reduce((sum, task) => sum + task.charged, 0);
	const reload = running > 0 ? '<meta http-equiv="refresh" content="2">' : '';
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>EvoLink sandbox</title>${reload}
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>
<header><h1>EvoLink sandbox</h1>
<p>${Object.keys(MODELS).length} Wan models</p><p>${escapeHtml(room.url)}</p>
<p>${world.tasks.length} tasks, ${running} running, ${spent.toFixed(2)} credits charged</p>
<p>clock: ${clock.mode}, ${new Date(clock.now()).toISOString()}</p></header>
<main>${shown.map((task) => article(room, task)).join('') || '<p>No tasks yet.</p>'}</main>
</body></html>`;
}

function article(room: Room, task: Task): string {
	const { submission, state, charged, reserved, ending } = task;
	const { model, mode, quality } = submission;
	const kind = mode === undefined ? model.id : `${model.id}, ${mode}`;
	const cost =
		task.endedMs === undefined ? `${reserved} credits reserved` : `${charged} credits charged`;
	const failure =
		state === 'failed' && ending.state === 'failed'
			? `<p class="failed">${escapeHtml(`${ending.error.code}: ${ending.error.message}`)}</p>`
			: '';
	const lost = task.replyLost ? '<p class="failed">The reply to its submit was lost.</p>' : '';
	return `<article><div>${picture(room, task)}</div><div>
<h2>${escapeHtml(task.id)}</h2>
<p><span class="state ${state}">${state}</span>
${escapeHtml(kind)}, ${task.made.output} s, ${quality}, ${cost},
${new Date(task.createdMs).toISOString()}</p>${failure}${lost}
<pre>${escapeHtml(JSON.stringify(task.body, null, 2))}</pre></div></article>`;
}

function picture(room: Room, task: Task): string {
	if (task.state === 'completed') {
		const link = escapeHtml(linkOf(room, task));
		return `<video src="${link}#t=0.05" controls muted loop preload="metadata"></video>`;
	}
	if (task.endedMs !== undefined) return `<div class="still">${task.state}</div>`;
	const progress = room.world.progress(task);
	return `<div class="still"><progress max="100" value="${progress}"></progress></div>`;
}
