/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// A sandbox, a virtual clock and n8n's engine tied together: what an engine test starts from.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { forgetLearnt } from '../../nodes/WanVideo/host/accountExperience';
import { forgetJournals } from '../../nodes/WanVideo/host/newestJournal';
import { forgetSpent } from '../../nodes/WanVideo/host/toolBudget';
import { forgetAll } from '../../nodes/WanVideo/host/toolMemory';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox';
import {
	callOutside,
	type EngineRun,
	type NodeSetup,
	type OutsideCall,
	processedValues,
	type RunningEngine,
	retry,
	start,
	wake,
} from './engine';
import { installClock } from './engineClock';
import { VirtualClock } from './virtualClock';

export interface World {
	sandbox: Sandbox;
	clock: VirtualClock;
	/** Starts the node with the sandbox's credential; `parameters` go over those of a plain first-frame video. */
	start(setup?: Partial<NodeSetup>): RunningEngine;
	run(setup?: Partial<NodeSetup>): Promise<EngineRun>;
	/** A call of the tool outside of any execution; gives its answer. */
	callOutside(call: OutsideCall, setup?: Partial<NodeSetup>): Promise<IDataObject>;
	retry(failed: EngineRun, setup?: Partial<NodeSetup>): Promise<EngineRun>;
	/** Lets a paused execution sleep until its time, and go on. */
	wake(paused: EngineRun, setup?: Partial<NodeSetup>): Promise<EngineRun>;
	/** Runs, and wakes as often as it pauses. */
	runOn(setup?: Partial<NodeSetup>): Promise<{ run: EngineRun; pauses: number }>;
	/** Forgets tasks, requests and faults, takes a new clock, and n8n is a new one. */
	reset(): Promise<void>;
	close(): Promise<void>;
}

/** HTTP requests of this process that are not over: time stands still for them. */
const openRequests = new Set<ClientRequest>();
const REQUESTS = 'http.client.request.start';
function count(message: unknown): void {
	const { request } = message as { request: ClientRequest };
	openRequests.add(request);
	request.once('close', () => openRequests.delete(request));
}
// Node's own modules are the same for all test files of a process: each takes back what it has subscribed to.
beforeAll(() => subscribe(REQUESTS, count));
afterAll(() => unsubscribe(REQUESTS, count));

/** Parameters of the simplest video. */
export const FIRST_FRAME: IDataObject = {
	resource: 'video',
	operation: 'generate',
	generationMode: 'first_frame',
	firstFrameUrl: 'https://example.com/first_frame.jpg',
	prompt: 'A cat playing piano',
};

/** `count` items with a number each. */
export function items(count: number): INodeExecutionData[] {
	return Array.from({ length: count }, (_, number) => ({ json: { number } }));
}

const TOOL = { type: 'n8n-nodes-wan-video.wanVideoTool' };
const withTool = ({ settings, ...setup }: Partial<NodeSetup>): Partial<NodeSetup> => ({
	...setup,
	settings: { ...TOOL, ...settings },
});

/**
 * `passesSilence`: virtual time goes on over requests that the sandbox lets wait for ever, so that the node's own limits
 * end them; else it stands still for them, and the real limits of host/http.ts do.
 */
export async function startWorld(
	options: SandboxOptions = {},
	{ passesSilence = false } = {},
): Promise<World> {
	const sandbox = await startSandbox({
		clock: 'manual',
		video: 'sample',
		materials: 'trust',
		seed: 1,
		...options,
	});
	const credential = { apiKey: sandbox.key, baseUrl: sandbox.url };
	const setupOf = (setup: Partial<NodeSetup>): NodeSetup => ({
		credential,
		...setup,
		parameters: { ...FIRST_FRAME, ...setup.parameters },
	});
	const world: World = {
		sandbox,
		clock: newClock(sandbox, passesSilence),
		start: (setup = {}) => start(setupOf(setup)),
		run: async (setup = {}) => await start(setupOf(setup)).done,
		async callOutside(call, setup = {}) {
			const [{ json }] = await callOutside(setupOf(withTool(setup)), call);
			return json;
		},
		retry: async (failed, setup = {}) => await retry(failed, setupOf(setup)).done,
		async wake(paused, setup = {}) {
			await world.clock.pass(Math.max(0, (paused.wakesAt ?? 0) - world.clock.now()));
			return await wake(paused, setupOf(setup)).done;
		},
		async runOn(setup = {}) {
			let run = await world.run(setup);
			let pauses = 0;
			for (; run.status === 'waiting' && pauses < 100; pauses += 1)
				run = await world.wake(run, setup);
			return { run, pauses };
		},
		async reset() {
			await sandbox.reset();
			processedValues.clear();
			forgetAll();
			forgetLearnt();
			forgetSpent();
			forgetJournals();
			world.clock = newClock(sandbox, passesSilence);
			installClock(world.clock);
		},
		close: async () => await sandbox.close(),
	};
	installClock(world.clock);
	return world;
}

/** Both clocks show the same time, and go together. */
function newClock(sandbox: Sandbox, passesSilence: boolean): VirtualClock {
	return new VirtualClock(
		sandbox.clock.now(),
		async (ms) => await sandbox.clock.advance(ms),
		() => openRequests.size > (passesSilence ? sandbox.stalled() : 0) || isOutside(),
	);
}

/** What the event loop lists while it is asked for: a file read, written or closed, a name looked up, bytes on their way. */
const ASKED = /Req|(?:Connect|Write|Shutdown)Wrap/;

/** Whether the disk or the network has been asked for something: time stands still for n8n's store as well. */
function isOutside(): boolean {
	return process.getActiveResourcesInfo().some((name) => ASKED.test(name));
}

/** Paths of the requests the sandbox got, e.g. `POST /v1/videos/generations`. */
export function requestLines(sandbox: Sandbox): string[] {
	return sandbox.requests().map(({ method, path }) => `${method} ${path}`);
}

/** How many submits the sandbox got, whatever became of them. */
export function submits(sandbox: Sandbox): number {
	return requestLines(sandbox).filter((line) => line === 'POST /v1/videos/generations').length;
}
