/** Reads what the index of one clip says. */
import { boxAt, boxesIn } from '../boxes';
import type { Bytes } from '../bytes';
import { type ByteSource, MediaError } from '../source';
import type { Clip } from './clip';
import { clipIndex, fragmented } from './clipIndex';
import { standsInOrder } from './order';
import { pictureOf } from './picture';
import { need } from './samples';
import { soundOf } from './sound';
import { descriptions, handlerOf, trackOf } from './track';
import { unfit } from './unfit';

export type ClipVerdict =
	| { ok: true; clip: Clip }
	/** `text` goes on from "Item 3 cannot be joined:". */
	| { ok: false; text: string };

/** Reads one clip. Never throws, whatever the bytes are. */
export async function readClip(source: ByteSource): Promise<ClipVerdict> {
	try {
		const { moov, fileBytes } = await clipIndex(source);
		return { ok: true, clip: { ...tracksOf(moov, fileBytes), bytes: fileBytes } };
	} catch (error) {
		if (error instanceof MediaError) return { ok: false, text: error.message };
		return { ok: false, text: 'it cannot be made sense of' };
	}
}

function tracksOf(moov: Bytes, fileBytes: number): Omit<Clip, 'bytes'> {
	if (boxAt(moov, 'mvex') !== undefined) throw fragmented();
	const mvhd = need(moov, 'mvhd');
	const movieTicks = mvhd.u32(mvhd.u8(0) === 1 ? 20 : 12) || 1;
	const traks = boxesIn(moov).flatMap(({ type, content }) => (type === 'trak' ? content : []));
	const ofKind = (handler: string) => traks.filter((trak) => handlerOf(trak) === handler);
	const file = { movieTicks, fileBytes };
	const pictures = ofKind('vide').find((trak) => !isCover(trak));
	const picture = pictures && trackOf(pictures, file);
	if (picture === undefined) throw unfit('it has no moving pictures');
	const [sounds] = ofKind('soun');
	const sound = sounds && trackOf(sounds, file);
	const tracks = { picture: pictureOf(picture), ...(sound && { sound: soundOf(sound) }) };
	if (!standsInOrder(tracks)) throw unfit('its pictures and sound do not stand in order');
	return tracks;
}

/** A still that players show in their lists. */
function isCover(trak: Bytes): boolean {
	const [first] = descriptions(need(trak, 'mdia', 'minf', 'stbl'));
	return first !== undefined && ['jpeg', 'png '].includes(first.type);
}
