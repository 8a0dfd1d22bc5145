/**
 * Billed seconds of an agent's tool calls, over all calls of an execution; without an execution over those of an
 * hour. A model may call again and again, so a cap for each call would be none.
 */
import { clock } from './clock';
import { type Caller, REMEMBERED_MS } from './toolMemory';

const MOST_SCOPES = 1_000;

/** By execution, or by place outside of executions: the seconds of each wish. */
const spent = new Map<string, Map<string, { seconds: number; at: number }>>();

/**
 * Sets the seconds of a wish aside, in one breath with the question whether they fit: calls go on side by side.
 * Gives what has been set aside before, when they do not fit. A wish counts once for each tool that submits it.
 */
export function setAside(
	caller: Caller,
	wish: string,
	seconds: number,
	cap: number | undefined,
): { ok: true } | { ok: false; spentSeconds: number } {
	const wishes = wishesOf(caller);
	const own = ownWish(caller, wish);
	if (wishes.has(own)) return { ok: true };
	const spentSeconds = [...wishes.values()].reduce((sum, one) => sum + one.seconds, 0);
	if (cap !== undefined && spentSeconds + seconds > cap) return { ok: false, spentSeconds };
	wishes.set(own, { seconds, at: clock.now() });
	return { ok: true };
}

/** The wish cost nothing. */
export function giveBack(caller: Caller, wish: string): void {
	wishesOf(caller).delete(ownWish(caller, wish));
}

/** Two tools that both submit it pay for it twice. */
function ownWish({ tool }: Caller, wish: string): string {
	return `${tool}\n${wish}`;
}

/** As after a restart of n8n. */
export function forgetSpent(): void {
	spent.clear();
}

function wishesOf({
	place,
	executionId,
	tool,
}: Caller): Map<string, { seconds: number; at: number }> {
	// Of n8n's Agents nothing but the name of the tool is known.
	const outside = place.startsWith(':') ? tool : '';
	const key = [place, executionId ?? outside].join('\n');
	const wishes = new Map(spent.get(key));
	if (executionId === undefined) {
		for (const [wish, { at }] of wishes) if (clock.now() - at >= REMEMBERED_MS) wishes.delete(wish);
	}
	// Anew at the end of the map, so that the first one is always the oldest.
	spent.delete(key);
	spent.set(key, wishes);
	const [oldest] = spent.keys();
	if (spent.size > MOST_SCOPES) spent.delete(oldest);
	return wishes;
}
