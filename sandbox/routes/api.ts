// The other calls of the API: one look at a task, the credits, the models of a key.

import { HTTP_ERRORS, MODELS } from '../contract';
import { errorReply } from '../errorReply';
import { json, type Reply } from '../reply';
import { keyOf, type Request, type Room } from '../room';
import { taskJson } from '../taskJson';
import type { Ending } from '../world';

const TASK_PREFIX = 'task-unified-';

/** GET /v1/tasks/{id}. */
export async function look(room: Room, request: Request, taskId: string): Promise<Reply> {
	const { switches, world } = room;
	const key = keyOf(room, request);
	if (key === undefined) return errorReply(switches, 'look', 401);
	if (!taskId.startsWith(TASK_PREFIX)) return errorReply(switches, 'look', 400);
	const task = world.find(taskId);
	if (task === undefined) return errorReply(switches, 'look', 404);
	const ageMs = room.clock.now() - task.createdMs;
	if (ageMs < switches.lookLagSeconds * 1000) return errorReply(switches, 'look', 404);
	if (task.key.account !== key.account) return errorReply(switches, 'look', 403);
	await world.refresh(task);
	const { fault } = request;
	const ending = plannedEnding(request);
	if (ending && task.endedMs === undefined) await world.end(task, ending);
	if (fault?.kind === 'expireLink') world.expireLink(task);
	return json(200, taskJson(room, task, fault ? { fault } : {}));
}

function plannedEnding({ fault }: Request): Ending | undefined {
	if (fault?.kind === 'cancelled') return { state: 'cancelled' };
	if (fault?.kind !== 'failTask') return undefined;
	const message = fault.message ?? `Planned failure: ${fault.code}`;
	return { state: 'failed', error: { code: fault.code, message } };
}

/** GET /v1/credits; its errors carry numbers as codes. */
export function credits(room: Room, request: Request): Reply {
	const key = keyOf(room, request);
	if (key === undefined) return json(401, HTTP_ERRORS.credits[401]?.body);
	const { account, limit, used } = key;
	const token = {
		remaining_credits: limit ?? 0,
		unlimited_credits: limit === undefined,
		used_credits: used,
	};
	const user = { remaining_credits: account.remaining, used_credits: account.used };
	return json(200, { data: { token, user }, message: '', success: true });
}

/** GET /v1/models, as seen in EvoLink's command line client. */
export function models(room: Room, request: Request): Reply {
	if (keyOf(room, request) === undefined) return errorReply(room.switches, 'submit', 401);
	const data = Object.keys(MODELS).map((id) => ({
		id,
		object: 'model',
		created: 1626777600,
		owned_by: 'sandbox',
		supported_endpoint_types: ['video'],
	}));
	return json(200, { success: true, data });
}
