/**
 * Parameter sets of H.264 and HEVC: from the track's description (ISO/IEC 14496-15, 5.3.3 and 8.3.3) to
 * the form that they have between pictures. Clips of other encoder settings need them there: most players
 * keep to the description they saw first.
 */
import type { Bytes } from '../bytes';
import { concatenated, u32s } from './boxWriter';
import { damaged } from './unfit';

/** Undefined for codecs whose stream holds them already, or that have none. */
export function parameterSets(
	settingsBox: string,
	settings: Bytes,
): { sets: Uint8Array; lengthBytes: number } | undefined {
	if (settingsBox !== 'avcC' && settingsBox !== 'hvcC') return undefined;
	const isAvc = settingsBox === 'avcC';
	const lengthBytes = (settings.u8(isAvc ? 4 : 21) & 3) + 1;
	const sets: Uint8Array[] = [];
	let at = isAvc ? 5 : 23;
	const lists = isAvc ? 2 : settings.u8(22);
	for (let list = 0; list < lists; list += 1) {
		const inList = countAt(settings, at, { isAvc, list });
		at += isAvc ? 1 : 3;
		for (let set = 0; set < inList; set += 1) {
			const length = settings.u16(at);
			if (at + 2 + length > settings.length) throw damaged();
			sets.push(u32s(length).subarray(4 - lengthBytes), settings.part(at + 2, at + 2 + length).raw);
			at += 2 + length;
		}
	}
	return { sets: concatenated(sets), lengthBytes };
}

/** Sequence sets of H.264 share their byte with reserved bits. */
function countAt(settings: Bytes, at: number, { isAvc, list }: { isAvc: boolean; list: number }) {
	if (!isAvc) return settings.u16(at + 1);
	return settings.u8(at) & (list === 0 ? 31 : 255);
}
