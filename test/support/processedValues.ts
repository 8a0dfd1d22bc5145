/** n8n's list of processed values as its database keeps it: one list of hashes for each node, without a lock. */
import { createHash } from 'node:crypto';

import type {
	DeduplicationItemTypes,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
	IDeduplicationOutputItems,
} from 'n8n-workflow';

type Texts = DeduplicationItemTypes[];

export class ProcessedValues implements IDataDeduplicator {
	/** Calls that read and wrote the list. */
	calls = 0;
	/** Called before each: to be slow, or to throw. */
	before: () => Promise<void> | void = () => undefined;
	private lists = new Map<string, string[]>();

	/** Everything that is kept. */
	get size(): number {
		return [...this.lists.values()].reduce((sum, list) => sum + list.length, 0);
	}

	/** What is kept now, to be put back as if nothing had been written since. */
	snapshot(): Map<string, string[]> {
		return new Map([...this.lists].map(([key, list]) => [key, [...list]]));
	}

	restore(lists: ReadonlyMap<string, string[]>): void {
		this.lists = new Map([...lists].map(([key, list]) => [key, [...list]]));
	}

	clear(): void {
		this.lists.clear();
		this.calls = 0;
		this.before = () => undefined;
	}

	async checkProcessedAndRecord(
		items: Texts,
		scope: string,
		context: ICheckProcessedContextData,
		{ maxEntries = Infinity }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const list = await this.listOf(scope, context);
		const there = new Set(list);
		const output: IDeduplicationOutput = { new: [], processed: [] };
		for (const item of items) {
			const isThere = there.has(hashOf(item));
			output[isThere ? 'processed' : 'new'].push(item);
			if (!isThere) list.push(hashOf(item));
		}
		this.lists.set(keyOf(scope, context), list.slice(-maxEntries));
		return output;
	}

	async removeProcessed(
		items: Texts,
		scope: string,
		context: ICheckProcessedContextData,
	): Promise<void> {
		const gone = new Set(items.map(hashOf));
		const list = await this.listOf(scope, context);
		this.lists.set(
			keyOf(scope, context),
			list.filter((hash) => !gone.has(hash)),
		);
	}

	async checkProcessedItemsAndRecord(): Promise<IDeduplicationOutputItems> {
		return await Promise.reject(new Error('not used'));
	}

	async clearAllProcessedItems(): Promise<void> {
		return await Promise.reject(new Error('not used'));
	}

	async getProcessedDataCount(): Promise<number> {
		return await Promise.resolve(this.size);
	}

	private async listOf(scope: string, context: ICheckProcessedContextData): Promise<string[]> {
		this.calls += 1;
		await this.before();
		return [...(this.lists.get(keyOf(scope, context)) ?? [])];
	}
}

function keyOf(scope: string, { workflow, node }: ICheckProcessedContextData): string {
	return scope === 'node' ? `${workflow.id}/${node?.id}` : `${workflow.id}`;
}

function hashOf(item: DeduplicationItemTypes): string {
	return createHash('md5').update(item.toString()).digest('base64');
}
