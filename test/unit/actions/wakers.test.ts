/** Which tasks of a paused run may wake it: the last few of those that are under way together. */
import { wakersOf } from '../../../nodes/WanVideo/actions/video/wakers';

const URL = 'https://n8n.example.com/webhook-waiting/7';

function wakers(count: number, atOnce: number): number[] {
	const of = wakersOf(URL, count, atOnce);
	return Array.from({ length: count }, (_, index) => index).filter((index) => of(index) === URL);
}

it.each([
	['all of a few', 3, 20, [0, 1, 2]],
	['the last five of those that go together', 12, 20, [7, 8, 9, 10, 11]],
	['five of each round', 16, 8, [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]],
	['the last five of a round that is not full', 13, 10, [5, 6, 7, 8, 9, 10, 11, 12]],
	['five of hundreds', 200, 200, [195, 196, 197, 198, 199]],
])('%s', (_label, count, atOnce, indices) => {
	expect(wakers(count, atOnce)).toEqual(indices);
});

it('none where there is no address', () => {
	expect(wakersOf(undefined, 20, 20)(19)).toBeUndefined();
});
