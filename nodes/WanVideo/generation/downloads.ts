/**
 * The downloads of a run, a few at a time, beside the waiting. The first goes alone: the file it leaves
 * tells whether n8n's store buffers whole files (then one at a time is all the memory can bear) or
 * writes them to disk as they come. First come, first served.
 */
import type { StopSignal, VideoPort } from './ports';

export interface DownloadSettings {
	/** Downloads at once where files are streamed to disk. */
	atOnce: number;
	/** After it nobody who still stands in line opens a link. */
	stop: StopSignal;
}

/**
 * The same port, with a place for each download from `open` until `keep` or `discard` is over.
 * Every stream that `open` hands out must be given to one of the two, as deliver.ts does: nothing else frees its place.
 */
export function fewAtATime<File, Stream>(
	videos: VideoPort<File, Stream>,
	{ atOnce, stop }: DownloadSettings,
): VideoPort<File, Stream> {
	const line: Array<() => void> = [];
	const opened = new Set<Stream>();
	let places = 1;
	let taken = 0;

	async function takePlace(): Promise<void> {
		await new Promise<void>((resolve) => {
			line.push(resolve);
			admit();
		});
	}

	function admit(): void {
		while (taken < places) {
			const enter = line.shift();
			if (enter === undefined) return;
			taken += 1;
			enter();
		}
	}

	function freePlace(): void {
		taken -= 1;
		admit();
	}

	/** A stream frees its place once, whatever is done with it afterwards. */
	function close(stream: Stream): void {
		if (opened.delete(stream)) freePlace();
	}

	return {
		async open(url) {
			await takePlace();
			let isOpen = false;
			try {
				if (stop.aborted) return { ok: false, reason: 'the download was stopped' };
				const answer = await videos.open(url);
				if (answer.ok) opened.add(answer.value.stream);
				isOpen = answer.ok;
				return answer;
			} finally {
				if (!isOpen) freePlace();
			}
		},
		async keep(stream, fileName, proof) {
			try {
				const kept = await videos.keep(stream, fileName, proof);
				if (kept.ok) places = videos.buffers(kept.value) ? 1 : Math.max(1, atOnce);
				return kept;
			} finally {
				close(stream);
			}
		},
		buffers: (file) => videos.buffers(file),
		discard(stream) {
			try {
				videos.discard(stream);
			} finally {
				close(stream);
			}
		},
	};
}
