/** Looks into materials before anything is paid for: each file once, a few at a time, never more than its header needs. */
import { type ByteSource, MediaError } from '../media/source';
import { probe } from '../media/probe';
import type { MaterialFacts } from '../wan/judgeMaterials';
import { type MaterialSource, sourceKey } from '../wan/materialSource';
import { sideBySide } from './sideBySide';

export type Inspection =
	| { seen: 'facts'; facts: MaterialFacts }
	/** The bytes themselves are no use, whoever reads them; `isUnknown`: they are of no format that is known here. */
	| { seen: 'broken'; text: string; isUnknown?: boolean }
	/** It could not be looked at from here; EvoLink may be able to. */
	| { seen: 'nothing'; text: string };

/** Where the bytes of materials come from. */
export interface MaterialDoor {
	/** `close` ends whatever was opened. Throws MediaError when it cannot be opened. */
	open(material: MaterialSource): Promise<{ source: ByteSource; close: () => Promise<void> }>;
	/** What the material shares with others, e.g. its host, and how many of those may be open at once. */
	laneOf(material: MaterialSource): { lane: string; atOnce: number };
}

const AT_ONCE = 40;

/** One inspection for each material, by its key (`sourceKey`): many at once, few of one place. */
export async function inspectAll(
	materials: Iterable<MaterialSource>,
	door: MaterialDoor,
): Promise<Map<string, Inspection>> {
	const unique = new Map([...materials].map((material) => [sourceKey(material), material]));
	const lanes = new Map<string, { atOnce: number; entries: Array<[string, MaterialSource]> }>();
	for (const entry of unique) {
		const { lane, atOnce } = door.laneOf(entry[1]);
		const known = lanes.get(lane) ?? { atOnce, entries: [] };
		known.entries.push(entry);
		lanes.set(lane, known);
	}
	const place = places(AT_ONCE);
	const inspections = await Promise.all(
		[...lanes.values()].map(
			async ({ atOnce, entries }) =>
				await sideBySide(
					entries,
					atOnce,
					async ([key, material]): Promise<[string, Inspection]> => [
						key,
						await place(async () => await inspect(material, door)),
					],
				),
		),
	);
	return new Map(inspections.flat());
}

/** Lets so many in at once, in the order in which they came. */
function places(count: number): <T>(work: () => Promise<T>) => Promise<T> {
	let free = count;
	const line: Array<() => void> = [];
	return async (work) => {
		if (free > 0) free -= 1;
		else await new Promise<void>((enter) => line.push(enter));
		try {
			return await work();
		} finally {
			const next = line.shift();
			if (next === undefined) free += 1;
			else next();
		}
	};
}

async function inspect(material: MaterialSource, door: MaterialDoor): Promise<Inspection> {
	try {
		const { source, close } = await door.open(material);
		try {
			const verdict = await probe(source);
			if (verdict.ok) return { seen: 'facts', facts: verdict.facts };
			const unseen = verdict.reason === 'unreadable' || verdict.reason === 'tooMuch';
			if (unseen) return { seen: 'nothing', text: verdict.text };
			return { seen: 'broken', text: verdict.text, isUnknown: verdict.reason === 'unknown' };
		} finally {
			await close();
		}
	} catch (error) {
		if (error instanceof MediaError) return { seen: 'nothing', text: error.message };
		return {
			seen: 'nothing',
			text: error instanceof Error ? error.message : 'it could not be read',
		};
	}
}
