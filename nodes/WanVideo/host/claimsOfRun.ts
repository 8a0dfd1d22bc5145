/**
 * The second witness in n8n: its list of processed values ("Remove Duplicates"), a set of hashes that lies in
 * n8n's database, is written at once, and outlives a kill, a restart and an upgrade (run on n8n 1.123 and 2.41).
 */
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { Claims } from '../generation/claims';
import type { ClaimStore, Lineage } from '../generation/claimSearch';
import { clock } from './clock';
import { atEndOfExecution } from './executionEnd';
import { lineageOf, lineageOfCalls } from './lineage';
import { isWithoutExecution } from './toolCalls';

/** A batch of 200 needs 5,000; the oldest make room. */
const KEPT_TEXTS = 50_000;
/** n8n does not lock its list, so calls about one node wait for one another, but not for ever (ms). */
const TURN_MS = 1_000;

/** By node and execution, over tries and loops, until n8n has what came of it. */
const running = new Map<string, Running>();
const turns = new Map<string, Promise<unknown>>();

interface Running {
	claims: Claims;
	/** Runs of the node under way. */
	runs: number;
	/** What n8n has written of the execution, once it has. */
	status?: string;
}

/** The claims of a run. `end` must be called when the run is over, whatever came of it. */
export interface ClaimsOfRun {
	claims: Claims;
	end(): Promise<void>;
}

/** The claims of this node in this execution; nothing where n8n has no place for them. */
export function claimsOf(context: IExecuteFunctions): ClaimsOfRun | undefined {
	try {
		const place = placeOf(context);
		if (place === undefined) return undefined;
		// A call over MCP has no execution that could end and take its claims out.
		if (isWithoutExecution(context)) {
			const claims = newClaims(context, place, lineageOfCalls(context));
			return { claims, end: async () => await Promise.resolve() };
		}
		const executionId = z.string().min(1).safeParse(context.getExecutionId());
		if (!executionId.success) return undefined;
		const key = `${place}/${executionId.data}`;
		const known = running.get(key) ?? begin(context, place, key);
		known.runs += 1;
		return {
			claims: known.claims,
			async end() {
				known.runs -= 1;
				if (known.runs === 0 && known.status !== undefined) await release(key, known);
			},
		};
	} catch {
		return undefined;
	}
}

function newClaims(context: IExecuteFunctions, place: string, lineage: Lineage): Claims {
	return new Claims({
		...{ store: storeOf(context, place), lineage, clock },
		complain: (reason) =>
			context.logger.warn(
				`Wan Video ("${context.getNode().name}"): what is submitted cannot be kept in n8n's database (${reason}). The run goes on; only a kill of n8n would lose track of its tasks.`,
			),
	});
}

function begin(context: IExecuteFunctions, place: string, key: string): Running {
	const claims = newClaims(context, place, lineageOf(context, place));
	const begun: Running = { claims, runs: 0 };
	running.set(key, begun);
	const isHeard = atEndOfExecution(context, async (status) => {
		begun.status = status;
		if (begun.runs === 0) await release(key, begun);
	});
	// Then the end of the node has to do.
	if (!isHeard) begun.status = 'unknown';
	return begun;
}

async function release(key: string, { claims, status }: Running): Promise<void> {
	running.delete(key);
	await claims.release(status === 'success');
}

/**
 * The workflow and the node; of calls over MCP the workflow, as its tools share a task. n8n's own Agents have no
 * workflow, and no place for claims.
 */
function placeOf(context: IExecuteFunctions): string | undefined {
	const { id } = context.getWorkflow();
	if (id === undefined || id === '') return undefined;
	return isWithoutExecution(context) ? id : `${id}/${context.getNode().id}`;
}

function storeOf(context: IExecuteFunctions, place: string): ClaimStore {
	const { helpers } = context;
	const scope = isWithoutExecution(context) ? 'workflow' : 'node';
	async function inTurn<T>(work: () => Promise<T>): Promise<T> {
		const before = turns.get(place) ?? Promise.resolve();
		const over = { aborted: false };
		const mine = Promise.race([before, clock.sleep(TURN_MS, over)])
			.finally(() => (over.aborted = true))
			.then(work);
		const settled = mine.catch(() => undefined);
		turns.set(place, settled);
		try {
			return await mine;
		} finally {
			if (turns.get(place) === settled) turns.delete(place);
		}
	}
	return {
		async record(texts) {
			const options = { mode: 'entries', maxEntries: KEPT_TEXTS } as const;
			const ask = async () => await helpers.checkProcessedAndRecord([...texts], scope, options);
			// Of two processes that make the list at the same time, one fails, and finds it the second time.
			const { processed } = await inTurn(async () => await ask().catch(ask));
			return new Set(processed.map(String));
		},
		async remove(texts) {
			await inTurn(
				async () => await helpers.removeProcessed([...texts], scope, { mode: 'entries' }),
			);
		},
	};
}
