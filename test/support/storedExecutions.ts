/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Executions that ended with something paid for, as users have them in n8n's database: how each of them comes to be, and how
// the ones that a released version wrote are read. test/engine/upgrade.test.ts retries them with the version of today.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FaultPlan } from '../../sandbox';
import type { EngineRun, NodeSetup } from './engine';
import { items, requestLines, type World } from './engineWorld';

export interface StoredPlan {
	setup: Partial<NodeSetup>;
	faults?: FaultPlan[];
	/** Stopped by the user after the first look. */
	stops?: true;
}

/** What a release left in the database. */
export interface StoredExecution {
	run: Pick<EngineRun, 'status' | 'stored' | 'executionId' | 'wakesAt'>;
	/** Its tasks at EvoLink. */
	tasks: Array<{ id: string; body: object }>;
}

const STILL_RUNNING: FaultPlan = {
	on: 'look',
	times: 0,
	fault: { kind: 'oddState', state: 'processing' },
};
const NOW = '={{ "A cat at " + $now.toISO() }}';
/** The least that n8n takes for a file that came along in an item. */
const FILE = {
	data: Buffer.from('a picture').toString('base64'),
	mimeType: 'image/png',
	fileName: 'a.png',
};
const CLIP = 'https://example.com/clip.mp4';
const FRAME = 'https://example.com/first_frame.jpg';
const short = { timeout: 1 };

/** Every shape in which a journal stands: by mode, source, operation, and how the execution ended. */
export const STORED_PLANS: Readonly<Record<string, StoredPlan>> = {
	'timed out': { setup: { parameters: { options: short } }, faults: [STILL_RUNNING] },
	'timed out, with $now in the prompt': {
		setup: { parameters: { prompt: NOW, options: short } },
		faults: [STILL_RUNNING],
	},
	'timed out, three items, every setting': {
		setup: {
			items: items(3),
			parameters: {
				...{ prompt: '={{ "item " + $json.number }}', duration: 7, quality: '1080p' },
				...{ download: true, outputBinaryField: 'video', simplify: false },
				options: {
					...{ ...short, negativePrompt: 'Blurry', seed: 42, promptExtend: false },
					...{ callbackUrl: 'https://example.com/done', submitAgain: 0, fileName: 'a.mp4' },
				},
			},
		},
		faults: [STILL_RUNNING],
	},
	'timed out, two frames and sound, with $now': {
		setup: {
			parameters: {
				...{ generationMode: 'first_last_frame', lastFrameUrl: FRAME, prompt: NOW },
				...{ drivingAudioSource: 'url', drivingAudioUrl: 'https://example.com/a.mp3' },
				options: short,
			},
		},
		faults: [STILL_RUNNING],
	},
	'timed out, a clip, with $now': {
		setup: {
			parameters: {
				...{ generationMode: 'video_continuation', clipUrl: CLIP, duration: 10, prompt: NOW },
				...{ lastFrameSource: 'url', lastFrameUrl: FRAME, download: false },
				options: short,
			},
		},
		faults: [STILL_RUNNING],
	},
	'timed out, mode by the materials, with $now': {
		setup: {
			parameters: {
				...{ generationMode: 'auto', firstFrameSource: 'url', prompt: NOW },
				options: short,
			},
		},
		faults: [STILL_RUNNING],
	},
	'timed out, a file': {
		setup: {
			items: [{ json: {}, binary: { data: FILE } }],
			parameters: {
				...{ firstFrameSource: 'binary', firstFrameUrl: '' },
				options: { ...short, checkMaterials: false },
			},
		},
		faults: [STILL_RUNNING],
	},
	'paused, with $now in the prompt': {
		setup: {
			items: items(2),
			parameters: { prompt: NOW, options: { whileWaiting: 'pause' } },
		},
		faults: [STILL_RUNNING],
	},
	'failed at EvoLink': {
		setup: { parameters: { prompt: NOW } },
		faults: [{ on: 'submit', fault: { kind: 'failTask', code: 'content_policy_violation' } }],
	},
	'reply lost': {
		setup: { parameters: { prompt: NOW } },
		faults: [{ on: 'submit', fault: { kind: 'lostReply' } }],
	},
	'submitted, the second item refused': {
		setup: {
			items: items(2),
			parameters: { operation: 'submit', prompt: '={{ "item " + $json.number }}' },
		},
		faults: [
			{
				on: 'submit',
				after: 1,
				fault: { kind: 'status', status: 402, body: { error: { code: 'insufficient_quota' } } },
			},
		],
	},
	'a tool, stopped': {
		setup: { settings: { type: 'n8n-nodes-wan-video.wanVideoTool' } },
		faults: [STILL_RUNNING],
		stops: true,
	},
};

const fileOf = (release: string) => join(__dirname, '..', 'engine', 'stored', `${release}.json`);

/** The executions of a release, by the names of the plans. */
export function storedBy(release: string): Record<string, StoredExecution> {
	return JSON.parse(readFileSync(fileOf(release), 'utf8')) as Record<string, StoredExecution>;
}

/** Runs all plans with the code as it is, and keeps what n8n would write. For a new release only. */
export async function storeAs(release: string, world: World): Promise<void> {
	const stored: Record<string, StoredExecution> = {};
	for (const [name, plan] of Object.entries(STORED_PLANS)) {
		await world.reset();
		for (const fault of plan.faults ?? []) world.sandbox.plan(fault);
		const running = world.start(plan.setup);
		if (plan.stops) {
			while (!requestLines(world.sandbox).some((line) => line.includes('/v1/tasks/')))
				await new Promise(setImmediate);
			running.stop();
			world.clock.poke();
		}
		const { status, stored: text, executionId, wakesAt } = await running.done;
		stored[name] = {
			run: {
				...{ status, stored: withoutFolders(text), executionId },
				...(wakesAt !== undefined && { wakesAt }),
			},
			tasks: world.sandbox.ledger().map(({ id, body }) => ({ id, body })),
		};
	}
	writeFileSync(fileOf(release), `${JSON.stringify(stored, null, '\t')}\n`);
}

/** Stacks of errors name files of the machine they came from. */
const withoutFolders = (text: string) =>
	text.replace(/\/[\w./+-]+\/(nodes|node_modules)\//g, '/$1/');

/** The stored execution in a world of today: its tasks exist there, under IDs of this sandbox. */
export async function restore(
	{ run, tasks }: StoredExecution,
	world: World,
): Promise<{ run: EngineRun; ids: string[] }> {
	let { stored } = run;
	const ids: string[] = [];
	for (const { id, body } of tasks) {
		const answer = await fetch(`${world.sandbox.url}/v1/videos/generations`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${world.sandbox.key}`,
				'content-type': 'application/json',
			},
			body: JSON.stringify(body),
		});
		const task = (await answer.json()) as { id: string };
		// First to what no ID is: the sandbox may give one of the old IDs to another task.
		stored = stored.replaceAll(id, `{task ${ids.push(task.id)}}`);
	}
	ids.forEach((id, index) => (stored = stored.replaceAll(`{task ${index + 1}}`, id)));
	// They are over by now.
	await world.clock.pass(600_000);
	const shown = { rows: [], errorRows: [], hints: [], customData: {}, runs: 0, reachedAfter: [] };
	return { run: { ...shown, ...run, stored, created: stored }, ids };
}
