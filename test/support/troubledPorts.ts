/** The ports of a run, of which one call fails in a way that no port is meant to. */
import type { Answer } from '../../nodes/WanVideo/evolink/client';
import type { GenerationBody } from '../../nodes/WanVideo/evolink/wire';
import type { Job } from '../../nodes/WanVideo/generation/outcome';
import type { Ports } from '../../nodes/WanVideo/generation/ports';

/** Thrown before anything happened, or after it did; or no answer, ever, though it did. */
export type Trouble = 'throwsBefore' | 'throwsAfter' | 'hangs';

/** Of which call: its port and name, and its running number from 0. */
export interface Fault {
	call: string;
	nth: number;
	trouble: Trouble;
}

const PORTS = ['client', 'videos', 'shelf', 'notices', 'journal', 'clock'] as const;

/** Counts the calls of every port, and lets one of them fail. */
export class Troubles {
	readonly counts = new Map<string, number>();

	constructor(private readonly fault?: Fault) {}

	ports<File, Stream>(ports: Ports<File, Stream>): Ports<File, Stream> {
		const troubled = {
			...ports,
			newKey: this.troubled('newKey', (...purpose: Parameters<typeof ports.newKey>) =>
				ports.newKey(...purpose),
			),
		};
		for (const name of PORTS) Object.assign(troubled, { [name]: this.port(name, ports[name]) });
		return troubled;
	}

	job(job: Job): Job {
		const { body, wait } = job;
		const made = async (): Promise<Answer<GenerationBody>> =>
			typeof body === 'function' ? await body() : { ok: true, value: body };
		const fileName =
			wait?.fileName === undefined ? undefined : (taskId: string) => wait.fileName?.(taskId) ?? '';
		return {
			...job,
			body: this.troubled('body', made),
			...(wait && {
				wait: { ...wait, ...(fileName && { fileName: this.troubled('fileName', fileName) }) },
			}),
		};
	}

	private port<T extends object>(name: string, port: T): T {
		return new Proxy(port, {
			get: (target, key): unknown => {
				const value: unknown = Reflect.get(target, key, target);
				if (typeof value !== 'function') return value;
				const method = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
				return this.troubled(`${name}.${String(key)}`, method);
			},
		});
	}

	private troubled<Args extends unknown[], Result>(
		call: string,
		work: (...args: Args) => Result,
	): (...args: Args) => Result {
		return (...args) => {
			const nth = this.counts.get(call) ?? 0;
			this.counts.set(call, nth + 1);
			const trouble =
				this.fault?.call === call && this.fault.nth === nth ? this.fault.trouble : undefined;
			if (trouble === undefined) return work(...args);
			const broken = new Error(`${call} broke`);
			if (trouble === 'throwsBefore') throw broken;
			const result: unknown = work(...args);
			if (!(result instanceof Promise)) throw broken;
			const end = result.then(
				async () =>
					await new Promise((_resolve, reject) => {
						if (trouble === 'throwsAfter') reject(broken);
					}),
			);
			return end as Result;
		};
	}
}
