/** The death of a process: from a chosen await on, no call of it is made or answered any more. */
export class Death {
	/** Awaits that were begun. */
	awaits = 0;
	readonly came: Promise<'dead'>;
	private isDead = false;
	private tell: (word: 'dead') => void = () => undefined;

	/** `nth` counts the awaits from 0. Its call is made, and its answer never heard. */
	constructor(private readonly nth: number) {
		this.came = new Promise((resolve) => (this.tell = resolve));
	}

	come(): void {
		this.isDead = true;
		this.tell('dead');
	}

	port<T extends object>(_name: string, port: T): T {
		return new Proxy(port, {
			get: (target, key): unknown => {
				const value: unknown = Reflect.get(target, key, target);
				if (typeof value !== 'function') return value;
				return (...args: unknown[]): unknown => {
					const call = () => Reflect.apply(value, target, args) as unknown;
					return isSync(String(key)) ? call() : this.awaited(call);
				};
			},
		});
	}

	private async awaited(call: () => unknown): Promise<unknown> {
		const silence = new Promise<never>(() => undefined);
		if (this.isDead) return await silence;
		const nth = this.awaits;
		this.awaits += 1;
		const answer = await call();
		if (nth === this.nth) this.come();
		return this.isDead ? await silence : answer;
	}
}

function isSync(name: string): boolean {
	return !/^(submit|look|credits|open|keep|sleep|record|remove)$/.test(name);
}
