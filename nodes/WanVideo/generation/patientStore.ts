/** The store of claims, each of whose answers is waited for only so long. */
import type { ClaimStore } from './claimSearch';
import type { Clock } from './ports';

/** Who is told of what is kept though its call was given up: the texts that were not there before. */
type Late = (fresh: string[]) => void;

export class PatientStore implements ClaimStore {
	constructor(
		private readonly store: ClaimStore,
		private readonly clock: Clock,
		private readonly patienceMs: number,
	) {}

	/** Throws when no answer comes in time; `late` is told when it comes after all. Without it, what is kept then goes again. */
	async record(texts: readonly string[], late: Late = this.takeBack): Promise<ReadonlySet<string>> {
		let isWaiting = true;
		const call = this.store.record(texts).then((there) => {
			const fresh = texts.filter((text) => !there.has(text));
			if (!isWaiting && fresh.length > 0) late(fresh);
			return there;
		});
		try {
			return await this.answered(call);
		} finally {
			isWaiting = false;
		}
	}

	async remove(texts: readonly string[]): Promise<void> {
		await this.answered(this.store.remove(texts));
	}

	private readonly takeBack: Late = (fresh) => {
		void this.remove(fresh).catch(() => undefined);
	};

	private async answered<T>(call: Promise<T>): Promise<T> {
		const over = { aborted: false };
		const tooLong = this.clock.sleep(this.patienceMs, over).then((): T => {
			throw new Error(`it did not answer within ${this.patienceMs / 1000} seconds`);
		});
		try {
			return await Promise.race([call, tooLong]);
		} finally {
			over.aborted = true;
			for (const other of [call, tooLong]) void other.catch(() => undefined);
		}
	}
}
