// API keys and the accounts behind them: what is left, what is reserved for running tasks, what
// was used. A reserve lowers what is left at once; a settlement turns it into a charge or gives
// it back.

export interface Account {
	readonly name: string;
	remaining: number;
	used: number;
}

export interface ApiKey {
	readonly key: string;
	readonly account: Account;
	/** What this key itself may still spend; undefined: no limit of its own. */
	limit: number | undefined;
	used: number;
	/** The models it may use; undefined: all. */
	readonly models: readonly string[] | undefined;
	readonly state: 'active' | 'expired' | 'disabled';
}

export interface NewKey {
	readonly key: string;
	/** Credits of a new account; without effect if the account exists. Default 1000. */
	readonly credits?: number;
	readonly limit?: number;
	readonly models?: readonly string[];
	readonly state?: ApiKey['state'];
	/** Keys with the same account share its credits and tasks; default: an account of its own. */
	readonly account?: string;
}

const round = (credits: number): number => Math.round(credits * 10_000) / 10_000;

export class Accounts {
	#keys = new Map<string, ApiKey>();
	#accounts = new Map<string, Account>();

	/** Adds a key, and its account if that is new. */
	add({ key, credits = 1000, limit, models, state = 'active', account = key }: NewKey): ApiKey {
		const owner = this.#accounts.get(account) ?? { name: account, remaining: credits, used: 0 };
		this.#accounts.set(account, owner);
		const added = { key, account: owner, limit, used: 0, models, state };
		this.#keys.set(key, added);
		return added;
	}

	find(key: string): ApiKey | undefined {
		return this.#keys.get(key);
	}

	/** What the key can pay for now. */
	cover(key: ApiKey): number {
		return Math.min(key.account.remaining, key.limit ?? Infinity);
	}

	reserve(key: ApiKey, credits: number): void {
		if (this.cover(key) < credits) throw new Error('reserved more credits than there are');
		key.account.remaining = round(key.account.remaining - credits);
		if (key.limit !== undefined) key.limit = round(key.limit - credits);
	}

	/** Ends a reserve: `charged` of it is used, the rest comes back. */
	settle(key: ApiKey, reserved: number, charged: number): void {
		const back = reserved - charged;
		key.account.remaining = round(key.account.remaining + back);
		key.account.used = round(key.account.used + charged);
		if (key.limit !== undefined) key.limit = round(key.limit + back);
		key.used = round(key.used + charged);
	}
}
