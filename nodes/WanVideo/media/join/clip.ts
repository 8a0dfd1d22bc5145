/** What the index of one clip says: its picture, and its sound if it has any. */
import type { Picture } from './picture';
import type { Sound } from './sound';

export interface Clip {
	picture: Picture;
	sound?: Sound;
	/** Bytes of the file. */
	bytes: number;
}
