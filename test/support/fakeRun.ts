/** A run of the node without n8n: the real conductor over a virtual clock, a ledger, a store and a media host in memory. */
import type { Experience } from '../../nodes/WanVideo/generation/experience';
import type { Job, KnownTask, Outcome } from '../../nodes/WanVideo/generation/outcome';
import type { KeyPurpose, Ports, Witness } from '../../nodes/WanVideo/generation/ports';
import { follow, run, type RunSettings } from '../../nodes/WanVideo/generation/run';
import type { GenerationBody } from '../../nodes/WanVideo/evolink/wire';
import { MemoryNotices, MemoryShelf, MemoryStore } from './builders';
import { FakeClock, FakeStop } from './fakeClock';
import { FakeEvoLink, type SubmitPlan } from './fakeEvoLink';
import type { Death } from './death';
import type { Troubles } from './troubledPorts';
import { type FakeBody, type FakeFile, FakeVideos, type MediaPlan } from './fakeVideos';

export interface FakeRunPlan {
	/** What each POST meets; the last one again and again. A function may look at the body. */
	submits?: SubmitPlan[] | ((post: number, body: GenerationBody) => SubmitPlan);
	media?: MediaPlan[];
}

/** One n8n execution history: tries share clock, ledger and journal; each try may have its own Stop. */
export class FakeRun {
	readonly clock = new FakeClock();
	readonly evolink: FakeEvoLink;
	readonly journal = new MemoryStore();
	readonly notices = new MemoryNotices();
	readonly videos: FakeVideos;
	private readonly shelves = new Map<string, MemoryShelf<FakeFile>>();
	stop = new FakeStop();
	/** Given: lets one call of one port fail. */
	troubles: Troubles | undefined;
	/** Given: the process may die. */
	death: Death | undefined;
	claims: Witness | undefined;
	experience: Experience | undefined;
	/** What each new key was for. */
	readonly purposes: KeyPurpose[] = [];
	private keys = 0;

	constructor({ submits = [{ answer: 'accepted' }], media = [{}] }: FakeRunPlan = {}) {
		this.evolink = new FakeEvoLink(
			this.clock,
			typeof submits === 'function'
				? submits
				: (post) => submits[Math.min(post, submits.length - 1)],
		);
		this.videos = new FakeVideos(media);
	}

	/** One try of the node. */
	async try(
		jobs: readonly Job[],
		settings: Partial<RunSettings> = {},
	): Promise<Array<Outcome<FakeFile>>> {
		const whole = { executionId: '7', keepGoing: true, concurrency: 20, ...settings };
		const { troubles } = this;
		const meant = jobs.map((job) => troubles?.job(job) ?? job);
		return await run<FakeFile, FakeBody>(meant, whole, this.ports(whole.executionId));
	}

	/** 'Task: Wait' over known tasks. */
	async follow(
		tasks: readonly KnownTask[],
		settings: Partial<Omit<RunSettings, 'executionId'>> = {},
	): Promise<Array<Outcome<FakeFile>>> {
		return await follow<FakeFile, FakeBody>(
			tasks,
			{ keepGoing: true, concurrency: 20, ...settings },
			this.ports('7'),
		);
	}

	/** n8n deletes files with their execution, so each has a shelf of its own. */
	private ports(executionId: string): Ports<FakeFile, FakeBody> {
		const { evolink, videos, journal, clock, stop, notices } = this;
		const shelf = this.shelves.get(executionId) ?? new MemoryShelf<FakeFile>();
		this.shelves.set(executionId, shelf);
		const ports: Ports<FakeFile, FakeBody> = {
			client: evolink,
			...{ videos, shelf, journal, clock, stop, notices },
			newKey: (purpose) => {
				this.purposes.push(purpose);
				return `key-${(this.keys += 1)}`;
			},
		};
		const { death, claims, experience } = this;
		if (death !== undefined) {
			ports.client = death.port('client', evolink);
			ports.videos = death.port('videos', videos);
			ports.clock = death.port('clock', clock);
		}
		if (claims !== undefined) ports.claims = claims;
		if (experience !== undefined) ports.experience = experience;
		return this.troubles?.ports(ports) ?? ports;
	}
}
