/** A media host and a file store in memory: answers as planned, one plan per opening, the last one again and again. */
import type { Fetched, Kept, MediaAnswer, VideoPort } from '../../nodes/WanVideo/generation/ports';
import type { Mp4Proof } from '../../nodes/WanVideo/media/mp4';
import { tinyMp4 } from './tinyMp4';

export interface FakeBody {
	bytes: Uint8Array;
	/** Why the transfer breaks after these bytes. */
	breaks?: string;
	/** Why n8n's own store does not take it. */
	unstored?: string;
}

export interface FakeFile {
	fileName: string;
	bytes: number;
}

export type MediaPlan = Partial<Omit<MediaAnswer<FakeBody>, 'stream'>> &
	Partial<FakeBody> & {
		/** The link cannot even be opened. */
		unopened?: string;
	};

export class FakeVideos implements VideoPort<FakeFile, FakeBody> {
	/** Links in the order they were opened. */
	readonly opened: string[] = [];
	readonly kept: FakeFile[] = [];
	discarded = 0;

	constructor(
		private readonly plans: MediaPlan[] = [{}],
		private readonly onOpen: () => void = () => undefined,
	) {}

	async open(url: string): Promise<Fetched<MediaAnswer<FakeBody>>> {
		await Promise.resolve();
		this.onOpen();
		const plan = this.plans[Math.min(this.opened.length, this.plans.length - 1)];
		this.opened.push(url);
		if (plan.unopened !== undefined) return { ok: false, reason: plan.unopened };
		const { bytes = tinyMp4(), breaks, unstored, status = 200, contentType = 'video/mp4' } = plan;
		const { contentLength } = plan;
		return {
			ok: true,
			value: {
				status,
				contentType,
				...(contentLength !== undefined && { contentLength }),
				stream: {
					bytes,
					...(breaks !== undefined && { breaks }),
					...(unstored !== undefined && { unstored }),
				},
			},
		};
	}

	async keep(stream: FakeBody, fileName: string, proof: Mp4Proof): Promise<Kept<FakeFile>> {
		await Promise.resolve();
		proof.push(stream.bytes);
		if (stream.breaks !== undefined)
			return { ok: false, trouble: 'transfer', reason: stream.breaks };
		const contrary = proof.contrary();
		if (contrary !== undefined) return { ok: false, trouble: 'content', reason: contrary };
		if (stream.unstored !== undefined)
			return { ok: false, trouble: 'store', reason: stream.unstored };
		const file = { fileName, bytes: stream.bytes.length };
		this.kept.push(file);
		return { ok: true, value: file };
	}

	buffers(): boolean {
		return false;
	}

	discard(): void {
		this.discarded += 1;
	}
}
