/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** Valid objects by default; a test overrides only what it is about. */
import { Readable } from 'node:stream';

import type { Failure } from '../../nodes/WanVideo/evolink/failure';
import type { UploadFile } from '../../nodes/WanVideo/evolink/apiPort';
import type { TaskState } from '../../nodes/WanVideo/evolink/taskState';
import { readTaskState } from '../../nodes/WanVideo/evolink/taskState';
import { parseTask } from '../../nodes/WanVideo/evolink/schemas';
import type { GenerationBody } from '../../nodes/WanVideo/evolink/wire';
import type { Entry } from '../../nodes/WanVideo/generation/journal';
import type { JournalStore, Notices, Shelf } from '../../nodes/WanVideo/generation/ports';
import type { CompletedTask, Job, WaitPlan } from '../../nodes/WanVideo/generation/outcome';
import { type Material, MATERIALS } from './imageToVideo';
import type { RawFields, RawMaterial, RawRequest } from '../../nodes/WanVideo/wan/request';

export const TASK_ID = 'task-unified-1757169743-7cvnl5zw';
export const VIDEO_URL = 'https://media.example.com/video.mp4';

/** A raw request that the check accepts: one first frame. */
export function aRawRequest(overrides: RawFields = {}): RawRequest {
	return rawRequest({
		mode: 'first_frame',
		firstFrame: 'https://example.com/first_frame.jpg',
		prompt: 'A cat playing piano',
		...overrides,
	});
}

/** A raw request whose materials are addresses, all fields side by side. */
export function rawRequest(fields: RawFields): RawRequest {
	const { firstFrame, lastFrame, clip, drivingAudio, ...settings } = fields;
	const addresses: Record<Material, unknown> = { firstFrame, lastFrame, clip, drivingAudio };
	const materials: Partial<Record<Material, RawMaterial>> = {};
	for (const name of MATERIALS) if (name in fields) materials[name] = { url: addresses[name] };
	return { ...settings, materials };
}

export function aBody(overrides: Partial<GenerationBody> = {}): GenerationBody {
	return {
		model: 'wan2.7-image-to-video',
		generation_mode: 'first_frame',
		image_start: 'https://example.com/first_frame.jpg',
		...overrides,
	};
}

/** A task query's answer, as the docs show it for a task under way. Undefined fields are left out. */
export function aTask(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
	const task = {
		created: 1_757_169_743,
		id: TASK_ID,
		model: 'wan2.7-image-to-video',
		object: 'video.generation.task',
		progress: 42,
		status: 'processing',
		task_info: { can_cancel: true, estimated_time: 120 },
		type: 'video',
		...overrides,
	};
	return Object.fromEntries(Object.entries(task).filter(([, value]) => value !== undefined));
}

/** The state that the node reads from such an answer. */
export function aTaskState(overrides: Readonly<Record<string, unknown>> = {}): TaskState {
	const task = parseTask(aTask(overrides));
	if (task === undefined) throw new Error('aTaskState: this is no task');
	return readTaskState(TASK_ID, task, (text) => text);
}

export function aCompletedState(videoUrl = VIDEO_URL): TaskState {
	return aTaskState({ status: 'completed', progress: 100, results: [videoUrl] });
}

export function aFailure(overrides: Partial<Failure> = {}): Failure {
	return { kind: 'serviceTrouble', charged: 'no', ...overrides };
}

export function aWaitPlan(overrides: Partial<WaitPlan> = {}): WaitPlan {
	return {
		timeoutMs: 30 * 60_000,
		timeoutFails: true,
		fileName: (taskId) => `${taskId}.mp4`,
		...overrides,
	};
}

/** A job of run() for one item; slots and hashes follow from the item. */
export function aJob(overrides: Partial<Job> = {}): Job {
	return { wait: aWaitPlan(), ...aSubmitOnly(overrides) };
}

/** The same without a wait: submit only. */
export function aSubmitOnly(overrides: Partial<Job> = {}): Job {
	const item = overrides.item ?? 0;
	return {
		item,
		body: aBody({ prompt: `item ${item}` }),
		requestHash: `request-${item}`,
		intent: `intent-${item}`,
		slot: `run0:item${item}`,
		resubmits: 0,
		...overrides,
	};
}

/** Several jobs, one per item. */
export function jobs(count: number, overrides: Partial<Job> = {}): Job[] {
	return Array.from({ length: count }, (_, item) => aJob({ item, ...overrides }));
}

type Stage = Entry['stage'];

/** A journal entry at a stage, about aJob(). */
export function anEntry(stage: Stage, overrides: Partial<Entry> = {}): Entry {
	const base = {
		request: 'request-0',
		intent: 'intent-0',
		key: 'key-0',
		executionId: '7',
		earlierTaskIds: [],
	};
	const task = { taskId: TASK_ID, submittedAt: 1_757_169_743_000 };
	const entries: Record<Stage, Entry> = {
		intended: { stage: 'intended', ...base },
		refused: { stage: 'refused', ...base },
		submitted: { stage: 'submitted', ...base, ...task },
		ended: {
			stage: 'ended',
			...base,
			...task,
			failure: { kind: 'generationFailed', charged: 'no', code: 'service_error' },
		},
		delivered: { stage: 'delivered', ...base, ...task },
	};
	return { ...entries[stage], ...overrides } as Entry;
}

/** A journal store in memory; what it keeps can be looked at and replaced. */
export class MemoryStore implements JournalStore {
	readonly entries = new Map<string, unknown>();

	read(slot: string): unknown {
		return this.entries.get(slot);
	}

	write(slot: string, entry: Entry): void {
		this.entries.set(slot, entry);
	}
}

/** A shelf in memory, for one execution. */
export class MemoryShelf<File> implements Shelf<File> {
	readonly videos = new Map<string, CompletedTask<File>>();

	get(taskId: string, fileName: string): CompletedTask<File> | undefined {
		return this.videos.get(`${taskId}/${fileName}`);
	}

	put(fileName: string, video: CompletedTask<File>): void {
		this.videos.set(`${video.taskId}/${fileName}`, video);
	}
}

/** Notices that remember what was said. */
export class MemoryNotices implements Notices {
	readonly submittedIds: string[] = [];
	readonly states: string[] = [];

	submitted(_item: number, taskId: string): void {
		this.submittedIds.push(taskId);
	}

	state(item: number, taskId: string, status: string, progress: number | undefined): void {
		this.states.push(`${item} ${taskId} ${status} ${progress ?? '-'}`);
	}
}

/** A file of one byte, as an upload sends it. */
export function aFile(name = 'a.jpg'): UploadFile {
	return {
		...{ name, mimeType: 'image/jpeg', bytes: 1, isHeld: false },
		open: async () => await Promise.resolve(Readable.from([new Uint8Array(1)])),
	};
}
