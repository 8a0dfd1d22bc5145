/**
 * Brings a finished video in: fetch, prove while it streams, keep. A broken transfer is fetched
 * again, with a fresh link from the task. Nothing here can cost anything.
 */
import type { Answer } from '../evolink/client';
import type { TaskState } from '../evolink/taskState';
import { type Mp4Facts, mp4Proof } from '../media/mp4';
import { RESULT_LINK_HOURS } from '../wan/model';
import type { Clock, Fetched, StopSignal, VideoPort } from './ports';

export type Delivery<File> =
	| { end: 'delivered'; file: File; facts: Mp4Facts; videoUrl: string }
	| { end: 'undelivered'; expired: boolean; reason: string; videoUrl: string }
	| { end: 'stopped' };

export interface DeliverySettings {
	fileName: string;
	videoUrl: string;
	/** Wall clock in milliseconds from which the link has at least 24 hours. */
	completedAfter?: number;
}

export interface DeliveryNeeds<File, Stream> {
	videos: VideoPort<File, Stream>;
	look(): Promise<Answer<TaskState>>;
	clock: Clock;
	stop: StopSignal;
}

const TRIES = 4;
const FIRST_DELAY_MS = 1_000;
/** Answers by which a media host says that the link is no good (any longer); the real one is not documented. */
const DEAD_LINK_STATUS = new Set([401, 403, 404, 410]);
const NO_VIDEO_TYPES = /^(text\/|application\/(json|xml|xhtml\+xml|problem\+json))/;

/** Delivers one video, in at most four tries. */
export async function deliver<File, Stream>(
	settings: DeliverySettings,
	needs: DeliveryNeeds<File, Stream>,
): Promise<Delivery<File>> {
	const { clock, stop } = needs;
	let { videoUrl } = settings;
	for (let tries = 1; ; tries += 1) {
		if (stop.aborted) return { end: 'stopped' };
		const fetched = await fetchOnce(videoUrl, settings.fileName, needs.videos);
		if (fetched.ok) return { end: 'delivered', ...fetched.value, videoUrl };
		if (stop.aborted) return { end: 'stopped' };
		const expired = fetched.dead === true && isPastItsDay(settings.completedAfter, clock.now());
		// Even then the task may name another link by now, so one fresh look comes first.
		if (tries === TRIES || (expired && tries > 1)) {
			return { end: 'undelivered', expired, reason: fetched.reason, videoUrl };
		}
		await clock.sleep(FIRST_DELAY_MS * 3 ** (tries - 1), stop);
		const answer = stop.aborted ? undefined : await needs.look();
		if (answer?.ok && answer.value.state === 'completed') videoUrl = answer.value.videoUrl;
	}
}

type Try<File> =
	| { ok: true; value: { file: File; facts: Mp4Facts } }
	| { ok: false; reason: string; dead?: boolean };

async function fetchOnce<File, Stream>(
	url: string,
	fileName: string,
	videos: VideoPort<File, Stream>,
): Promise<Try<File>> {
	const opened = await videos.open(url);
	if (!opened.ok) return opened;
	const { status, contentType, contentLength, stream } = opened.value;
	if (status !== 200) {
		videos.discard(stream);
		const reason = `the media host answered with HTTP status ${status}`;
		return { ok: false, reason, dead: DEAD_LINK_STATUS.has(status) };
	}
	const proof = mp4Proof();
	const kept: Fetched<File> = await videos.keep(stream, fileName, proof);
	if (!kept.ok) return kept;
	const verdict = proof.end();
	if (!verdict.whole) {
		// The bytes decide; the type, which hosts get wrong, only says what came instead.
		const reason = NO_VIDEO_TYPES.test(contentType)
			? `the media host sent ${contentType} instead of a video`
			: `the file is no whole MP4: ${verdict.reason}`;
		return { ok: false, reason };
	}
	// More than was announced is a file that was packed on its way, and came whole.
	if (contentLength !== undefined && verdict.bytes < contentLength) {
		return { ok: false, reason: `${verdict.bytes} of ${contentLength} bytes arrived` };
	}
	return { ok: true, value: { file: kept.value, facts: verdict.facts } };
}

function isPastItsDay(completedAfter: number | undefined, now: number): boolean {
	return completedAfter !== undefined && now > completedAfter + RESULT_LINK_HOURS * 3_600_000;
}
