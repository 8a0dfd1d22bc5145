/** IDs of tasks in foreign answers: what is one, whose it is, and how old its task is. */
import { asTaskId, bornAt, isYoung, taskIdIn } from '../../../nodes/WanVideo/evolink/taskId';
import { TASK_ID } from '../../support/builders';

describe('a task ID', () => {
	it.each<[unknown, string | undefined]>([
		['task-1', 'task-1'],
		[' task-1\n', 'task-1'],
		['x'.repeat(200), 'x'.repeat(200)],
		[` ${'x'.repeat(200)} `, 'x'.repeat(200)],
		['x'.repeat(201), undefined],
		[`x${' '.repeat(399)}`, 'x'],
		[`x${' '.repeat(400)}`, undefined],
		['', undefined],
		[' ', undefined],
		['a b', undefined],
		['a\u200bb', undefined],
		['a\u0000b', undefined],
		['a\ud800', undefined],
		[7, undefined],
		[null, undefined],
	])('%j is %j', (value, id) => {
		expect(asTaskId(value)).toBe(id);
	});
});

describe('the task that an answer names', () => {
	it.each<[string, unknown, string | undefined]>([
		['under id', { id: TASK_ID }, TASK_ID],
		['under task_id, of any form', { task_id: 'job-7' }, 'job-7'],
		['under taskId, of any form', { taskId: 'job-7' }, 'job-7'],
		['not under an id of another form', { id: 'req-7' }, undefined],
		['not where an ID should be and is none', { id: `${TASK_ID} and more` }, undefined],
		['not as a part of a long one', { task_id: `${TASK_ID}${'x'.repeat(300)}` }, undefined],
		['deep inside', { data: [{ error: { note: TASK_ID } }] }, TASK_ID],
		['in a sentence', `Task ${TASK_ID} was created.`, TASK_ID],
		['in quotes', `Task "${TASK_ID}", sorry`, TASK_ID],
		['at the end of a question', `Is it ${TASK_ID}?`, TASK_ID],
		['before many signs', `It is ${TASK_ID}...`, TASK_ID],
		['in an address', `https://api.example/v1/tasks/${TASK_ID}/cancel`, TASK_ID],
		['with a slash in it, outside of an address', 'It is task-unified-1/ab.', 'task-unified-1/ab'],
		['twice the same', [TASK_ID, `Task ${TASK_ID}`], TASK_ID],
		['none where there are two', [TASK_ID, 'task-unified-1-b'], undefined],
		['none in a bare prefix', 'It is task-unified-', undefined],
		['none in a bare prefix with a sign', 'It is task-unified-...', undefined],
		['none in a longer word', `my_${TASK_ID}`, undefined],
		['none in nothing', undefined, undefined],
		['none in a number', 7, undefined],
		['behind a long text', `${'x '.repeat(140_000)}${TASK_ID}`, TASK_ID],
		['not behind a book', `${'x '.repeat(160_000)}${TASK_ID}`, undefined],
		['among a few thousand parts', [...Array<number>(9_000).fill(0), TASK_ID], TASK_ID],
		['not among very many', [TASK_ID, ...Array<number>(20_000).fill(0)], undefined],
	])('%s', (_where, body, id) => {
		expect(taskIdIn(body)).toBe(id);
	});

	it('is not the one that was asked with', () => {
		expect(taskIdIn({ note: TASK_ID }, `{"url":"https://a/${TASK_ID}.mp4"}`)).toBeUndefined();
		expect(taskIdIn([TASK_ID, 'task-unified-1-b'], `"${TASK_ID}"`)).toBe('task-unified-1-b');
	});
});

describe('how old a task is', () => {
	const BORN = 1_757_169_743_000;

	it.each([
		[TASK_ID, BORN],
		['task-unified-17571697431-x', undefined],
		['my-task-unified-1757169743-x', undefined],
		['task-unified-abcdefghij-x', undefined],
		['task-unified-1757169743', undefined],
		['', undefined],
	])('%s was born at %s', (id, at) => {
		expect(bornAt(id)).toBe(at);
	});

	it.each<[string, number, number | undefined, boolean]>([
		[TASK_ID, BORN, undefined, true],
		[TASK_ID, BORN + 179_999, undefined, true],
		[TASK_ID, BORN + 180_000, undefined, false],
		[TASK_ID, BORN - 179_999, undefined, true],
		[TASK_ID, BORN - 180_000, undefined, false],
		// The node's own clock knows better when it sent it.
		[TASK_ID, BORN + 500_000, BORN + 400_000, true],
		[TASK_ID, BORN, BORN - 400_000, false],
		['job-7', BORN, undefined, false],
		['job-7', BORN, BORN - 1_000, true],
	])('%s at %d, submitted at %s: young %s', (id, now, submittedAt, young) => {
		expect(isYoung(id, now, submittedAt)).toBe(young);
	});
});
