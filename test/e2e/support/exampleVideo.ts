/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Whether a file is the video that an example is to give: its format, length and size, and the picture it begins with.
import { join } from 'node:path';
import { prepared } from './prepared';
import { pictureDifference, probeVideo } from './video';

const media = join(prepared.projectRoot, 'examples', 'media');
/** Of 255. Scaling and compression make 1 to 4, another picture more than 20. */
const samePicture = 8;
/** A video's length is a whole number of frames, and AAC frames run over its end. */
const lengthToleranceSeconds = 0.15;

export interface WantedVideo {
	seconds: number;
	longSide: number;
	/** A file of examples/media/; absent: it begins with a picture of its own. */
	beginsWith?: string;
}

export async function expectVideo(file: string, wanted: WantedVideo): Promise<void> {
	const { format, durationSeconds, width, height } = await probeVideo(file);
	expect(format).toContain('mp4');
	expect(Math.abs(durationSeconds - wanted.seconds)).toBeLessThan(lengthToleranceSeconds);
	expect(Math.max(width, height)).toBe(wanted.longSide);
	if (wanted.beginsWith === undefined) return;
	const difference = await pictureDifference(file, join(media, wanted.beginsWith));
	expect(difference).toBeLessThan(samePicture);
}
