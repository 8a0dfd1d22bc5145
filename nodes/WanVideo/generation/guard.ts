/**
 * What stands between the items of a run and the outside: a call of a port that throws, or that never
 * answers, is the trouble of the item that made it. It becomes the answer by which that port says no, so
 * the item goes on or ends in words, and the others do not notice.
 */
import type { Answer } from '../evolink/client';
import type { Failure } from '../evolink/failure';
import { tidy } from '../evolink/foreign';
import type { GenerationBody } from '../evolink/wire';
import type { Job } from './outcome';
import type { Clock, Fetched, FollowPorts, MediaAnswer, StopSignal } from './ports';

/**
 * How long (ms) a call may take before it counts as one that never answers. Every request has an end of
 * its own in host/http.ts, which comes much earlier; these are for the call that forgets it.
 */
const LONGEST_MS = {
	submit: 120_000,
	look: 90_000,
	open: 120_000,
	keep: 25 * 60_000,
	body: 30 * 60_000,
	/** On top of what was asked for. */
	sleep: 60_000,
} as const;
const LONGEST_WATCH_MS = 30_000;

/** One per run. `end` lets go of the clock when the run is over. */
export interface Guard {
	clock: Clock;
	/** The same ports, whose calls neither throw nor hang. */
	ports<File, Stream>(ports: FollowPorts<File, Stream>): FollowPorts<File, Stream>;
	/** The body of a job; making it may mean to upload files. */
	body(job: Job): () => Promise<Answer<GenerationBody>>;
	end(): void;
}

/** A guard over this clock. After the user's `stop` nobody waits for what only a free answer would bring. */
export function guardOf(clock: Clock, stop: StopSignal): Guard {
	const watch = watchOver(clock, stop);
	const steady: Clock = {
		now: lastGood(() => clock.now()),
		elapsed: lastGood(() => clock.elapsed()),
		random: lastGood(() => clock.random(), 0.5),
		async sleep(ms, ownStop) {
			const patienceMs = Math.max(0, ms) + LONGEST_MS.sleep;
			await watch
				.within(patienceMs, async () => await clock.sleep(ms, ownStop))
				.catch((error: unknown) => {
					// A sleep that fails may come back at once, and looks without a pause would be a flood: so it ends its item.
					if (!(error instanceof Silence)) throw error;
				});
		},
	};
	return {
		clock: steady,
		ports: (ports) => guardedPorts(ports, steady, watch),
		body:
			({ body }) =>
			async () => {
				if (typeof body !== 'function') return { ok: true, value: body };
				return await watch.within(LONGEST_MS.body, body, true).catch((error: unknown) => {
					return { ok: false, failure: trouble(error, 'no') };
				});
			},
		end: () => watch.end(),
	};
}

/** Something threw where nothing is expected to: what is known of it, and of the money. */
export function trouble(error: unknown, charged: Failure['charged'], taskId?: string): Failure {
	const said = saidBy(error);
	return {
		kind: 'nodeTrouble',
		charged,
		...(said !== '' && { said }),
		...(taskId !== undefined && { taskId }),
	};
}

function guardedPorts<File, Stream>(
	{ client, videos, shelf, notices, stop, experience }: FollowPorts<File, Stream>,
	clock: Clock,
	watch: Watch,
): FollowPorts<File, Stream> {
	return {
		...{ clock, stop },
		client: {
			submit: async (body, key) =>
				await watch
					.within(LONGEST_MS.submit, async () => await client.submit(body, key))
					// It may have gone out before it threw, and nobody can tell.
					.catch((error: unknown) => ({
						outcome: 'unknown',
						failure: trouble(error, 'unknown'),
					})),
			look: async (taskId, withinMs) =>
				await watch
					.within(LONGEST_MS.look, async () => await client.look(taskId, withinMs), true)
					.catch((error: unknown) => ({ ok: false, failure: trouble(error, 'no', taskId) })),
			credits: async () =>
				await watch
					.within(LONGEST_MS.look, async () => await client.credits(), true)
					.catch((error: unknown) => ({ ok: false, failure: trouble(error, 'no') })),
		},
		videos: {
			async open(url) {
				const opening = async () => await videos.open(url);
				const tooLate = (late: Fetched<MediaAnswer<Stream>>) => {
					if (late.ok) quietly(() => videos.discard(late.value.stream));
				};
				return await watch.within(LONGEST_MS.open, opening, true, tooLate).catch(notFetched);
			},
			async keep(stream, fileName, proof) {
				const keeping = async () => await videos.keep(stream, fileName, proof);
				return await watch.within(LONGEST_MS.keep, keeping, true).catch((error: unknown) => {
					quietly(() => videos.discard(stream));
					return { ...notFetched(error), trouble: 'transfer' };
				});
			},
			// Where that cannot be told, one at a time is what any store can bear.
			buffers: (file) => quietly(() => videos.buffers(file)) ?? true,
			discard: (stream) => quietly(() => videos.discard(stream)),
		},
		shelf: {
			get: (taskId, fileName) => quietly(() => shelf.get(taskId, fileName)),
			put: (fileName, video) => quietly(() => shelf.put(fileName, video)),
		},
		...(experience && {
			experience: {
				of: (kind) => quietly(() => experience.of(kind)) ?? [],
				add: (kind, ended) => quietly(() => experience.add(kind, ended)),
			},
		}),
		notices: {
			submitted: (item, taskId) => quietly(() => notices.submitted(item, taskId)),
			state: (item, taskId, status, progress) =>
				quietly(() => notices.state(item, taskId, status, progress)),
		},
	};
}

function notFetched(error: unknown): { ok: false; reason: string } {
	return { ok: false, reason: saidBy(error) || 'it could not be fetched' };
}

/** What only helps is left out when it throws. */
function quietly<T>(call: () => T): T | undefined {
	try {
		return call();
	} catch {
		return undefined;
	}
}

/** A clock that fails for once stands still for once. */
function lastGood(read: () => number, first = 0): () => number {
	let last = first;
	return () => (last = quietly(read) ?? last);
}

function saidBy(error: unknown): string {
	return tidy(error instanceof Error ? error.message : String(error));
}

/** A call that never answered. */
class Silence extends Error {
	override name = 'Silence';
}

interface Call {
	untilMs: number;
	/** Whether a Stop is reason enough not to wait for it any longer. */
	endsOnStop: boolean;
	giveUp(): void;
}

type Watch = ReturnType<typeof watchOver>;

/** One sleeper that looks after all calls that are open. */
function watchOver(clock: Clock, stop: StopSignal) {
	const open = new Set<Call>();
	let isWatching = false;
	let isOver = false;
	const mayWake: StopSignal = {
		get aborted() {
			return isOver || (stop.aborted && [...open].some(({ endsOnStop }) => endsOnStop));
		},
	};

	async function watch(): Promise<void> {
		if (isWatching) return;
		isWatching = true;
		try {
			while (open.size > 0 && !isOver) {
				const firstMs = Math.min(...[...open].map(({ untilMs }) => untilMs)) - clock.elapsed();
				await clock.sleep(Math.min(LONGEST_WATCH_MS, Math.max(1_000, firstMs)), mayWake);
				const nowMs = clock.elapsed();
				for (const call of open)
					if (nowMs >= call.untilMs || (stop.aborted && call.endsOnStop)) call.giveUp();
			}
		} catch {
			// The next call starts the watch again.
		} finally {
			isWatching = false;
		}
	}

	async function within<T>(
		patienceMs: number,
		work: () => Promise<T>,
		endsOnStop = false,
		tooLate: (late: T) => void = () => undefined,
	): Promise<T> {
		let isGivenUp = false;
		const working = work();
		return await new Promise<T>((resolve, reject) => {
			const call: Call = {
				untilMs: (quietly(() => clock.elapsed()) ?? 0) + patienceMs,
				endsOnStop,
				giveUp() {
					isGivenUp = true;
					open.delete(call);
					const seconds = Math.round(patienceMs / 1000);
					reject(new Silence(`it gave no answer within ${seconds} seconds`));
				},
			};
			open.add(call);
			working
				.then((value) => {
					open.delete(call);
					if (isGivenUp) tooLate(value);
					else resolve(value);
				})
				.catch((error: unknown) => {
					open.delete(call);
					reject(error instanceof Error ? error : new Error(String(error)));
				});
			void watch();
		});
	}

	return { within, end: () => void (isOver = true) };
}
