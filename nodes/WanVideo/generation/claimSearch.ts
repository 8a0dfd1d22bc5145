/**
 * What runs that n8n lost left in the store of claims, and which names there are free. Asking changes nothing:
 * a question records what was not there, so that is taken out again.
 */
import {
	type Claimed,
	claimName,
	claimTexts,
	hasOtherId,
	idTexts,
	isClaimOf,
	type Lost,
	otherIdQuestions,
	readId,
	usualIdQuestions,
	VARIANTS,
} from './claimNames';

/** A set of texts that outlives the process. */
export interface ClaimStore {
	/** Puts all of them in; those that were there before come back. */
	record(texts: readonly string[]): Promise<ReadonlySet<string>>;
	remove(texts: readonly string[]): Promise<void>;
}

/** Which executions are one and the same to a claim. */
export interface Lineage {
	/** The first is this execution's and its retries'; claims of the others are found as well. */
	names: readonly string[];
	/** Whose claims under these names they are, where several share them: an agent's tools of one kind. */
	tool?: string;
	/** Under these names, each claim is as good as one's own: of tools of another kind. */
	others?: readonly string[];
	/** False where other executions may have the same name (n8n 1.x tells nothing that only a retry shares). */
	isOwn: boolean;
	/** Names this one execution, which n8n may run again after a process died. */
	execution: string;
	/** Whether a lost run may have left something: then it is asked before the first submit. */
	mayFollow: boolean;
	/** Where no execution ends that could take the claims out: each stays as long as its task may be asked for again. */
	outlives?: true;
}

/** What is there about an item. */
export interface Found {
	item: Claimed;
	lost: Lost;
	/** The name of a lost run's claim of it, and its texts; absent where another request has the place. */
	claim?: { name: string; texts: string[]; ids: string[] };
	/** The first name that is free, where another request has the place. */
	free?: string | undefined;
}

/** More are asked for in several calls: n8n does nothing else meanwhile (0.1 s each in a list of 5,000, measured). */
const QUESTIONS_AT_ONCE = 2_000;

/** Claims that a run of this process holds: where executions look alike, these are not a lost one's. */
const held = new Set<string>();

export class ClaimSearch {
	/** Why questions could not be taken out. They look like claims, so nothing may be claimed in that store any longer. */
	trouble: unknown;
	/** The questions that are in it still. */
	readonly leftovers: string[] = [];

	constructor(
		private readonly store: ClaimStore,
		private readonly lineage: Lineage,
	) {}

	/** The name of a new claim. */
	newName(item: Claimed): string {
		return this.namesOf(this.lineage.names[0], item)[0];
	}

	/** The texts of a claim by this execution. */
	textsOf(item: Claimed, name: string): string[] {
		return [...this.claimOf(item, name), ...this.witnessesOf(item)];
	}

	hold(name: string): void {
		if (!this.lineage.isOwn) held.add(name);
	}

	letGo(name: string): void {
		held.delete(name);
	}

	/** Whether a claim that is there may be this execution's own. */
	isOurs(item: Claimed, there: ReadonlySet<string>): boolean {
		return this.lineage.isOwn || there.has(this.witness(item));
	}

	/** A name that no claim has yet, if there is one. */
	async freeName(item: Claimed): Promise<string | undefined> {
		return this.firstFree(item, await this.takenOf([item]));
	}

	/** Asks what is there of these, and reads the IDs of what is. */
	async lookFor(items: readonly Claimed[]): Promise<Found[]> {
		const taken = await this.takenOf(items);
		const seen = items.flatMap((item) => {
			const names = this.allNames(item);
			const own = names.find((one) => this.isLostOne(one, item, taken));
			const name = own ?? names.find((one) => taken.has(one));
			return name === undefined ? [] : { item, name, isOwn: own !== undefined };
		});
		const ids = await this.idsOf(
			seen.flatMap(({ name, isOwn }) => (isOwn || this.lineage.isOwn ? name : [])),
		);
		return seen.map(({ item, name, isOwn }) => {
			const taskId = ids.get(name);
			const lost = taskId === undefined ? {} : { taskId };
			// A place that another request has taken is not taken from it.
			if (!isOwn) return { item, lost, free: this.firstFree(item, taken) };
			const texts = this.claimOf(item, name).filter((text) => taken.has(text));
			const claim = { name, texts, ids: taskId === undefined ? [] : idTexts(name, taskId) };
			return { item, lost, claim };
		});
	}

	/** The IDs that were kept under these names. */
	private async idsOf(names: readonly string[]): Promise<Map<string, string>> {
		const usual = await this.ask(names.flatMap(usualIdQuestions));
		const unusual = names.filter((name) => hasOtherId(name, usual));
		const all = new Set([...usual, ...(await this.ask(unusual.flatMap(otherIdQuestions)))]);
		return new Map(
			names.flatMap((name): Array<[string, string]> => {
				const taskId = readId(name, all);
				return taskId === undefined ? [] : [[name, taskId]];
			}),
		);
	}

	private isLostOne(name: string, item: Claimed, taken: ReadonlySet<string>): boolean {
		const { isOwn, mayFollow } = this.lineage;
		// Which looks alike may be a run that goes on, and only a retry may take it for a lost one.
		const isFree = isOwn || (!held.has(name) && (mayFollow || taken.has(this.witness(item))));
		if (!isFree || !taken.has(name)) return false;
		return this.others(item).includes(name) || isClaimOf(name, this.known(item), taken);
	}

	private async takenOf(items: readonly Claimed[]): Promise<ReadonlySet<string>> {
		return await this.ask(
			items.flatMap((item) => [
				...this.allNames(item).flatMap((name) => this.claimOf(item, name)),
				...this.witnessesOf(item),
			]),
		);
	}

	private async ask(questions: readonly string[]): Promise<ReadonlySet<string>> {
		const there = new Set<string>();
		for (let from = 0; from < questions.length; from += QUESTIONS_AT_ONCE) {
			const some = questions.slice(from, from + QUESTIONS_AT_ONCE);
			const found = await this.store.record(some);
			for (const text of found) there.add(text);
			const wrong = some.filter((text) => !found.has(text));
			if (wrong.length > 0) await this.takeOut(wrong);
		}
		return there;
	}

	/** What is known is known, whatever becomes of the questions; a store that keeps one is not asked to take out another. */
	private async takeOut(wrong: readonly string[]): Promise<void> {
		if (this.trouble === undefined)
			await this.store.remove(wrong).catch((error: unknown) => (this.trouble = error));
		if (this.trouble !== undefined) this.leftovers.push(...wrong);
	}

	/** A tool's place is its request already, so what remains to tell is the tool. */
	private known(item: Claimed): Claimed {
		const { tool } = this.lineage;
		return tool === undefined ? item : { ...item, requestHash: tool, intent: tool };
	}

	private claimOf(item: Claimed, name: string): string[] {
		return claimTexts(name, this.known(item));
	}

	/** That this very execution has claimed it; needed only where others may look like it. */
	private witnessesOf(item: Claimed): string[] {
		return this.lineage.isOwn ? [] : [this.witness(item)];
	}

	private witness({ slot }: Claimed): string {
		return claimName(`execution ${this.lineage.execution}`, slot, 0);
	}

	private firstFree(item: Claimed, taken: ReadonlySet<string>): string | undefined {
		return this.namesOf(this.lineage.names[0], item).find((name) => !taken.has(name));
	}

	private allNames(item: Claimed): string[] {
		const own = this.lineage.names.flatMap((lineage) => this.namesOf(lineage, item));
		return [...own, ...this.others(item)];
	}

	private others(item: Claimed): string[] {
		return (this.lineage.others ?? []).flatMap((lineage) => this.namesOf(lineage, item));
	}

	private namesOf(lineage: string, { slot }: Claimed): string[] {
		return Array.from({ length: VARIANTS }, (_, index) => claimName(lineage, slot, index + 1));
	}
}
