/**
 * EvoLink as a client in memory that keeps a ledger of every POST and every task, also of those whose
 * answer never came back. What a POST meets is planned; a task lives by the virtual clock.
 */
import type { Answer, EvoLinkClient, SubmitAnswer } from '../../nodes/WanVideo/evolink/client';
import type { Failure } from '../../nodes/WanVideo/evolink/failure';
import type { Credits } from '../../nodes/WanVideo/evolink/schemas';
import { parseTask } from '../../nodes/WanVideo/evolink/schemas';
import { readTaskState, type TaskState } from '../../nodes/WanVideo/evolink/taskState';
import type { GenerationBody } from '../../nodes/WanVideo/evolink/wire';
import type { Clock } from '../../nodes/WanVideo/generation/ports';
import { aFailure, aTask } from './builders';

/** What becomes of a task that exists. */
export interface TaskFate {
	/** Virtual milliseconds until it ends; Infinity: never. */
	takesMs: number;
	/** EvoLink's code when it fails; absent: it completes. */
	failsWith?: string;
	estimatedSeconds?: number;
	/** Absent: EvoLink does not say. */
	creditsReserved?: number;
	/** 0 to 100 after so many milliseconds; absent: no progress is told. */
	progress?(elapsedMs: number): number;
}

export type SubmitPlan = {
	/** Virtual milliseconds until the answer; the task begins with the POST. */
	answersMs?: number;
} & (
	| ({ answer: 'accepted' } & Partial<TaskFate>)
	/** The task exists and is charged, but nobody hears of it. */
	| ({ answer: 'lost'; failure?: Partial<Failure> } & Partial<TaskFate>)
	/** No answer, and no task either: from here it looks the same. */
	| { answer: 'lostUntouched' }
	| { answer: 'refused'; failure?: Partial<Failure> }
);

/** A POST that goes well, and what becomes of its task. */
export const accepted = (fate: Partial<TaskFate> & { answersMs?: number } = {}): SubmitPlan => ({
	answer: 'accepted',
	...fate,
});

export interface LedgerTask extends TaskFate {
	taskId: string;
	body: GenerationBody;
	submittedAtMs: number;
	looks: number;
	/** EvoLink has told someone that it failed. */
	toldFailed: boolean;
}

export interface Post {
	body: GenerationBody;
	key: string;
	atMs: number;
	plan: SubmitPlan['answer'];
	answersMs?: number;
	task?: LedgerTask;
}

const FATE: TaskFate = { takesMs: 60_000 };

export class FakeEvoLink implements EvoLinkClient {
	readonly posts: Post[] = [];
	readonly tasks = new Map<string, LedgerTask>();
	looks = 0;
	/** How long the last look might have taken. */
	lastWithinMs: number | undefined;
	/** Called before each POST counts: a test's chance to object. */
	beforePost: (body: GenerationBody) => void = () => undefined;
	/** Called when the answer to a POST is on its way back. */
	afterPost: (post: Post) => void = () => undefined;
	/** What a look meets instead of an answer, by its running number from 1. */
	lookTrouble: (look: number, taskId: string) => Failure | undefined = () => undefined;

	constructor(
		private readonly clock: Clock,
		public planFor: (post: number, body: GenerationBody) => SubmitPlan = () => ({
			answer: 'accepted',
		}),
	) {}

	async submit(body: GenerationBody, key: string): Promise<SubmitAnswer> {
		const { answer, post } = this.receive(body, key);
		await Promise.resolve();
		if (post.answersMs !== undefined) await this.clock.sleep(post.answersMs);
		this.afterPost(post);
		return answer;
	}

	private receive(body: GenerationBody, key: string): { answer: SubmitAnswer; post: Post } {
		this.beforePost(body);
		const plan = this.planFor(this.posts.length, body);
		const { answersMs } = plan;
		const post: Post = {
			...{ body, key, atMs: this.clock.elapsed(), plan: plan.answer },
			...(answersMs !== undefined && { answersMs }),
		};
		this.posts.push(post);
		if (plan.answer === 'refused') {
			const failure = aFailure({ kind: 'rateLimited', httpStatus: 429, ...plan.failure });
			return { post, answer: { outcome: 'refused', failure: { ...failure, charged: 'no' } } };
		}
		const heard = plan.answer === 'lost' ? plan.failure : undefined;
		const lost: SubmitAnswer = {
			outcome: 'unknown',
			failure: aFailure({ kind: 'replyLost', ...heard, charged: 'unknown' }),
		};
		if (plan.answer === 'lostUntouched') return { post, answer: lost };
		post.task = this.open(body, { ...FATE, ...plan });
		if (plan.answer === 'lost') return { post, answer: lost };
		const { taskId } = post.task;
		const task = this.stateOf(post.task, 'pending');
		return { post, answer: { outcome: 'accepted', taskId, task } };
	}

	async look(taskId: string, withinMs?: number): Promise<Answer<TaskState>> {
		this.looks += 1;
		this.lastWithinMs = withinMs;
		const trouble = this.lookTrouble(this.looks, taskId);
		await Promise.resolve();
		if (trouble !== undefined) return { ok: false, failure: { ...trouble, taskId } };
		const task = this.tasks.get(taskId);
		if (task === undefined)
			return { ok: false, failure: aFailure({ kind: 'taskNotFound', httpStatus: 404, taskId }) };
		task.looks += 1;
		const over = this.clock.elapsed() - task.submittedAtMs >= task.takesMs;
		if (!over) return { ok: true, value: this.stateOf(task, 'processing') };
		if (task.failsWith !== undefined) task.toldFailed = true;
		return {
			ok: true,
			value: this.stateOf(task, task.failsWith === undefined ? 'completed' : 'failed'),
		};
	}

	async credits(): Promise<Answer<Credits>> {
		await Promise.resolve();
		return { ok: false, failure: aFailure({ kind: 'serviceTrouble' }) };
	}

	/** Opens a task as if someone had submitted it elsewhere. */
	open(body: GenerationBody, fate: TaskFate = FATE): LedgerTask {
		const taskId = `task-unified-1757169743-${String(this.tasks.size + 1).padStart(8, '0')}`;
		const submittedAtMs = this.clock.elapsed();
		const task = { ...fate, taskId, body, submittedAtMs, looks: 0, toldFailed: false };
		this.tasks.set(taskId, task);
		return task;
	}

	private stateOf(task: LedgerTask, status: string): TaskState {
		const elapsedMs = this.clock.elapsed() - task.submittedAtMs;
		const progress = status === 'processing' ? task.progress?.(elapsedMs) : undefined;
		const wire = aTask({
			id: task.taskId,
			status,
			progress: status === 'completed' ? 100 : progress,
			...(task.creditsReserved !== undefined && {
				usage: { credits_reserved: task.creditsReserved },
			}),
			task_info:
				task.estimatedSeconds === undefined ? undefined : { estimated_time: task.estimatedSeconds },
			results:
				status === 'completed' ? [`https://media.example.com/${task.taskId}.mp4`] : undefined,
			error: status === 'failed' ? { code: task.failsWith, message: 'It failed' } : undefined,
		});
		const parsed = parseTask(wire);
		if (parsed === undefined) throw new Error('The fake speaks no EvoLink.');
		return readTaskState(task.taskId, parsed, (text) => text);
	}
}
