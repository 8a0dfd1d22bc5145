/** Ended tasks by their kind, for the next ones of it: a few of each, of the kinds that were used last. */
import type { Ended } from './earlier';
import { fingerprint } from './fingerprint';

/** What a run sees of it: only tasks of its own account. */
export interface Experience {
	/** The last ones first. `kind` is whatever tells how long a task takes: model, mode, quality, length. */
	of(kind: string): readonly Ended[];
	add(kind: string, ended: Ended): void;
}

const MOST_KINDS = 100;
const PER_KIND = 10;
/** A task whose end lies anywhere in so large a share of its time tells nothing. */
const VAGUE_SHARE = 1 / 3;

/** Bounded, and in memory only: at most 100 kinds of 10 tasks each. Places and kinds are kept as hashes. */
export class Experiences {
	private readonly kinds = new Map<string, readonly Ended[]>();

	/** `place` tells one account from another; it is no secret and never the key. */
	at(place: string): Experience {
		const nameOf = (kind: string) => fingerprint([place, kind]);
		return {
			of: (kind) => this.kinds.get(nameOf(kind)) ?? [],
			add: (kind, ended) => this.add(nameOf(kind), ended),
		};
	}

	get size(): number {
		return this.kinds.size;
	}

	clear(): void {
		this.kinds.clear();
	}

	private add(name: string, ended: Ended): void {
		if (ended.foundMs - ended.openMs > VAGUE_SHARE * ended.foundMs) return;
		const kept = [ended, ...(this.kinds.get(name) ?? [])].slice(0, PER_KIND);
		// Anew at the end of the map, so that the first one is always the oldest.
		this.kinds.delete(name);
		this.kinds.set(name, kept);
		const [oldest] = this.kinds.keys();
		if (this.kinds.size > MOST_KINDS) this.kinds.delete(oldest);
	}
}
