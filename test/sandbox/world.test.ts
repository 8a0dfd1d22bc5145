// The tasks of the sandbox by themselves: legal steps, one settlement each, credits that add up
// whatever happens in whatever order.

import * as fc from 'fast-check';
import { Accounts } from '../../sandbox/accounts';
import { Clock } from '../../sandbox/clock';
import { TASK_STATES, wan27ImageToVideo } from '../../sandbox/contract';
import type { Submission } from '../../sandbox/submission';
import { defaultSwitches } from '../../sandbox/switches';
import { World, type Ending, type Task } from '../../sandbox/world';

const COMPLETED: Ending = { state: 'completed' };
const CANCELLED: Ending = { state: 'cancelled' };
const FAILED: Ending = { state: 'failed', error: { code: 'service_error', message: '' } };
const ENDINGS = [COMPLETED, CANCELLED, FAILED];
const SUBMISSION: Submission = {
	model: wan27ImageToVideo,
	mode: 'first_frame',
	materials: [],
	duration: 5,
	quality: '720p',
	keepsSound: false,
	prompt: '',
	callbackUrl: undefined,
};
const SECONDS = { output: 5, input: 0 };
const VIDEO = { path: '', bytes: 0, etag: '', durationSeconds: 5 };

function makeWorld(credits = 1000) {
	const clock = new Clock('manual');
	const accounts = new Accounts();
	const key = accounts.add({ key: 'sk-test', credits });
	const ended: Task[] = [];
	const options = { taskSeconds: 60, progress: 'linear', seed: 1 } as const;
	const world = new World(clock, accounts, defaultSwitches(), options, (task) => {
		ended.push(task);
		return Promise.resolve();
	});
	const create = (ending: Ending): Task =>
		world.create({
			key,
			body: {},
			submission: SUBMISSION,
			idempotencyKey: undefined,
			ending,
			reserve: SECONDS,
			made: SECONDS,
			video: Promise.resolve(VIDEO),
		});
	return { clock, accounts, key, world, ended, create };
}

describe('the tasks of the sandbox', () => {
	it('a task that has ended cannot end again', async () => {
		const { world, create } = makeWorld();
		for (const first of ENDINGS) {
			for (const second of ENDINGS) {
				const task = create(COMPLETED);
				await world.end(task, first);
				await expect(world.end(task, second)).rejects.toThrow('cannot go from');
			}
		}
	});

	it('more than there is cannot be reserved', () => {
		const { create } = makeWorld(30);
		create(COMPLETED);
		expect(() => create(COMPLETED)).toThrow('more credits than there are');
	});

	it('its state follows the clock without being looked at', async () => {
		const { clock, world, create } = makeWorld();
		create(COMPLETED);
		const states = [];
		for (const seconds of [0, 4, 55, 1]) {
			await clock.advance(seconds * 1_000);
			states.push(world.tasks[0]?.state);
		}
		expect(states).toEqual(['pending', 'processing', 'processing', 'completed']);
	});

	it('whatever happens, each task is settled once and the credits add up', async () => {
		const step = fc.oneof(
			fc.record({ do: fc.constant('create' as const), ending: fc.constantFrom(...ENDINGS) }),
			fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 0, max: 90 }) }),
			fc.record({
				do: fc.constant('end' as const),
				at: fc.nat(20),
				ending: fc.constantFrom(...ENDINGS),
			}),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
				const { clock, key, world, ended, create } = makeWorld();
				for (const one of steps) {
					if (one.do === 'create') create(one.ending);
					else if (one.do === 'pass') await clock.advance(one.seconds * 1_000);
					else {
						const task = world.tasks[one.at];
						if (task && !TASK_STATES[task.state].final) await world.end(task, one.ending);
					}
				}
				const running = world.tasks.filter(({ endedMs }) => endedMs === undefined);
				const reserved = running.reduce((sum, task) => sum + task.reserved, 0);
				const charged = world.tasks.reduce((sum, task) => sum + task.charged, 0);
				expect(key.account.remaining + reserved + charged).toBeCloseTo(1000, 6);
				expect(key.account.used).toBeCloseTo(charged, 6);
				expect(new Set(ended).size).toBe(ended.length);
				expect(ended.length + running.length).toBe(world.tasks.length);
			}),
			{ numRuns: 100 },
		);
	});
});
