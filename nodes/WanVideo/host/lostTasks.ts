/**
 * What a run that n8n lost (kill -9, out of memory) left in n8n's database, brought into the journal before anything
 * is refused: from there on it is found, told and followed like every other paid task.
 */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Claims } from '../generation/claims';
import { inherited, isInterrupted } from '../generation/inheritance';
import { parseEntry, plan } from '../generation/journal';
import { claimsOf } from './claimsOfRun';
import { clock } from './clock';
import { noteSpent } from './paidTasks';
import { isTool, type Scope, scopeOf } from './scope';
import { callOf, endTurn, isWithoutExecution, journalOf, takeTurn } from './toolCalls';

/** An item, with the hash of its request as far as that is known. */
export interface Sought {
	item: number;
	requestHash?: string;
}

/** So long (ms) from its beginning a call waits for equal ones that are about to submit; then it goes on without an answer. */
const TURN_PATIENCE_MS = 30_000;

/** Asks for these items, each once in an execution. Never throws: without an answer all is as it was. */
export async function inheritLost(
	context: IExecuteFunctions,
	claims: Claims,
	scope: Scope,
	sought: readonly Sought[],
): Promise<void> {
	const turns = new Set<string>();
	try {
		const journal = journalOf(context);
		// A submit that was turned away, or whose task failed, may have been made anew since by a run that n8n lost.
		const isOpen = (slot: string) => {
			const entry = parseEntry(journal.read(slot));
			return isInterrupted(entry) || plan(entry, scope.executionId).do === 'submit';
		};
		const open = sought.flatMap(({ item, requestHash = '' }) => {
			// A tool's place is its request.
			if (isTool(context) && requestHash === '') return [];
			const slot = scope.slot(item, requestHash);
			if (!isOpen(slot)) return [];
			return [{ item, slot, requestHash, intent: scope.intent(item) }];
		});
		// Equal calls may be under way at once, and what one asks another would take for a claim.
		if (isWithoutExecution(context)) for (const { slot } of open) turns.add(slot);
		const { since } = callOf(context);
		const isLate = {
			get aborted() {
				return clock.now() >= since + TURN_PATIENCE_MS;
			},
		};
		for (const slot of turns) if (!(await takeTurn(context, slot, isLate))) return;
		const wanted = open.filter(({ slot }) => isOpen(slot));
		if (wanted.length === 0) return;
		const left = await claims.leftOf(wanted);
		for (const { item, slot, requestHash: request, intent } of wanted) {
			const other = claims.ofOthers.get(slot);
			if (other !== undefined) noteSpent(context, item, other.taskId);
			const lost = left.get(slot);
			if (lost === undefined || !isOpen(slot)) continue;
			const { executionId } = scope;
			const heir = { request, intent, key: scope.newKey(), executionId };
			const entry = inherited(lost, heir, clock.now(), parseEntry(journal.read(slot)));
			if (entry === undefined) continue;
			journal.write(slot, entry);
			claims.take(slot);
		}
	} catch {
		// Then it is asked just before the submit, as ever.
	} finally {
		for (const slot of turns) endTurn(context, slot);
	}
}

/** Before a fault of the run as a whole is told: of its items no request may be known. */
export async function inheritAll(
	context: IExecuteFunctions,
	properties: INodeProperties[],
): Promise<void> {
	const claimed = claimsOf(context);
	if (claimed === undefined) return;
	try {
		const scope = scopeOf(context, properties);
		const items = [...context.getInputData().keys()].map((item) => ({ item }));
		await inheritLost(context, claimed.claims, scope, items);
	} catch {
		// The fault itself must still be told.
	} finally {
		await claimed.end();
	}
}
