/** From outcomes to rows and errors: what comes out, what is named, and when the run fails. */
import type { IBinaryData } from 'n8n-workflow';
import { z } from 'zod';

import type { RowPlan } from '../../../nodes/WanVideo/actions/rowPlan';
import { toRows } from '../../../nodes/WanVideo/actions/rows';
import type { Outcome } from '../../../nodes/WanVideo/generation/outcome';
import { errorRow, failureComplaint, problemComplaint } from '../../../nodes/WanVideo/host/errors';
import { aCompletedState, aFailure, aTaskState, TASK_ID, VIDEO_URL } from '../../support/builders';
import { fakeContext } from '../../support/fakeContext';

type VideoOutcome = Outcome<IBinaryData>;

const OTHER = 'task-unified-1757169744-abcd1234';
const file: IBinaryData = { data: 'x', mimeType: 'video/mp4', fileName: 'wan.mp4' };
const plan = (overrides: Partial<RowPlan> = {}): RowPlan => ({
	item: 0,
	simplify: true,
	outputBinaryField: 'data',
	generationMode: 'first_frame',
	...overrides,
});
const completed: VideoOutcome = {
	end: 'completed',
	taskId: TASK_ID,
	earlierTaskIds: [],
	creditsReserved: 27.2,
	last: aCompletedState(),
	videoUrl: VIDEO_URL,
	linkLivesUntil: Date.UTC(2026, 0, 2),
	file,
	facts: { width: 1280, height: 720, durationSeconds: 5, hasAudio: true },
};
const running: VideoOutcome = {
	end: 'timedOut',
	timeoutMs: 1_800_000,
	fails: true,
	taskId: TASK_ID,
	earlierTaskIds: [],
	last: aTaskState(),
};
const failed: VideoOutcome = {
	end: 'failed',
	failure: aFailure({ kind: 'contentPolicy', taskId: OTHER, said: 'nudity detected' }),
	earlierTaskIds: [],
};

describe('a row', () => {
	it('of a completed task has plain fields and the video', () => {
		expect(toRows(fakeContext(), [completed], [plan()])).toEqual([
			{
				json: {
					taskId: TASK_ID,
					status: 'completed',
					videoUrl: VIDEO_URL,
					expiresAt: '2026-01-02T00:00:00.000Z',
					model: 'wan2.7-image-to-video',
					generationMode: 'first_frame',
					durationSeconds: 5,
					width: 1280,
					height: 720,
					hasAudio: true,
					creditsReserved: 27.2,
				},
				binary: { data: file },
				pairedItem: { item: 0 },
			},
		]);
	});

	it('carries the task as it came when not simplified', () => {
		const [row] = toRows(fakeContext(), [completed], [plan({ simplify: false })]);
		expect(row.json.task).toMatchObject({ id: TASK_ID, results: [VIDEO_URL] });
	});

	it('has the file in the field that the user named', () => {
		const [row] = toRows(fakeContext(), [completed], [plan({ outputBinaryField: 'video' })]);
		expect(row.binary).toEqual({ video: file });
	});

	it('tells the tasks before it, when there were some', () => {
		const [row] = toRows(fakeContext(), [{ ...completed, earlierTaskIds: [OTHER] }], [plan()]);
		expect(row.json.earlierTaskIds).toEqual([OTHER]);
	});

	it('never has a field without a value, nor one called error', () => {
		const bare: VideoOutcome = {
			end: 'completed',
			taskId: TASK_ID,
			earlierTaskIds: [],
			videoUrl: VIDEO_URL,
		};
		const [row] = toRows(fakeContext(), [bare], [plan()]);
		expect(Object.keys(row.json)).not.toContain('error');
		expect(Object.values(row.json)).not.toContain(undefined);
		expect(row).not.toHaveProperty('binary');
	});

	it('of a link whose age EvoLink tells in a strange unit does not break the run', () => {
		const odd: VideoOutcome = { ...completed, linkLivesUntil: 1_757_169_743_000_000 * 1000 };
		const [row] = toRows(fakeContext(), [odd], [plan()]);
		expect(row.json).toMatchObject({ taskId: TASK_ID, videoUrl: VIDEO_URL });
	});

	it('of a submitted task goes straight into Task: Wait', () => {
		const submitted: VideoOutcome = { end: 'submitted', taskId: TASK_ID, earlierTaskIds: [] };
		expect(toRows(fakeContext(), [submitted], [plan()])[0].json).toMatchObject({
			taskId: TASK_ID,
			status: 'submitted',
		});
	});

	it('of a time-out goes straight into Task: Wait when the user wants it returned', () => {
		const [row] = toRows(fakeContext(), [{ ...running, fails: false }], [plan()]);
		expect(row.json).toMatchObject({ taskId: TASK_ID, status: 'processing', progress: 42 });
	});

	it('is paired with its own item', () => {
		const rows = toRows(
			fakeContext(),
			[completed, completed],
			[plan({ item: 4 }), plan({ item: 2 })],
		);
		expect(rows.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 4 }, { item: 2 }]);
	});
});

/** The error that toRows throws, as far as a user sees it. */
function errorOf(
	outcomes: VideoOutcome[],
	context = fakeContext(),
	plans = outcomes.map((_, item) => plan({ item })),
): { message: string; description: string } {
	const shown = z.object({ message: z.string(), description: z.string() });
	return shown.parse(thrownBy(() => toRows(context, outcomes, plans)));
}

function thrownBy(act: () => unknown): unknown {
	try {
		act();
	} catch (error) {
		return error;
	}
	return undefined;
}

describe('a failed item', () => {
	it("fails the run with EvoLink's words, its task, and the other tasks that are paid for", () => {
		const { message, description } = errorOf([completed, failed]);
		expect(message).toContain('nudity detected');
		expect(message).toContain(OTHER);
		expect(description).toContain('Nothing was charged.');
		expect(description).toContain(`Other tasks of this run that are paid for: ${TASK_ID}`);
	});

	it('is told together with all others that went wrong', () => {
		const lost = aFailure({ kind: 'replyLost', charged: 'unknown' });
		const { message, description } = errorOf([
			running,
			{ end: 'failed', failure: lost, earlierTaskIds: [] },
		]);
		expect(message).toContain(TASK_ID);
		expect(description).toMatch(
			/Item 1: The connection to EvoLink broke.*may be running and be charged/,
		);
	});

	it('becomes a row with exactly error and message when the run continues', () => {
		const rows = toRows(
			fakeContext({ continueOnFail: true }),
			[failed, completed],
			[plan(), plan({ item: 1 })],
		);
		expect(Object.keys(rows[0].json).sort()).toEqual(['error', 'message']);
		expect(rows[0].json.error).toContain(OTHER);
		expect(rows[0].pairedItem).toEqual({ item: 0 });
		expect(rows[1].json.status).toBe('completed');
	});

	it('says once that it may have been charged, as a row and as a line of an error', () => {
		const lost = aFailure({ kind: 'replyLost', charged: 'unknown' });
		const outcomes: VideoOutcome[] = [{ end: 'failed', failure: lost, earlierTaskIds: [] }];
		const [{ json }] = toRows(fakeContext({ continueOnFail: true }), outcomes, [plan()]);
		const { description } = errorOf([running, ...outcomes]);
		for (const text of [json.message, description])
			expect(JSON.stringify(text).match(/may have been charged/g)).toHaveLength(1);
		expect(json.error).toMatch(/may have been charged$/);
	});

	it('that timed out names task, state, minutes and the way on, and offers no new video', () => {
		const { message, description } = errorOf([running]);
		expect(message).toContain(TASK_ID);
		expect(message).toContain('30 minutes');
		expect(message).toContain('processing at 42 %');
		expect(description).toMatch(/Task: Wait.*neither makes a new video/);
	});

	it('whose video cannot be fetched keeps its link', () => {
		const failure = aFailure({ kind: 'videoNotFetched', charged: 'yes', taskId: TASK_ID });
		const { description } = errorOf([
			{ end: 'failed', failure, earlierTaskIds: [], videoUrl: VIDEO_URL },
		]);
		expect(description).toContain(VIDEO_URL);
		expect(description).toContain('The task is paid for.');
	});

	it.each(['ECONNREFUSED', 'ETIMEDOUT', '429', 'Bad Gateway'])(
		'keeps its message and task ID, also where EvoLink says %s',
		(word) => {
			const failure = aFailure({ taskId: TASK_ID, said: `upstream ${word}`, httpStatus: 502 });
			expect(errorOf([{ end: 'failed', failure, earlierTaskIds: [] }]).message).toContain(TASK_ID);
		},
	);
});

describe('Stop', () => {
	const stopped = fakeContext({ stop: AbortSignal.abort(), continueOnFail: true });

	it('is an error also under Continue On Fail, and lists what is paid for', () => {
		const open: VideoOutcome = { end: 'stopped', taskId: OTHER, earlierTaskIds: [] };
		const { message, description } = errorOf([completed, open, { end: 'stopped' }], stopped);
		expect(message).toMatch(/stopped/);
		for (const taskId of [TASK_ID, OTHER]) expect(description).toContain(taskId);
		expect(description).toContain("'Task: Wait'");
	});

	it('lists tasks of an earlier try whose items have not had their turn', () => {
		const entry = { request: 'r', intent: 'i', key: 'k', executionId: '6', earlierTaskIds: [] };
		const task = { stage: 'submitted', taskId: OTHER, submittedAt: 1 };
		const getContext = () => ({ wanVideoJournal: { 'run0:item0': { ...entry, ...task } } });
		const plan = { stop: AbortSignal.abort(), members: { getContext } };
		const { description } = errorOf([{ end: 'open' }], fakeContext(plan));
		expect(description).toContain(OTHER);
		expect(description).not.toContain('nothing was charged');
	});

	it('without any task says that nothing was charged', () => {
		expect(errorOf([{ end: 'stopped' }], stopped).description).toContain('nothing was charged');
	});

	it('does not say so when the outcome of a submit is unknown', () => {
		const failure = aFailure({ kind: 'replyLost', charged: 'unknown' });
		const { description } = errorOf([{ end: 'failed', failure, earlierTaskIds: [] }], stopped);
		expect(description).not.toContain('nothing was charged');
	});
});

describe('texts of error rows', () => {
	it.each([
		[
			'a problem',
			problemComplaint([{ field: 'seed', text: "'Seed' must be a number. Remove it." }]),
		],
		[
			'a failure',
			failureComplaint({ end: 'failed', failure: aFailure({ said: 'Busy' }), earlierTaskIds: [] }),
		],
	])('are whole sentences: %s', (_label, complaint) => {
		expect(errorRow(complaint).message).not.toMatch(/\.\./);
	});
});
