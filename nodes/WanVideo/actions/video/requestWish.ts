/** By what the journal, the claims and a tool's memory know a request again: one place, so that they agree. */
import { toBody } from '../../evolink/wire';
import { fingerprint } from '../../generation/fingerprint';
import { wishOf } from '../../generation/wish';
import { isFollowed } from '../../wan/follow';
import { standInOf } from '../../wan/materialSource';
import type { GenerationRequest } from '../../wan/request';

/**
 * The hash of what goes on the wire; files are told by their content, as they have no address yet. A length that
 * follows a material is told by that: what is paid for is found again when the material can no longer be measured.
 */
export function requestWish(request: GenerationRequest): string {
	const { durationMode, ...fixed } = request;
	if (!isFollowed(durationMode)) return wishOf(toBody(request, standInOf));
	const { durationSeconds, ...open } = fixed;
	const added = durationMode === 'afterClip' ? durationSeconds : undefined;
	return fingerprint([durationMode, added, wishOf(toBody(open, standInOf))]);
}
