/** Why a clip cannot be joined. The texts go on from "Item 3 cannot be joined:". */
import { MediaError } from '../source';

/** A whole file that only a new encoding could join. */
export function unfit(text: string): MediaError {
	return new MediaError('unknown', text);
}

/** A file whose index cannot be true. */
export function damaged(): MediaError {
	return new MediaError('corrupt', 'its index is damaged');
}
