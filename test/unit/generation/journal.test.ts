/** The journal: which event may follow which stage, what a later try does with an entry, and that broken entries are loud. */
import {
	type Entry,
	isAbout,
	type JournalEvent,
	JournalError,
	next,
	parseEntry,
	plan,
} from '../../../nodes/WanVideo/generation/journal';
import { fingerprint } from '../../../nodes/WanVideo/generation/fingerprint';
import { journalStore } from '../../../nodes/WanVideo/host/journalStore';
import { anEntry, MemoryStore, TASK_ID } from '../../support/builders';
import { journalStoreContract } from '../../support/journalStoreContract';

type Stage = Entry['stage'] | 'none';
type EventName = JournalEvent['type'];

const submitting: JournalEvent = {
	type: 'submitting',
	request: 'request-0',
	intent: 'intent-0',
	key: 'key-1',
	executionId: '8',
};
const EVENTS: Readonly<Record<EventName, JournalEvent>> = {
	submitting,
	refused: { type: 'refused' },
	unclear: { type: 'unclear', failure: { kind: 'replyLost', charged: 'unknown' } },
	accepted: { type: 'accepted', taskId: 'task-2', submittedAt: 2, creditsReserved: 27.2 },
	ended: { type: 'ended', failure: { kind: 'cancelled', charged: 'no' }, executionId: '9' },
	delivered: { type: 'delivered' },
};
/** All legal steps, by hand. Everything else has to throw. */
const STEPS: Readonly<Record<Stage, Partial<Record<EventName, Entry['stage']>>>> = {
	none: { submitting: 'intended' },
	refused: { submitting: 'intended' },
	intended: { refused: 'refused', unclear: 'intended', accepted: 'submitted' },
	submitted: { ended: 'ended', delivered: 'delivered' },
	delivered: { ended: 'ended', delivered: 'delivered' },
	ended: { submitting: 'intended' },
};
const stages = Object.keys(STEPS) as Stage[];
const steps = stages.flatMap((stage) =>
	(Object.keys(EVENTS) as EventName[]).map((event) => ({ stage, event, to: STEPS[stage][event] })),
);
const at = (stage: Stage) => (stage === 'none' ? undefined : anEntry(stage));

describe('stages', () => {
	it.each(steps.filter(({ to }) => to !== undefined))(
		'$stage + $event -> $to',
		({ stage, event, to }) => {
			expect(next(at(stage), EVENTS[event]).stage).toBe(to);
		},
	);

	it.each(steps.filter(({ to }) => to === undefined))(
		'$stage + $event cannot happen and throws',
		({ stage, event }) => {
			expect(() => next(at(stage), EVENTS[event])).toThrow(JournalError);
			expect(() => next(at(stage), EVENTS[event])).toThrow(new RegExp(`'${event}'.*'${stage}'`));
		},
	);

	it('a task that failed is remembered when it is submitted again', () => {
		const again = next(anEntry('ended', { earlierTaskIds: ['task-0'] }), submitting);
		expect(again).toEqual({
			stage: 'intended',
			...{ request: 'request-0', intent: 'intent-0', key: 'key-1', executionId: '8' },
			earlierTaskIds: ['task-0', TASK_ID],
		});
	});

	it('tasks that failed before are remembered over a POST that was turned away', () => {
		const refused = anEntry('refused', { earlierTaskIds: ['task-0'] });
		expect(next(refused, submitting).earlierTaskIds).toEqual(['task-0']);
		expect(next(undefined, submitting).earlierTaskIds).toEqual([]);
	});

	it('an accepted task without a reserve has none in its entry', () => {
		const entry = next(anEntry('intended'), { type: 'accepted', taskId: 't', submittedAt: 1 });
		expect(Object.keys(entry)).not.toContain('creditsReserved');
	});

	it('an accepted task keeps key and execution, and carries its reserve', () => {
		expect(next(anEntry('intended'), EVENTS.accepted)).toEqual({
			...anEntry('intended'),
			...{ stage: 'submitted', taskId: 'task-2', submittedAt: 2, creditsReserved: 27.2 },
		});
	});

	it('no event changes the entry it is given', () => {
		for (const { stage, event, to } of steps) {
			const entry = at(stage);
			if (to === undefined || entry === undefined) continue;
			next(Object.freeze(entry), EVENTS[event]);
			expect(entry).toEqual(at(stage));
		}
	});
});

describe('what a try does with an entry', () => {
	it.each<[Stage, string, string]>([
		['none', '7', 'submit'],
		['refused', '7', 'submit'],
		['refused', '8', 'submit'],
		['intended', '7', 'refuse'],
		['intended', '8', 'refuse'],
		['submitted', '7', 'follow'],
		['submitted', '8', 'follow'],
		['delivered', '7', 'follow'],
		['delivered', '8', 'follow'],
		['ended', '7', 'repeatFailure'],
		['ended', '8', 'submit'],
	])('at %s, written in execution 7, in execution %s: %s', (stage, executionId, step) => {
		expect(plan(at(stage), executionId).do).toBe(step);
	});

	it.each([
		['the same', 'request-0', 'intent-0', true],
		['the same request from an edited node', 'request-0', 'intent-9', true],
		['another text by an expression such as $now', 'request-9', 'intent-0', true],
		['another node and another request', 'request-9', 'intent-9', false],
	])('an entry is about the item: %s', (_label, requestHash, intent, about) => {
		expect(isAbout(anEntry('submitted'), { requestHash, intent })).toBe(about);
	});
});

describe('stored entries', () => {
	it.each(stages.filter((stage) => stage !== 'none'))('at %s are read back', (stage) => {
		const stored: unknown = JSON.parse(JSON.stringify(anEntry(stage)));
		expect(parseEntry(stored)).toEqual(anEntry(stage));
	});

	it('that are absent are no entry', () => {
		expect(parseEntry(undefined)).toBeUndefined();
	});

	it('keep of a failure what can be read of it', () => {
		const failure = { kind: 'x', charged: 'no', code: 7, said: {}, taskId: null, httpStatus: '5' };
		const read = parseEntry({ ...anEntry('ended'), failure });
		expect(read).toMatchObject({ failure: { kind: 'x', charged: 'no' } });
		const { code, said, taskId, httpStatus } = (read as { failure: Record<string, unknown> })
			.failure;
		expect([code, said, taskId, httpStatus]).toEqual([undefined, undefined, undefined, undefined]);
	});

	const withoutRequest = { ...anEntry('intended'), request: undefined };
	it.each([
		['null', null],
		['a text', 'submitted'],
		['a number', 1],
		['a list', [anEntry('submitted')]],
		['an empty object', {}],
		['an unknown stage', { ...anEntry('submitted'), stage: 'paid' }],
		['no stage', { ...anEntry('submitted'), stage: undefined }],
		['a missing request', withoutRequest],
		['a task ID that is no text', { ...anEntry('submitted'), taskId: 7 }],
		['a submitted entry without its ID', { ...anEntry('intended'), stage: 'submitted' }],
		['earlier IDs that are no list', { ...anEntry('refused'), earlierTaskIds: 'x' }],
		['a failure without its charge', { ...anEntry('ended'), failure: { kind: 'x' } }],
		['a charge nobody knows', { ...anEntry('ended'), failure: { kind: 'x', charged: 'maybe' } }],
	])('that are broken throw and say that nothing was submitted: %s', (_label, stored) => {
		expect(() => parseEntry(stored)).toThrow(JournalError);
		expect(() => parseEntry(stored)).toThrow(/nothing was submitted/);
	});
});

describe('fingerprints', () => {
	it.each([
		['the order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
		['absent and undefined', { a: 1 }, { a: 1, b: undefined }],
	])('do not depend on %s', (_label, one, other) => {
		expect(fingerprint(one)).toBe(fingerprint(other));
	});

	it.each([
		['a value', { a: 1 }, { a: 2 }],
		['a type', { a: 1 }, { a: '1' }],
		['the order of a list', [1, 2], [2, 1]],
		['null and absent', { a: null }, {}],
		['where a value stands', { a: { b: 1 } }, { b: { a: 1 } }],
	])('differ by %s', (_label, one, other) => {
		expect(fingerprint(one)).not.toBe(fingerprint(other));
	});

	it('take anything', () => {
		for (const value of [undefined, null, '', 0, [], {}])
			expect(fingerprint(value)).toHaveLength(64);
	});
});

journalStoreContract('in memory', () => {
	const store = new MemoryStore();
	return { store, reopen: () => store };
});

journalStoreContract("n8n's context data of the node", () => {
	const data = {};
	const context = { getContext: () => data };
	return { store: journalStore(context), reopen: () => journalStore(context) };
});

describe("n8n's context data", () => {
	it.each([['a text'], [7], [null], [[]], [true]])(
		'that holds %j in place of the journal is loud',
		(found) => {
			const store = journalStore({ getContext: () => ({ wanVideoJournal: found }) });
			expect(() => parseEntry(store.read('run0:item0'))).toThrow(JournalError);
		},
	);

	it('keeps what others keep there', () => {
		const data: Record<string, unknown> = { theirs: 1 };
		journalStore({ getContext: () => data }).write('run0:item0', anEntry('intended'));
		expect(data).toMatchObject({
			theirs: 1,
			wanVideoJournal: { 'run0:item0': { stage: 'intended' } },
		});
	});
});
