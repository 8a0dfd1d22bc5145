/** The paid part: submits the jobs and follows their tasks, tied to n8n's side. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { Claims } from '../../generation/claims';
import type { Job, Outcome } from '../../generation/outcome';
import { run } from '../../generation/run';
import type { Pausing } from '../../host/pause';
import { generationPorts } from '../../host/makePorts';
import { goesOnOnFail, isTool, type Scope } from '../../host/scope';
import { toolPatienceMs } from '../readWait';
import { readCap } from './cap';
import { runToolCall } from './runToolCall';

export interface RunNeeds {
	scope: Scope;
	concurrency: number;
	pausing: Pausing | undefined;
	claims: Claims | undefined;
	/** Billed seconds of an item. */
	secondsOf: (item: number) => number;
}

/** One outcome per job, in the order of the jobs. */
export async function runJobs(
	context: IExecuteFunctions,
	jobs: readonly Job[],
	{ scope, concurrency, pausing, claims, secondsOf }: RunNeeds,
): Promise<Array<Outcome<IBinaryData>>> {
	const settings = {
		...{ executionId: scope.executionId, concurrency },
		keepGoing: goesOnOnFail(context),
		...(pausing?.rule && { pause: pausing.rule }),
	};
	const ports = await generationPorts(context, scope, claims);
	if (!isTool(context)) return await run(jobs, settings, ports);
	return await runToolCall(context, jobs, {
		ports,
		cap: readCap(context),
		secondsOf: ({ item }) => secondsOf(item),
		patienceMs: Math.max(...jobs.map(({ wait }) => wait?.timeoutMs ?? toolPatienceMs(context))),
		// Each round is a try of its own: after a failed task the next one may submit.
		run: async (some, stop) =>
			await run(some, { ...settings, executionId: scope.newKey() }, { ...ports, stop }),
	});
}
