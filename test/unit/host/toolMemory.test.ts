/** What one process remembers of tool calls: for an hour, and no more than a busy server can bear. */
import { clock } from '../../../nodes/WanVideo/host/clock';
import {
	type Caller,
	forgetAll,
	handedOver,
	leave,
	recallLeft,
	recallOwn,
	remember,
	REMEMBERED_MS,
} from '../../../nodes/WanVideo/host/toolMemory';
import { anEntry, TASK_ID } from '../../support/builders';

const caller = (overrides: Partial<Caller> = {}): Caller => ({
	...{ place: 'workflow:account', executionId: undefined, tool: 'node', operation: 'generate' },
	...overrides,
});
const submitted = anEntry('submitted');

beforeEach(forgetAll);
afterEach(() => jest.restoreAllMocks());

it('forgets after an hour', () => {
	const now = jest.spyOn(clock, 'now').mockReturnValue(0);
	remember(caller(), 'a', submitted);
	now.mockReturnValue(REMEMBERED_MS - 1);
	expect(recallOwn(caller(), 'a')).toEqual(submitted);
	now.mockReturnValue(REMEMBERED_MS);
	expect(recallOwn(caller(), 'a')).toBeUndefined();
});

it('counts the hour of what was left from the end of the call', () => {
	const now = jest.spyOn(clock, 'now').mockReturnValue(0);
	const first = caller({ executionId: '1' });
	remember(first, 'a', submitted);
	now.mockReturnValue(300_000);
	leave(first, 'a');
	now.mockReturnValue(REMEMBERED_MS + 299_999);
	expect(recallLeft(caller({ executionId: '2' }), 'a')).toEqual(submitted);
});

it('counts the hour of a video from when it was handed over, however often it is asked for again', () => {
	const now = jest.spyOn(clock, 'now').mockReturnValue(0);
	for (const at of [0, 1_000_000, 2_000_000, 3_500_000]) {
		now.mockReturnValue(at);
		remember(caller(), 'a', anEntry(at === 0 ? 'submitted' : 'delivered'));
		leave(caller(), 'a');
	}
	now.mockReturnValue(1_000_000 + REMEMBERED_MS - 1);
	expect(recallOwn(caller(), 'a')).toEqual(anEntry('delivered'));
	now.mockReturnValue(1_000_000 + REMEMBERED_MS);
	expect(recallOwn(caller(), 'a')).toBeUndefined();
});

it('counts it from when another tool handed it over, too', () => {
	const now = jest.spyOn(clock, 'now').mockReturnValue(0);
	remember(caller(), 'a', submitted);
	now.mockReturnValue(3_000_000);
	handedOver(caller(), [TASK_ID]);
	now.mockReturnValue(3_000_000 + REMEMBERED_MS - 1);
	expect(recallOwn(caller(), 'a')).toEqual(anEntry('delivered'));
});

it('keeps the latest thousand wishes', () => {
	for (let n = 0; n <= 1_000; n += 1) {
		remember(caller(), `wish-${n}`, submitted);
		// Written to again and again, so it is not among the oldest.
		if (n < 500) remember(caller(), 'busy', submitted);
	}
	expect(recallOwn(caller(), 'wish-0')).toBeUndefined();
	expect(recallOwn(caller(), 'wish-1')).toBeUndefined();
	expect(recallOwn(caller(), 'wish-2')).toEqual(submitted);
	expect(recallOwn(caller(), 'busy')).toEqual(submitted);
});

it('hands a task over where it was made, and nowhere else', () => {
	const other = caller({ place: 'workflow:other' });
	remember(caller(), 'a', submitted);
	remember(other, 'a', submitted);
	handedOver(caller(), [TASK_ID]);
	expect(recallOwn(caller(), 'a')).toEqual(anEntry('delivered'));
	expect(recallOwn(other, 'a')).toEqual(submitted);
	handedOver(caller(), [TASK_ID]);
	expect(recallOwn(caller(), 'a')).toEqual(anEntry('delivered'));
});
