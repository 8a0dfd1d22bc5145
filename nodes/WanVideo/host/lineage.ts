/** What an execution shares with its retries and with nobody else. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { fieldOf } from '../evolink/foreign';
import type { Lineage } from '../generation/claimSearch';
import { fingerprint } from '../generation/fingerprint';
import { clock } from './clock';
import { isMadeUp, runsIn } from './runs';
import { callerOf } from './toolCalls';
import { resumeUrlOf } from './wake';

/**
 * In n8n 2.x it is the token of the resume address, which is stored with an execution's start (run on 2.41).
 * n8n 1.x has nothing of the kind; there the data that started it has to do, which other executions may
 * share. Engine 2.0 runs a step again under the same execution ID.
 */
export function lineageOf(context: IExecuteFunctions, place: string): Lineage {
	const own = ownName(context);
	return {
		names: [`${place}/${own ?? `start/${startOf(context)}`}`],
		isOwn: own !== undefined,
		execution: `${place}/${context.getExecutionId()}`,
		mayFollow: context.getMode() === 'retry',
	};
}

/** Three times this long (ms), and at least twice, a call outside of executions finds what an equal one left. */
const CALLS_SHARE_MS = 1_200_000;

/**
 * Calls of one tool and account over MCP are one another's, also after a restart: for up to an hour, as in memory.
 * So are those of Submit and Generate.
 */
export function lineageOfCalls(context: IExecuteFunctions): Lineage {
	const { place, tool, operation } = callerOf(context);
	const time = Math.floor(clock.now() / CALLS_SHARE_MS);
	const callsOf = (work: string) => [0, 1, 2].map((ago) => `calls/${place}/${work}/${time - ago}`);
	return {
		names: callsOf(operation),
		tool,
		others: callsOf(operation === 'submit' ? 'generate' : 'submit'),
		...{ isOwn: true, execution: place, mayFollow: true, outlives: true },
	};
}

/** Nothing in n8n 1.x. */
export function ownName(context: IExecuteFunctions): string | undefined {
	const id = context.getExecutionId();
	if (isEngine2(id)) return `execution/${id}`;
	const token = resumeUrlOf(context)?.searchParams.get('signature');
	return typeof token === 'string' && token !== '' ? `token/${token}` : undefined;
}

/** Engine 2.0 names executions by UUIDs, engine 1 by numbers (n8n 2.41). */
export function isEngine2(executionId: unknown): boolean {
	return typeof executionId === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(executionId);
}

/**
 * A hash of the data that the execution began with. The first node is the one that no other came before: two may start
 * in one millisecond, and of a killed execution n8n makes the runs up in the order of the workflow's file.
 */
function startOf(context: IExecuteFunctions): string {
	const firsts = Object.entries(runsIn(context)).flatMap(([name, runs]) => {
		const run = runs.find((one) => !isMadeUp(one));
		const begunAt = fieldOf(run, 'startTime');
		if (typeof begunAt !== 'number') return [];
		const index = fieldOf(run, 'executionIndex');
		const order = typeof index === 'number' ? index : 0;
		return { name, isBehind: isBehind(run), order, begunAt, data: fieldOf(run, 'data') };
	});
	const [first] = firsts.sort(
		(a, b) => Number(a.isBehind) - Number(b.isBehind) || a.order - b.order || a.begunAt - b.begunAt,
	);
	return fingerprint(first === undefined ? {} : { name: first.name, data: first.data });
}

/** Whether another node handed its items to this run. */
function isBehind(run: unknown): boolean {
	const source = fieldOf(run, 'source');
	return Array.isArray(source) && source.some((one) => fieldOf(one, 'previousNode') !== undefined);
}
