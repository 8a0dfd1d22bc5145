/** Looks into materials before anything is paid for: each file once, a few at a time, never more than its header needs. */
import { type ByteSource, MediaError } from '../media/source';
import { probe } from '../media/probe';
import type { MaterialFacts } from '../wan/materials';
import { sideBySide } from './sideBySide';

export type Inspection =
	| { seen: 'facts'; facts: MaterialFacts }
	/** The bytes themselves are no use, whoever reads them. */
	| { seen: 'broken'; text: string }
	/** It could not be looked at from here; EvoLink may be able to. */
	| { seen: 'nothing'; text: string };

/** Where the bytes of a material come from; `close` ends whatever was opened. Throws MediaError when it cannot be opened. */
export type OpenMaterial = (
	reference: string,
) => Promise<{ source: ByteSource; close: () => Promise<void> }>;

const AT_ONCE = 6;

/** One inspection for each reference (an address, or the hash of a file). */
export async function inspectAll(
	references: Iterable<string>,
	open: OpenMaterial,
): Promise<Map<string, Inspection>> {
	const unique = [...new Set(references)];
	const inspections = await sideBySide(
		unique,
		AT_ONCE,
		async (reference): Promise<[string, Inspection]> => [reference, await inspect(reference, open)],
	);
	return new Map(inspections);
}

async function inspect(reference: string, open: OpenMaterial): Promise<Inspection> {
	try {
		const { source, close } = await open(reference);
		try {
			const verdict = await probe(source);
			if (verdict.ok) return { seen: 'facts', facts: verdict.facts };
			const unseen = verdict.reason === 'unreadable' || verdict.reason === 'tooMuch';
			return { seen: unseen ? 'nothing' : 'broken', text: verdict.text };
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
