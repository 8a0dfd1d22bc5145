/** The sound of a clip, with all that the film's index needs of it. Only AAC is copied. */
import { boxAt } from '../boxes';
import { type AacKind, aacKind } from './aac';
import { withoutBitRate } from './picture';
import type { Samples } from './samples';
import type { Track } from './track';
import { unfit } from './unfit';

/** Samples of sound in one AAC frame. */
export const FRAME_SAMPLES = 1024;
/** Bytes of a sound's description before the boxes in it (12.2.3). */
const DESCRIPTION_BYTES = 28;

export interface Sound extends Pick<Samples, 'sizes' | 'chunks' | 'isWhole'>, AacKind {
	/** Frames that count: those after the shown part are padding, or were cut off. */
	count: number;
	/** What the decoder gives before the shown part begins, in samples of sound. */
	priming: number;
	/** From the beginning of the clip to its first sound, in seconds. */
	delay: number;
	/** The whole description, as a box. */
	description: Uint8Array;
}

/** Understands a sound track. Throws MediaError where it cannot be joined. */
export function soundOf(track: Track): Sound {
	const { type, content } = track.description;
	if (type === 'enca') throw unfit('it is encrypted');
	const esds = type === 'mp4a' ? boxAt(content.part(DESCRIPTION_BYTES), 'esds') : undefined;
	if (esds === undefined) throw unfit(`its sound is '${type}', not AAC`);
	const kind = aacKind(esds);
	const inSamples = (ticks: number) => (ticks / track.ticks) * kind.rate;
	// The first duration may hold a delay before the sound (writers without edit lists), the last is often cut.
	const middle = track.durations.subarray(1, -1);
	const middleSamples = inSamples(middle.reduce((sum, duration) => sum + duration, 0));
	if (Math.abs(middleSamples - middle.length * FRAME_SAMPLES) > 2 * FRAME_SAMPLES)
		throw unfit('its sound has gaps');
	const late = track.count > 1 ? inSamples(track.durations[0]) - FRAME_SAMPLES : 0;
	const priming = inSamples(track.start) - late;
	const wanted = Math.ceil((priming + track.seconds * kind.rate) / FRAME_SAMPLES);
	const { sizes, chunks, isWhole, delay } = track;
	return {
		...{ sizes, chunks, isWhole, delay, priming },
		...kind,
		count: Math.min(track.count, Math.max(0, wanted)),
		description: withoutBitRate(track.description, DESCRIPTION_BYTES),
	};
}
