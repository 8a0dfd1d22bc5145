/** The film's head: everything before its first picture. The index stands first, so that it starts at once. */
import { box, concatenated, fullBox, letters, u16s, u32s, u64s } from './boxWriter';
import type { Layout } from './layout';
import { type Base, offsetTable, pictureTables, soundTables } from './movieTables';
import { FRAME_SAMPLES } from './sound';

/** Ticks of the movie's own header and edits, as all writers have them. */
const MOVIE_TICKS = 1000;
const UNITY = u32s(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const MOST_32 = 2 ** 32;
/** No index is larger; whether offsets need 64 bits must not hang on its size. */
const HEAD_ROOM = 64 * 1024 * 1024;

/** `ftyp`, `moov` and the header of `mdat`. Lets go now and then. */
export function* headOf(layout: Layout): Generator<undefined, Uint8Array> {
	const ftyp = box('ftyp', letters('isom'), u32s(0x200), letters('isomiso2mp41'));
	const isWide = layout.payloadBytes > MOST_32 - HEAD_ROOM;
	const tables = { picture: yield* pictureTables(layout), sound: soundTables(layout) };
	const head = (base: number) =>
		concatenated([ftyp, moovOf(layout, tables, { base, isWide }), mdatHeader(layout.payloadBytes)]);
	// The offsets in it count from the file's beginning, but take the same room whatever they are.
	const { length } = head(0);
	yield;
	return head(length);
}

function mdatHeader(payloadBytes: number): Uint8Array {
	if (payloadBytes + 8 < MOST_32) return concatenated([u32s(payloadBytes + 8), letters('mdat')]);
	return concatenated([u32s(1), letters('mdat'), u64s([payloadBytes + 16])]);
}

/** Tables that say nothing of where the chunks stand. */
type Tables = Record<'picture' | 'sound', Uint8Array[]>;

function moovOf(layout: Layout, tables: Tables, base: Base): Uint8Array {
	const { ticks, ends, lead, sound } = layout.timeline;
	const { coded, matrix } = layout.clips[0].picture;
	const milliseconds = Math.ceil((ends / ticks) * MOVIE_TICKS);
	const traks = [
		trak({
			...{ id: 1, milliseconds, start: lead, matrix, ticks, length: ends, isSound: false },
			sides: u32s(coded[0] * 0x10000, coded[1] * 0x10000),
			tables: [...tables.picture, offsetTable(layout.picture, base)],
		}),
	];
	if (sound !== undefined)
		traks.push(
			trak({
				...{ id: 2, milliseconds, start: sound.priming, matrix: UNITY, isSound: true },
				...{ ticks: sound.kind.rate, length: layout.sound.sizes.length * FRAME_SAMPLES },
				sides: u32s(0, 0),
				tables: [...tables.sound, offsetTable(layout.sound, base)],
			}),
		);
	const mvhd = fullBox(
		'mvhd',
		{},
		u32s(0, 0, MOVIE_TICKS, milliseconds, 0x10000),
		u16s(0x100, 0),
		u32s(0, 0),
		UNITY,
		u32s(0, 0, 0, 0, 0, 0, traks.length + 1),
	);
	return box('moov', mvhd, ...traks);
}

interface TrakPlan {
	id: number;
	milliseconds: number;
	/** Where the shown part begins, in the track's ticks. */
	start: number;
	matrix: Uint8Array;
	sides: Uint8Array;
	isSound: boolean;
	ticks: number;
	/** In ticks. */
	length: number;
	tables: Uint8Array[];
}

function trak(plan: TrakPlan): Uint8Array {
	const { id, milliseconds, isSound } = plan;
	const tkhd = fullBox(
		'tkhd',
		{ flags: 3 },
		u32s(0, 0, id, 0, milliseconds, 0, 0),
		u16s(0, isSound ? 1 : 0, isSound ? 0x100 : 0, 0),
		plan.matrix,
		plan.sides,
	);
	const elst = fullBox('elst', {}, u32s(1, milliseconds, plan.start, 0x10000));
	const name = letters(isSound ? 'SoundHandler\0' : 'VideoHandler\0');
	const hdlr = fullBox(
		'hdlr',
		{},
		u32s(0),
		letters(isSound ? 'soun' : 'vide'),
		u32s(0, 0, 0),
		name,
	);
	const dinf = box('dinf', fullBox('dref', {}, u32s(1), fullBox('url ', { flags: 1 })));
	const header = isSound ? fullBox('smhd', {}, u32s(0)) : fullBox('vmhd', { flags: 1 }, u32s(0, 0));
	const minf = box('minf', header, dinf, box('stbl', ...plan.tables));
	return box('trak', tkhd, box('edts', elst), box('mdia', mdhdOf(plan), hdlr, minf));
}

/** Language: undetermined. */
function mdhdOf({ ticks, length }: TrakPlan): Uint8Array {
	if (length < MOST_32) return fullBox('mdhd', {}, u32s(0, 0, ticks, length), u16s(0x55c4, 0));
	return fullBox(
		'mdhd',
		{ version: 1 },
		u64s([0, 0]),
		u32s(ticks),
		u64s([length]),
		u16s(0x55c4, 0),
	);
}
