/**
 * Brings a finished video in: fetch, prove while it streams, keep. A broken transfer is fetched
 * again, with a fresh link from the task; what passes by itself gets minutes, as a link may be told
 * before its file is there. Nothing here can cost anything.
 */
import type { Answer } from '../evolink/client';
import type { TaskState } from '../evolink/taskState';
import { type Mp4Facts, mp4Proof } from '../media/mp4';
import { RESULT_LINK_HOURS } from '../wan/resultLink';
import type { Clock, StopSignal, VideoPort } from './ports';

export type Delivery<File> =
	| { end: 'delivered'; file: File; facts: Mp4Facts; videoUrl: string }
	| {
			end: 'undelivered';
			/** The link is past its day. */
			expired: boolean;
			/** It came, and n8n's own store did not take it. */
			notStored: boolean;
			reason: string;
			videoUrl: string;
	  }
	| { end: 'stopped' };

export interface DeliverySettings {
	fileName: string;
	videoUrl: string;
	/** Wall clock in milliseconds from which the link has at least 24 hours. */
	completedAfter?: number;
	/** Milliseconds that the user's time-out leaves; patience ends with it. */
	leftMs?: number;
}

export interface DeliveryNeeds<File, Stream> {
	videos: VideoPort<File, Stream>;
	look(): Promise<Answer<TaskState>>;
	clock: Clock;
	stop: StopSignal;
}

/** Of what hardly passes by itself, e.g. a page instead of a video; of everything else at least so many. */
const TRIES = 4;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** Public reports: links that work 150 seconds after the task's end. */
const PATIENCE_MS = 5 * 60_000;
/** Even where the time-out is over: the video is there, and paid for. */
const LEAST_PATIENCE_MS = 13_000;
/** Answers by which a media host says that the link is no good (any longer); the real one is not documented. */
const DEAD_LINK_STATUS = new Set([401, 403, 404, 410]);
/** Besides 5xx: too early, too many, and a fresh link whose file has not reached all of the host's machines. */
const PASSING_STATUS = new Set([403, 404, 408, 425, 429]);
const NO_VIDEO_TYPES = /^(text\/|application\/(json|xml|xhtml\+xml|problem\+json))/;

/** Delivers one video, or tells why not within minutes. */
export async function deliver<File, Stream>(
	settings: DeliverySettings,
	needs: DeliveryNeeds<File, Stream>,
): Promise<Delivery<File>> {
	const { clock, stop } = needs;
	/** Since the first try: how long it stood in line, behind other downloads, is no patience with this one. */
	let failedAt: number | undefined;
	const { leftMs = PATIENCE_MS } = settings;
	const patienceMs = Math.max(LEAST_PATIENCE_MS, Math.min(PATIENCE_MS, leftMs));
	let { videoUrl } = settings;
	let lasting = 0;
	for (let tries = 1; ; tries += 1) {
		if (stop.aborted) return { end: 'stopped' };
		const fetched = await fetchOnce(videoUrl, settings.fileName, needs.videos);
		if (fetched.ok) return { end: 'delivered', ...fetched.value, videoUrl };
		if (stop.aborted) return { end: 'stopped' };
		const { trouble, reason } = fetched;
		if (trouble !== 'passing') lasting += 1;
		failedAt ??= clock.elapsed();
		const delayMs = Math.min(FIRST_DELAY_MS * 3 ** (tries - 1), LONGEST_DELAY_MS);
		// A later try may stand in line again, so a few are made however long it took.
		const isLate = tries >= TRIES && clock.elapsed() - failedAt + delayMs > patienceMs;
		const expired = fetched.dead === true && isPastItsDay(settings.completedAfter, clock.now());
		// Even then the task may name another link by now, so one fresh look comes first.
		const isOver = trouble === 'store' || lasting === TRIES || isLate || (expired && tries > 1);
		if (isOver)
			return { end: 'undelivered', expired, notStored: trouble === 'store', reason, videoUrl };
		await clock.sleep(delayMs, stop);
		const answer = stop.aborted ? undefined : await needs.look();
		if (answer?.ok && answer.value.state === 'completed') videoUrl = answer.value.videoUrl;
	}
}

type Try<File> =
	| { ok: true; value: { file: File; facts: Mp4Facts } }
	| {
			ok: false;
			reason: string;
			/** What may pass by itself, what hardly does, and what no other try changes. */
			trouble: 'passing' | 'lasting' | 'store';
			dead?: boolean;
	  };

async function fetchOnce<File, Stream>(
	url: string,
	fileName: string,
	videos: VideoPort<File, Stream>,
): Promise<Try<File>> {
	const opened = await videos.open(url);
	if (!opened.ok) return { ...opened, trouble: 'passing' };
	const { status, contentType, contentLength, stream } = opened.value;
	if (status !== 200) {
		videos.discard(stream);
		const reason = `the media host answered with HTTP status ${status}`;
		const trouble = status >= 500 || PASSING_STATUS.has(status) ? 'passing' : 'lasting';
		return { ok: false, reason, trouble, dead: DEAD_LINK_STATUS.has(status) };
	}
	const proof = mp4Proof(contentLength);
	const kept = await videos.keep(stream, fileName, proof);
	// The bytes decide; the type, which hosts get wrong, only says what came instead.
	const noVideo = (why: string): Try<File> => ({
		ok: false,
		trouble: 'lasting',
		reason: NO_VIDEO_TYPES.test(contentType)
			? `the media host sent ${contentType} instead of a video`
			: `the file is no whole MP4: ${why}`,
	});
	if (!kept.ok) {
		const { trouble, reason } = kept;
		if (trouble === 'content') return noVideo(reason);
		return { ok: false, reason, trouble: trouble === 'store' ? 'store' : 'passing' };
	}
	const verdict = proof.end();
	if (!verdict.whole) return noVideo(verdict.reason);
	// More than was announced is a file that was packed on its way, and came whole.
	if (contentLength !== undefined && verdict.bytes < contentLength) {
		const reason = `${verdict.bytes} of ${contentLength} bytes arrived`;
		return { ok: false, reason, trouble: 'lasting' };
	}
	return { ok: true, value: { file: kept.value, facts: verdict.facts } };
}

function isPastItsDay(completedAfter: number | undefined, now: number): boolean {
	return completedAfter !== undefined && now > completedAfter + RESULT_LINK_HOURS * 3_600_000;
}
