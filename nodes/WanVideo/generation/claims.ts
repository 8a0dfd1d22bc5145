/**
 * The second witness of what was submitted. The journal lies in the execution, which n8n writes when it ends
 * or sleeps; a claim lies in n8n's database before the POST goes out, and is left behind when n8n itself dies.
 * It only ever keeps a submit back: where the store fails, is slow or has lost something, all goes on without it.
 */
import { type Claimed, idTexts, type Lost } from './claimNames';
import { ClaimSearch, type ClaimStore, type Lineage } from './claimSearch';
import { PatientStore } from './patientStore';
import type { Clock, Witness } from './ports';

export interface ClaimNeeds {
	store: ClaimStore;
	lineage: Lineage;
	clock: Clock;
	/** Said once, to the log. */
	complain(text: string): void;
}

/**
 * Nobody waits longer (ms) for one answer of the store. In a retry a lost run is likely, and what is not found of it
 * is paid for again. n8n looks through its whole list for each text that it takes out: for 200 items that is 2 seconds
 * in all (measured), in dozens of calls.
 */
const PATIENCE_MS = { usual: 2_000, inRetry: 20_000 };
/** Submits claimed with one call: those that the window lets out next, and no more. */
const AHEAD = 8;
/** So long (ms) a submit waits for those to be claimed with it that may come to the line: tasks that were submitted one by one end so. */
const COMPANY_MS = 400;
/** So long (ms) IDs are gathered, so that a window of them is one call. A kill within it loses them (told as unknown). */
const GATHER_MS = 2_000;
/** Written again with each call, in case another process has just overwritten them. */
const WRITTEN_AGAIN = 160;

/** The claims of one node in one execution, over all its runs and tries. */
export class Claims implements Witness {
	/** Names by place, of claims that are recorded or about to be. */
	private readonly mine = new Map<string, string>();
	/** Names by place, for places that another request has taken. */
	private readonly reserved = new Map<string, string>();
	/** By place, the call that records its claim. */
	private readonly claiming = new Map<string, Promise<void>>();
	private readonly lost = new Map<string, Lost>();
	private readonly strange = new Map<string, Lost>();
	/** What was asked for; it is not asked again. */
	private readonly sought = new Set<string>();
	private texts: string[] = [];
	/** Of lost runs, by place: they stay until a retry has brought what they are about. */
	private readonly adopted = new Map<string, string[]>();
	private readonly brought = new Set<string>();
	/** Places whose last try cost nothing: their claims are never worth keeping. */
	private readonly costNothing = new Set<string>();
	private readonly idsOf = new Map<string, string[]>();
	/** Items that have their outcome; those that are claimed and have none are on their way. */
	private readonly ended = new Set<string>();
	private expected: Claimed[] = [];
	/** Who stands in line for a submit: not yet claimed, and about to be sent. */
	private line: Claimed[] = [];
	private asked: Promise<void> | undefined;
	private unsaved: string[] = [];
	private turn: Promise<void> = Promise.resolve();
	private isGathering = false;
	private isBroken = false;
	private isReleased = false;
	private readonly store: PatientStore;
	private readonly search: ClaimSearch;

	constructor(private readonly needs: ClaimNeeds) {
		const { lineage, clock } = needs;
		const patienceMs = lineage.mayFollow ? PATIENCE_MS.inRetry : PATIENCE_MS.usual;
		this.store = new PatientStore(needs.store, clock, patienceMs);
		this.search = new ClaimSearch(this.store, lineage);
	}

	/** What a run may submit, in its order. */
	expect(items: readonly Claimed[]): void {
		this.expected = [...items];
		this.asked = undefined;
	}

	/**
	 * What a run that n8n lost left of this place. Asked for all that are expected at once, and only where a lost
	 * run is likely, unless `isSure` asks: before an item is said to have cost nothing.
	 */
	async lostAt(slot: string, isSure = false): Promise<Lost | undefined> {
		if (!this.mayFollow && !isSure) return undefined;
		this.asked ??= this.within(this.find(this.expected));
		await this.asked;
		return this.take(slot);
	}

	/** Whether a lost run is likely, so that it is worth asking before anything else is done. */
	get mayFollow(): boolean {
		return this.needs.lineage.mayFollow;
	}

	/** What lost runs left of these, by place; who has it in the journal says so by `take`. */
	async leftOf(items: readonly Claimed[]): Promise<ReadonlyMap<string, Lost>> {
		await this.within(this.find(items));
		return this.lost;
	}

	/** Submits of other requests in these places, by an execution that this one retries. They are told, never followed. */
	get ofOthers(): ReadonlyMap<string, Lost> {
		return this.strange;
	}

	/** Stands in line for a submit. Who does not yet is not claimed: after a kill it is submitted like any other. */
	comes(item: Claimed): void {
		if (!this.mine.has(item.slot)) this.line.push(item);
	}

	/** Before a submit: its claim is recorded, or there is a lost run's. */
	async before(item: Claimed): Promise<Lost | undefined> {
		this.ended.delete(item.slot);
		this.costNothing.delete(item.slot);
		if (this.isBroken) return this.take(item.slot);
		// What nobody has been told yet is not this submit's to forget.
		const isTold = !this.lost.has(item.slot);
		const old = this.idsOf.get(item.slot);
		if (isTold && this.adopted.has(item.slot)) await this.within(this.letGo(item));
		else if (isTold && old !== undefined) await this.within(this.forget(item.slot, old));
		// Tasks of one length end together, and their successors come within a moment: one call for them.
		if (!this.mine.has(item.slot) && this.texts.length > 0 && this.mayHaveCompany(item))
			await this.needs.clock.sleep(COMPANY_MS);
		if (!this.mine.has(item.slot)) void this.claim(this.nextFrom(item));
		await this.claiming.get(item.slot);
		return this.take(item.slot);
	}

	/** The task of a claim is known. */
	accepted(slot: string, taskId: string): void {
		const name = this.mine.get(slot);
		if (name === undefined || this.isBroken) return;
		const texts = idTexts(name, taskId);
		this.idsOf.set(slot, texts);
		this.unsaved.push(...texts);
		// With nobody else on the way there is nothing to gather.
		if (!this.isUnderWay) return void this.claim(this.nextInLine());
		if (this.isGathering) return;
		this.isGathering = true;
		void this.gather();
	}

	/** Whether a claimed submit has no answer yet. */
	private get isUnderWay(): boolean {
		return [...this.mine.keys()].some((one) => !this.idsOf.has(one) && !this.ended.has(one));
	}

	/** The IDs go with the next claims; where nobody stands in line, the last ones on their way are waited for, too. */
	private async gather(): Promise<void> {
		const wait = async () => await this.needs.clock.sleep(GATHER_MS).catch(() => undefined);
		await wait();
		if (this.nextInLine().length === 0 && this.isUnderWay) await wait();
		this.isGathering = false;
		await this.claim(this.nextInLine());
	}

	/** The item has its outcome: what it was paid for is brought, or nothing was paid. */
	over(slot: string, how: 'brought' | 'free' | 'open'): void {
		this.ended.add(slot);
		if (how !== 'open') this.brought.add(slot);
		// What nobody has taken yet is a lost run's, and may be paid for.
		if (how === 'free' && !this.lost.has(slot)) this.costNothing.add(slot);
		if (how === 'free' && this.needs.lineage.outlives === true) this.free(slot);
	}

	/** The next call with the same wish is a new one. */
	private free(slot: string): void {
		// What nobody has taken yet is not this call's to take out.
		if (this.lost.has(slot)) return;
		const isOf = this.textsAt(slot);
		const adopted = this.adopted.get(slot) ?? [];
		this.unsaved = this.unsaved.filter((text) => !isOf(text));
		// Without its name it would stand in line again, and be claimed for nobody.
		this.line = this.line.filter((one) => one.slot !== slot);
		for (const map of [this.mine, this.adopted, this.idsOf, this.claiming]) map.delete(slot);
		const remove = async () => await this.removeOwn([...this.texts.filter(isOf), ...adopted]);
		void this.within(this.inTurn(remove));
	}

	/** Tells the texts of this run's claim of a place. */
	private textsAt(slot: string): (text: string) => boolean {
		const name = this.mine.get(slot);
		return (text) => text === name || text.startsWith(`${name}|`);
	}

	/**
	 * Takes the claims out: the run's outcome is in n8n's hands. Those of a lost run go only when a retry that ends
	 * well has brought them. What a retry submitted stays until then too: the same execution can be retried again.
	 * What cost nothing goes in any case, or the next retry would follow it in place of a submit.
	 */
	async release(isSuccess: boolean): Promise<void> {
		const { isOwn, mayFollow } = this.needs.lineage;
		const keeps = isOwn && mayFollow && !isSuccess;
		const isFree = [...this.costNothing].map((slot) => this.textsAt(slot));
		const costNothing = (text: string) => isFree.some((isOf) => isOf(text));
		this.unsaved = this.unsaved.filter((text) => !costNothing(text));
		if (keeps && this.unsaved.length > 0) await this.claim([]);
		this.unsaved = [];
		const done = isSuccess ? this.brought : this.costNothing;
		const texts = [
			...(keeps ? this.texts.filter(costNothing) : this.texts),
			...[...done].flatMap((slot) => this.adopted.get(slot) ?? []),
		];
		this.texts = [];
		this.isReleased = true;
		for (const name of this.mine.values()) this.search.letGo(name);
		this.mine.clear();
		this.expected = [];
		this.line = [];
		if (texts.length > 0 || this.search.leftovers.length > 0)
			await this.within(this.takeOut([...texts, ...this.search.leftovers.splice(0)]));
	}

	/** Also from a store that has failed before: what stays behind, a retry would believe. */
	private async takeOut(texts: readonly string[]): Promise<void> {
		await this.turn;
		await this.store.remove(texts);
	}

	/** Claims that the store kept after they were given up are this run's like the others. */
	private readonly isKept = (fresh: string[]): void => {
		this.texts.push(...fresh);
		if (this.isReleased && !this.mayFollow) void this.within(this.takeOut(this.texts.splice(0)));
	};

	private async claim(items: readonly Claimed[]): Promise<void> {
		const claiming = this.within(this.save(items));
		for (const { slot } of items) this.claiming.set(slot, claiming);
		await claiming;
	}

	/** What is left of a lost run is told once: who asks again goes on from there. */
	take(slot: string): Lost | undefined {
		const lost = this.lost.get(slot);
		this.lost.delete(slot);
		return lost;
	}

	/** This one, and the next in line. */
	private nextFrom(item: Claimed): Claimed[] {
		const rest = this.nextInLine().filter(({ slot }) => slot !== item.slot);
		return [item, ...rest].slice(0, AHEAD);
	}

	/** Whether there is room in its call, and an item of the run has not come to the line yet. */
	private mayHaveCompany(item: Claimed): boolean {
		const next = this.nextFrom(item);
		if (next.length >= AHEAD) return false;
		const come = new Set(next.map(({ slot }) => slot));
		const hasCome = (slot: string) => come.has(slot) || this.mine.has(slot) || this.ended.has(slot);
		return this.expected.some(({ slot }) => !hasCome(slot));
	}

	private nextInLine(): Claimed[] {
		this.line = this.line.filter(({ slot }) => !this.mine.has(slot));
		return this.line.slice(0, AHEAD);
	}

	/** One call: the claims of these, and the IDs that have become known. */
	private async save(items: readonly Claimed[]): Promise<void> {
		const names = new Map(
			items.map((item) => [item, this.reserved.get(item.slot) ?? this.search.newName(item)]),
		);
		for (const [{ slot }, name] of names) this.hold(slot, name);
		await this.inTurn(async () => {
			const ids = this.unsaved.splice(0);
			const claims = [...names].flatMap(([item, name]) => this.search.textsOf(item, name));
			const fresh = [...claims, ...ids];
			if (fresh.length === 0) return;
			const again = this.texts.slice(-WRITTEN_AGAIN);
			const there = await this.store.record([...again, ...fresh], this.isKept);
			this.texts.push(...fresh.filter((text) => !there.has(text)));
			for (const [item, name] of names) if (there.has(name)) await this.settle(item, there);
		});
	}

	/** The place is taken: by a lost run of this execution, or by one that looks like it. */
	private async settle(item: Claimed, there: ReadonlySet<string>): Promise<void> {
		const { search } = this;
		const name = this.mine.get(item.slot) ?? '';
		this.mine.delete(item.slot);
		search.letGo(name);
		await this.removeOwn(search.textsOf(item, name).filter((text) => !there.has(text)));
		if (search.isOurs(item, there)) await this.lookFor([item]);
		if (this.lost.has(item.slot)) return;
		const free = await search.freeName(item);
		if (free === undefined) return;
		this.hold(item.slot, free);
		const texts = search.textsOf(item, free);
		await this.store.record(texts, this.isKept);
		this.texts.push(...texts);
	}

	private async find(items: readonly Claimed[]): Promise<void> {
		const open = items.filter((item) => !this.mine.has(item.slot) && !this.sought.has(keyOf(item)));
		if (open.length === 0) return;
		await this.inTurn(async () => await this.lookFor(open));
		for (const item of open) this.sought.add(keyOf(item));
	}

	private async lookFor(items: readonly Claimed[]): Promise<void> {
		for (const { item, lost, claim, free } of await this.search.lookFor(items)) {
			const { slot } = item;
			if (claim === undefined) {
				if (free !== undefined) this.reserved.set(slot, free);
				if (this.needs.lineage.isOwn) this.strange.set(slot, lost);
				continue;
			}
			this.lost.set(slot, lost);
			this.hold(slot, claim.name);
			this.adopted.set(slot, [...claim.texts, ...claim.ids]);
			this.idsOf.set(slot, claim.ids);
		}
	}

	/**
	 * What a lost run left of a task that has failed since makes room for a claim of this run's own. Where its ID is
	 * gone, another run has made that room already, and what it left instead is told.
	 */
	private async letGo(item: Claimed): Promise<void> {
		const { slot } = item;
		const texts = this.adopted.get(slot) ?? [];
		const ids = this.idsOf.get(slot) ?? [];
		for (const map of [this.mine, this.adopted, this.idsOf, this.claiming]) map.delete(slot);
		await this.inTurn(async () => {
			const there = await this.store.record(ids);
			if (ids.every((id) => there.has(id))) return await this.store.remove(texts);
			await this.store.remove(ids.filter((id) => !there.has(id)));
			await this.lookFor([item]);
		});
	}

	private async forget(slot: string, texts: readonly string[]): Promise<void> {
		this.idsOf.delete(slot);
		this.unsaved = this.unsaved.filter((text) => !texts.includes(text));
		await this.inTurn(async () => await this.removeOwn(texts));
	}

	private async removeOwn(texts: readonly string[]): Promise<void> {
		for (const text of texts) {
			const index = this.texts.indexOf(text);
			if (index >= 0) this.texts.splice(index, 1);
		}
		if (texts.length > 0) await this.store.remove(texts);
	}

	private hold(slot: string, name: string): void {
		this.mine.set(slot, name);
		this.search.hold(name);
	}

	/** One call after the other: each knows what the one before has done. Where one has failed, nobody waits for the next. */
	private async inTurn(work: () => Promise<void>): Promise<void> {
		const mine = this.turn.then(async () => {
			if (!this.isBroken) await work();
			if (this.search.trouble !== undefined) this.fail(this.search.trouble);
		});
		this.turn = mine.catch((error: unknown) => this.fail(error));
		await mine;
	}

	/** Never throws: without a second witness all goes on as it would without one. */
	private async within(work: Promise<void>): Promise<void> {
		if (this.isBroken) return void work.catch(() => undefined);
		await work.catch((error: unknown) => this.fail(error));
	}

	private fail(error: unknown): void {
		if (!this.isBroken) this.needs.complain(error instanceof Error ? error.message : String(error));
		this.isBroken = true;
	}
}

function keyOf({ slot, requestHash, intent }: Claimed): string {
	return [slot, requestHash, intent].join('\n');
}
