/** What every journal store has to do, whatever it keeps entries in: the same suite runs over each of them. */
import { parseEntry } from '../../nodes/WanVideo/generation/journal';
import type { JournalStore } from '../../nodes/WanVideo/generation/ports';
import { anEntry } from './builders';

/** `reopen` gives a store over the same data, as a later try of the node would get it. */
export interface StoreUnderTest {
	store: JournalStore;
	reopen: () => JournalStore;
}

/** Declares the suite for one kind of store. */
export function journalStoreContract(name: string, create: () => StoreUnderTest): void {
	describe(`journal store: ${name}`, () => {
		it('gives undefined for a slot that was never written', () => {
			expect(create().store.read('run0:item0')).toBeUndefined();
		});

		it.each(['intended', 'refused', 'submitted', 'ended', 'delivered'] as const)(
			'gives an entry at %s back as it was written',
			(stage) => {
				const { store } = create();
				store.write('run0:item0', anEntry(stage));
				expect(parseEntry(store.read('run0:item0'))).toEqual(anEntry(stage));
			},
		);

		it('keeps the last entry of a slot', () => {
			const { store } = create();
			store.write('run0:item0', anEntry('intended'));
			store.write('run0:item0', anEntry('submitted'));
			expect(store.read('run0:item0')).toMatchObject({ stage: 'submitted' });
		});

		it('keeps slots apart, also two with the same entry', () => {
			const { store } = create();
			store.write('run0:item0', anEntry('submitted'));
			store.write('run0:item1', anEntry('intended'));
			store.write('run1:item0', anEntry('refused'));
			expect(store.read('run0:item0')).toMatchObject({ stage: 'submitted' });
			expect(store.read('run0:item1')).toMatchObject({ stage: 'intended' });
			expect(store.read('run1:item0')).toMatchObject({ stage: 'refused' });
		});

		it('outlives the try that wrote it', () => {
			const { store, reopen } = create();
			store.write('run0:item0', anEntry('submitted'));
			expect(reopen().read('run0:item0')).toEqual(anEntry('submitted'));
		});

		it('outlives being stored as JSON', () => {
			const { store } = create();
			store.write('run0:item0', anEntry('ended'));
			const stored: unknown = JSON.parse(JSON.stringify(store.read('run0:item0')));
			expect(parseEntry(stored)).toEqual(anEntry('ended'));
		});
	});
}
