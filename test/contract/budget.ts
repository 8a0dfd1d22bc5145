/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Which tests may run against the real EvoLink: those that cost nothing always, those that cost
// (or would cost, should EvoLink accept what its docs refuse) while the cap in billed seconds
// lasts, those that need the sandbox's controls never. Each file says in one line what does not run.

const KEY = process.env.EVOLINK_API_KEY ?? '';
const CAP = process.env.EVOLINK_CONTRACT_CAP_SECONDS ?? '';

/** True when the suite talks to EvoLink itself. */
export const onEvoLink = KEY !== '' && CAP !== '';

/** The most that each file can be billed, most telling file first. */
const FILES = { life: 8, materials: 38, fields: 50, billing: 6, callbacks: 10 } as const;
export type BilledFile = keyof typeof FILES;

const REAL_TIMEOUT_MS = 25 * 60_000;

/** What of the cap is left for a file when all files before it have used theirs up. */
function shareOf(file: BilledFile): number {
	if (!onEvoLink) return Infinity;
	let left = Number(CAP);
	for (const [name, seconds] of Object.entries(FILES)) {
		if (name === file) return Math.min(left, seconds);
		left = Math.max(0, left - seconds);
	}
	return 0;
}

export class Budget {
	#left: number;
	#declared = 0;
	#overCap: string[] = [];
	#sandboxOnly = 0;

	constructor(private readonly file: BilledFile) {
		this.#left = shareOf(file);
		it('stays within its budget and says what does not run', () => this.#report());
	}

	/** A test that may be billed `seconds`. */
	billed(seconds: number, name: string, run: () => Promise<void>): void {
		this.#declared += seconds;
		if (seconds > this.#left) {
			this.#overCap.push(name);
			return;
		}
		this.#left -= seconds;
		it(name, run, onEvoLink ? REAL_TIMEOUT_MS : undefined);
	}

	/** A test that needs the sandbox's clock, faults or ledger. */
	sandboxOnly(name: string, run: () => Promise<void>): void {
		if (onEvoLink) this.#sandboxOnly += 1;
		else it(name, run);
	}

	#report(): void {
		expect(this.#declared).toBeLessThanOrEqual(FILES[this.file]);
		if (!onEvoLink) return;
		const over = this.#overCap.length > 0 ? this.#overCap.join('; ') : 'none';
		process.stderr.write(
			`${this.file}: ${this.#sandboxOnly} tests need the sandbox; over the cap: ${over}\n`,
		);
	}
}
