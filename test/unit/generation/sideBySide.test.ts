/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
import { sideBySide } from '../../../nodes/WanVideo/generation/sideBySide';

/** Runs that end when the test says so, in any order. */
function controlled() {
	const running = new Map<number, (how: 'ends' | 'throws') => void>();
	const started: number[] = [];
	const one = async (input: number): Promise<string> => {
		started.push(input);
		return await new Promise((resolve, reject) => {
			running.set(input, (how) => {
				running.delete(input);
				if (how === 'ends') resolve(`result ${input}`);
				else reject(new Error(`trouble of ${input}`));
			});
		});
	};
	const end = async (input: number, how: 'ends' | 'throws' = 'ends') => {
		running.get(input)?.(how);
		await new Promise(setImmediate);
	};
	return { started, running, one, end };
}

it('starts in order, at most so many at once, and keeps the order of the inputs', async () => {
	const { started, running, one, end } = controlled();
	const done = sideBySide([0, 1, 2, 3], 2, one);
	expect(started).toEqual([0, 1]);
	await end(1);
	expect(started).toEqual([0, 1, 2]);
	await end(2);
	expect([...running.keys()]).toEqual([0, 3]);
	await end(3);
	await end(0);
	expect(await done).toEqual(['result 0', 'result 1', 'result 2', 'result 3']);
});

it('after one that throws starts no other, and throws when the rest has ended', async () => {
	const { started, one, end } = controlled();
	let isOver = false;
	const done = sideBySide([0, 1, 2, 3], 2, one).finally(() => (isOver = true));
	done.catch(() => undefined);
	await end(0, 'throws');
	expect(isOver).toBe(false);
	await end(1);
	await expect(done).rejects.toThrow('trouble of 0');
	expect(started).toEqual([0, 1]);
});

it('leaves a place less for each result that keeps it', async () => {
	const { started, one, end } = controlled();
	const done = sideBySide([0, 1, 2, 3], 2, one, (result) => result !== 'result 1');
	await end(0);
	expect(started).toEqual([0, 1]);
	await end(1);
	await end(2);
	expect(await done).toEqual(['result 0', 'result 1', 'result 2']);
	expect(started).toEqual([0, 1, 2]);
});

it('of nothing gives nothing', async () => {
	expect(await sideBySide([], 5, async () => await Promise.resolve(1))).toEqual([]);
});
