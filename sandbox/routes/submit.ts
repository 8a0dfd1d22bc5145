/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// POST /v1/videos/generations: check, task, reserve, and the render that begins at once.

import { join } from 'node:path';
import type { ReadMaterials } from '../materials';
import { describeVideo } from '../render';
import { json } from '../reply';
import type { Answer, Request, Room } from '../room';
import { madeSeconds, outputSeconds, reservedSeconds } from '../seconds';
import type { Submission } from '../submission';
import { taskJson } from '../taskJson';
import type { Ending, TaskFailure, VideoFile } from '../world';
import { SubmitCheck } from './submitCheck';

const SAMPLE = { path: join(__dirname, '..', 'sample.mp4'), durationSeconds: 2 };

/** Answers a submit. */
export async function submit(room: Room, request: Request): Promise<Answer> {
	const accepted = await new SubmitCheck(room, request).run();
	if ('refusal' in accepted) return { reply: accepted.refusal };
	const { key, body, submission, materials, laterFailure } = accepted;
	const replayed = findReplay(room, request, key.key);
	if (replayed !== undefined) return replayed;
	const ending = endingOf(request, laterFailure);
	const task = room.world.create({
		key,
		body,
		submission,
		idempotencyKey: idempotencyKeyOf(request),
		ending,
		reserve: reservedSeconds(submission, materials, room.switches),
		made: madeSeconds(submission, materials, room.switches),
		video: ending.state === 'completed' ? makeVideo(room, submission, materials) : noVideo(),
	});
	rememberReplay(room, request, key.key, task.id);
	const { fault } = request;
	return {
		reply: json(200, taskJson(room, task, { justCreated: true, ...(fault ? { fault } : {}) })),
		createdTaskId: task.id,
	};
}

function endingOf({ fault }: Request, laterFailure: TaskFailure | undefined): Ending {
	if (fault?.kind === 'cancelled') return { state: 'cancelled' };
	if (fault?.kind === 'failTask') {
		const message = fault.message ?? `Planned failure: ${fault.code}`;
		return { state: 'failed', error: { code: fault.code, message } };
	}
	return laterFailure ? { state: 'failed', error: laterFailure } : { state: 'completed' };
}

/** A task that ends badly needs no video; nothing ever waits for this. */
const noVideo = (): Promise<VideoFile> => new Promise(() => undefined);

let sample: Promise<VideoFile> | undefined;

async function makeVideo(
	room: Room,
	submission: Submission,
	materials: ReadMaterials,
): Promise<VideoFile> {
	if (room.options.video === 'sample') {
		sample ??= describeVideo(SAMPLE.path, SAMPLE.durationSeconds);
		return sample;
	}
	let visible = materials;
	if (room.options.materials === 'trust') {
		const read = await room.reader.read(submission);
		if ('problem' in read) throw new Error(read.problem.message);
		visible = read.materials;
	}
	const { switches } = room;
	const seconds = outputSeconds(submission, visible, switches);
	return room.renderer.render(submission, visible, seconds, switches.soundWithoutAudio);
}

function idempotencyKeyOf({ headers }: Request): string | undefined {
	const sent = headers['idempotency-key'];
	return typeof sent === 'string' ? sent : undefined;
}

function findReplay(room: Room, request: Request, key: string): Answer | undefined {
	const sent = idempotencyKeyOf(request);
	if (sent === undefined || room.switches.idempotencyKey === 'ignored') return undefined;
	const earlier = room.replays.get(`${key} ${sent}`);
	if (earlier === undefined) return undefined;
	if (earlier.body !== request.content.toString('utf8')) {
		const message = 'This Idempotency-Key was used with another body';
		const error = { code: 'idempotency_conflict', message, type: 'invalid_request_error' };
		return { reply: json(409, { error }) };
	}
	const task = room.world.find(earlier.taskId);
	if (task === undefined) return undefined;
	const headers = { 'idempotency-replayed': 'true' };
	return { reply: json(200, taskJson(room, task, { justCreated: true }), headers) };
}

function rememberReplay(room: Room, request: Request, key: string, taskId: string): void {
	const sent = idempotencyKeyOf(request);
	if (sent === undefined) return;
	room.replays.set(`${key} ${sent}`, { taskId, body: request.content.toString('utf8') });
}
