/** The second half of a task's life: wait for it, then bring its video in. Costs nothing. */
import { RESULT_LINK_HOURS } from '../wan/resultLink';
import { deliver } from './deliver';
import type { CompletedTask, Outcome, PauseRule, TaskRecord, WaitPlan } from './outcome';
import type { FollowPorts } from './ports';
import { waitForTask, type WaitSettings } from './wait';

/** Waits for a task and delivers its video. */
export async function finish<File, Stream>(
	item: number,
	known: TaskRecord,
	plan: WaitPlan,
	{ kind, ...submit }: Pick<WaitSettings, 'fresh' | 'submittedAt'> & { kind?: string },
	ports: FollowPorts<File, Stream>,
	pause?: PauseRule,
): Promise<Outcome<File>> {
	const { client, clock, stop, notices, videos, shelf, experience, waitedFor } = ports;
	const { taskId, earlierTaskIds } = known;
	const fileName = plan.fileName?.(taskId);
	const shelved = fileName === undefined ? undefined : shelf.get(taskId, fileName);
	if (shelved !== undefined) return { ...shelved, ...known };
	const look = async (withinMs?: number) => await client.look(taskId, withinMs);
	const begunAt = clock.elapsed();
	const since = Math.max(pause?.since ?? 0, pause === undefined ? 0 : (submit.submittedAt ?? 0));
	const pausedMs = since === 0 ? 0 : Math.max(0, clock.now() - since);
	waitedFor?.add(taskId);
	const waited = await waitForTask(
		{
			...submit,
			taskId,
			timeoutMs: plan.timeoutMs,
			...(plan.since !== undefined && { since: plan.since }),
			...(plan.pollIntervalMs !== undefined && { pollIntervalMs: plan.pollIntervalMs }),
			...(pause && {
				patienceMs: pause.patienceMs,
				since: Math.max(pause.since, submit.submittedAt ?? 0),
			}),
		},
		{
			...{ look, clock, stop },
			seen: (task) => notices.state(item, taskId, task.status, task.progress),
			...(kind !== undefined && {
				earlier: () => experience?.of(kind) ?? [],
				ended: (ended) => experience?.add(kind, ended),
			}),
			...(waitedFor && { atOnce: () => waitedFor.size }),
		},
	).finally(() => waitedFor?.delete(taskId));
	switch (waited.end) {
		case 'failed':
			return { end: 'failed', failure: waited.failure, earlierTaskIds };
		case 'lost': {
			// Ours is paid for, unless EvoLink does not know it; what a foreign task cost is its submitter's to know.
			const { failure } = waited;
			const isOurs = submit.submittedAt !== undefined;
			const isUnknown = failure.kind === 'taskNotFound';
			// What this very try submitted was accepted a moment ago, and cannot be too old to be kept.
			const kind = submit.fresh !== undefined && isUnknown ? 'taskNotSeen' : failure.kind;
			const charged = isOurs && !isUnknown ? 'yes' : 'unknown';
			const whose = isOurs ? {} : { isFollowed: true as const };
			return { end: 'failed', failure: { ...failure, kind, charged, ...whose }, earlierTaskIds };
		}
		case 'timedOut':
			return {
				end: 'timedOut',
				timeoutMs: plan.timeoutMs,
				fails: plan.timeoutFails,
				...known,
				...(waited.last && { last: waited.last }),
				...(waited.hindrance && { hindrance: waited.hindrance }),
				...(!waited.last && submit.submittedAt === undefined && { isUnseen: true as const }),
			};
		case 'stopped':
			return { end: 'stopped', ...known, ...(waited.last && { last: waited.last }) };
		case 'open': {
			const { last, restMs, leftMs } = waited;
			return {
				end: 'open',
				...known,
				leftMs,
				...(last && { last }),
				...(restMs !== undefined && { restMs }),
			};
		}
		case 'completed':
			break;
	}
	const { task, completedAfter } = waited;
	const completed: CompletedTask<File> = {
		end: 'completed',
		...known,
		...(task.creditsReserved !== undefined && { creditsReserved: task.creditsReserved }),
		last: task,
		videoUrl: task.videoUrl,
		...(completedAfter !== undefined && {
			linkLivesUntil: completedAfter + RESULT_LINK_HOURS * 3_600_000,
		}),
	};
	if (fileName === undefined) return completed;
	const delivery = await deliver<File, Stream>(
		{
			fileName,
			videoUrl: task.videoUrl,
			...(completedAfter !== undefined && { completedAfter }),
			leftMs: plan.timeoutMs - pausedMs - (clock.elapsed() - begunAt),
		},
		{ videos, look, clock, stop },
	);
	switch (delivery.end) {
		case 'delivered': {
			const { videoUrl, file, facts } = delivery;
			const delivered = { ...completed, videoUrl, file, facts };
			shelf.put(fileName, delivered);
			return delivered;
		}
		case 'stopped':
			return { end: 'stopped', ...known, last: task };
		case 'undelivered': {
			const kind = delivery.notStored
				? 'videoNotStored'
				: delivery.expired
					? 'linkExpired'
					: 'videoNotFetched';
			return {
				end: 'failed',
				failure: { kind, charged: 'yes', taskId, said: delivery.reason },
				earlierTaskIds,
				videoUrl: delivery.videoUrl,
			};
		}
	}
}
