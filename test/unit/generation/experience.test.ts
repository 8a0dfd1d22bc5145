/** What is remembered of ended tasks, how much of it, and for whom. */
import type { Ended } from '../../../nodes/WanVideo/generation/earlier';
import { Experiences } from '../../../nodes/WanVideo/generation/experience';

const ended = (foundMs: number, openMs = foundMs - 1_000): Ended => ({
	...{ openMs, foundMs, idleUntilMs: 0, trail: [] },
});

it('is of one kind and one account, the last ones first', () => {
	const all = new Experiences();
	all.at('account').add('720p', ended(60_000));
	all.at('account').add('720p', ended(70_000));
	all.at('account').add('1080p', ended(90_000));
	all.at('other').add('720p', ended(10_000));
	expect(all.at('account').of('720p')).toEqual([ended(70_000), ended(60_000)]);
	expect(all.at('account').of('1080p')).toEqual([ended(90_000)]);
	expect(all.at('other').of('1080p')).toEqual([]);
	expect(all.size).toBe(3);
	all.clear();
	expect(all.at('account').of('720p')).toEqual([]);
});

it('keeps ten of a kind', () => {
	const account = new Experiences().at('account');
	for (let task = 1; task <= 12; task += 1) account.add('kind', ended(task * 10_000));
	expect(account.of('kind').map(({ foundMs }) => foundMs / 10_000)).toEqual([
		12, 11, 10, 9, 8, 7, 6, 5, 4, 3,
	]);
});

it('keeps a hundred kinds, those that were used last', () => {
	const all = new Experiences();
	const account = all.at('account');
	for (let kind = 0; kind < 100; kind += 1) account.add(`kind ${kind}`, ended(60_000));
	account.add('kind 0', ended(61_000));
	account.add('kind 100', ended(60_000));
	expect(all.size).toBe(100);
	expect(account.of('kind 1')).toEqual([]);
	expect(account.of('kind 0')).toHaveLength(2);
	expect(account.of('kind 100')).toHaveLength(1);
});

it('keeps nothing whose end lies anywhere in more than a third of its time', () => {
	const account = new Experiences().at('account');
	account.add('kind', ended(60_000, 39_999));
	expect(account.of('kind')).toEqual([]);
	account.add('kind', ended(60_000, 40_000));
	expect(account.of('kind')).toHaveLength(1);
});
