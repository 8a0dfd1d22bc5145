/** A store of claims as n8n's is: a set of texts, without an order and without a reader. */
import type { ClaimStore } from '../../nodes/WanVideo/generation/claimSearch';

export class SetStore implements ClaimStore {
	texts = new Set<string>();
	/** How many texts each call put in or took out. */
	readonly recorded: number[] = [];
	readonly removed: number[] = [];

	get calls(): number {
		return this.recorded.length + this.removed.length;
	}

	async record(texts: readonly string[]): Promise<ReadonlySet<string>> {
		await Promise.resolve();
		this.recorded.push(texts.length);
		const there = new Set(texts.filter((text) => this.texts.has(text)));
		for (const text of texts) this.texts.add(text);
		return there;
	}

	async remove(texts: readonly string[]): Promise<void> {
		await Promise.resolve();
		this.removed.push(texts.length);
		for (const text of texts) this.texts.delete(text);
	}
}
