/** EvoLink's answers as they really come: fields missing, of another type, wrapped, or none of it. */
import fc from 'fast-check';

import {
	parseCredits,
	parseError,
	parseTask,
	parseTaskOf,
	videoUrlOf,
} from '../../../nodes/WanVideo/evolink/schemas';
import { readTaskState } from '../../../nodes/WanVideo/evolink/taskState';
import { aTask, aTaskState, TASK_ID, VIDEO_URL } from '../../support/builders';
import { runs } from '../../support/thorough';

describe('a task', () => {
	it.each([
		['no task_info', { task_info: undefined }],
		['task_info null', { task_info: null }],
		['task_info a text', { task_info: 'soon' }],
		['no usage', { usage: undefined }],
		['usage null', { usage: null }],
		['usage a list', { usage: [] }],
		['no created', { created: undefined }],
		['created null', { created: null }],
		['no object and no type', { object: undefined, type: undefined }],
		['results null', { results: null }],
		['results a text', { results: VIDEO_URL }],
		['error null', { error: null }],
		['error an empty text', { error: '' }],
		['progress null', { progress: null }],
		['progress in words', { progress: 'half' }],
		['progress negative', { progress: -1 }],
		['fields nobody knows', { billing: { charge_status: 'reserved' }, x: [1] }],
	])('is read with %s', (_label, overrides) => {
		expect(aTaskState(overrides)).toMatchObject({ state: 'running', status: 'processing' });
	});

	it.each([
		['a text', { results: VIDEO_URL }],
		['a list of objects', { results: [{ url: VIDEO_URL }] }],
		['result_data', { result_data: [{ video_url: VIDEO_URL, title: 'x' }] }],
		['result_data that is one object', { result_data: { video_url: VIDEO_URL } }],
		['output', { results: [], output: { video_url: VIDEO_URL } }],
	])('that is completed gives its link from %s', (_label, where) => {
		expect(aTaskState({ status: 'completed', ...where })).toMatchObject({
			state: 'completed',
			videoUrl: VIDEO_URL,
		});
	});

	it('keeps what it does not know, for users who want the raw answer', () => {
		const raw = { task_info: { can_cancel: true }, billing: { charged_credits: 1 }, new: [1] };
		expect(aTaskState(raw).raw).toMatchObject(raw);
	});

	it('gives progress, estimate, creation and reserve where they are numbers or texts of numbers', () => {
		const usage = { billing_rule: 'per_second', credits_reserved: '27.2', user_group: 'default' };
		const task = { progress: '42', task_info: { estimated_time: '120' }, created: '1757169743' };
		expect(aTaskState({ ...task, usage })).toMatchObject({
			progress: 42,
			estimatedSeconds: 120,
			createdSeconds: 1757169743,
			creditsReserved: 27.2,
		});
	});

	it.each([
		['wrapped in data', { data: aTask() }],
		['wrapped, with a code and a message', { code: 200, message: 'ok', data: aTask() }],
		['wrapped, with success', { success: true, data: aTask() }],
		['wrapped beside a status of the wrapper', { status: 'success', data: aTask() }],
	])('is found %s', (_label, body) => {
		expect(parseTask(body)).toMatchObject({ id: TASK_ID, status: 'processing' });
	});

	it.each([
		['nothing', undefined],
		['null', null],
		['a text', '<html></html>'],
		['a number', 200],
		['a list', [aTask()]],
		['an empty object', {}],
		['an error', { error: { code: 'x', message: 'y' } }],
		['an empty wrapper', { data: null }],
	])('is not seen in %s', (_label, body) => {
		expect(parseTask(body)).toBeUndefined();
	});

	it.each([['pending'], ['queued'], ['running'], ['in_progress'], ['quantum_state'], ['']])(
		'of the status %j is still running',
		(status) => {
			expect(aTaskState({ status })).toMatchObject({ state: 'running' });
		},
	);

	it.each([
		['absent', undefined],
		['null', null],
		['a number', 3],
	])('whose status is %s is still running', (_label, status) => {
		expect(aTaskState({ status })).toMatchObject({ state: 'running', status: 'unknown' });
	});

	it.each([['cancelled'], ['canceled'], ['CANCELLED'], [' Canceled ']])(
		'of the status %j has ended, without a charge',
		(status) => {
			expect(aTaskState({ status })).toMatchObject({
				state: 'ended',
				failure: { kind: 'cancelled', charged: 'no', taskId: TASK_ID },
			});
		},
	);
});

const OTHER_ID = 'task-unified-1757169743-other';

describe("the task of a submit's answer", () => {
	it.each<[string, unknown, string | undefined]>([
		['the answer itself', aTask(), TASK_ID],
		['what is wrapped', { code: 200, data: aTask() }, TASK_ID],
		['what is wrapped, in a wrapper with an ID', { id: 'req-1', data: aTask() }, TASK_ID],
		['the answer, around an ID of something else', aTask({ data: { id: 'v-1' } }), TASK_ID],
		['the inner one of two odd IDs', { id: 'req-1', data: { id: 'job-1' } }, 'job-1'],
		['the outer one where the inner has none', { id: 'job-1', data: { x: 1 } }, 'job-1'],
	])('is %s', (_what, body, id) => {
		expect(parseTask(body)?.id).toBe(id);
	});

	it('without any ID is the part that has a status', () => {
		expect(parseTask({ data: { status: 'pending' } })).toMatchObject({ status: 'pending' });
		expect(parseTask({ status: 'pending', data: {} })).toMatchObject({ status: 'pending' });
		expect(parseTask({ x: 1, data: { y: 1 } })).toBeUndefined();
		expect(parseTask(undefined)).toBeUndefined();
	});
});

describe('the task that was looked at', () => {
	const one = aTask({ status: 'completed' });
	const other = aTask({ id: OTHER_ID });
	it.each<[string, unknown, boolean]>([
		['the answer itself', one, true],
		['wrapped, around which is another ID', { ...other, data: one }, true],
		['the answer around another task', { ...one, data: other }, true],
		['in a list behind a text and nothing', [null, 'x', { list: [other, one] }], true],
		['without an ID', { status: 'completed' }, true],
		['with an empty ID', { id: '', status: 'completed' }, true],
		['with an ID of null', { id: null, status: 'completed' }, true],
		['without an ID, wrapped', { id: 'req-1', data: { status: 'completed' } }, true],
		['without an ID and without a status', { progress: 1 }, false],
		['with an ID that is no text', { id: 7, status: 'completed' }, false],
		['of another task', other, false],
		[
			'of another task, around one without an ID',
			{ ...other, data: { status: 'completed' } },
			false,
		],
		['without an ID, around another task', { status: 'completed', data: other }, false],
		['behind a thousand others', { list: [...Array<unknown>(990).fill({}), one] }, true],
		['behind many thousands', [[...Array<unknown>(1_100).fill({})], { list: [one] }], false],
	])('is read: %s', (_what, body, isRead) => {
		expect(parseTaskOf(TASK_ID, body)?.status).toBe(isRead ? 'completed' : undefined);
	});
});

describe('the link of the video', () => {
	const cover = 'https://media.example/a.jpg';
	const odd = 'https://media.example/watch?v=1';
	const urlOf = (fields: object) => {
		const task = parseTask(aTask({ status: 'completed', results: undefined, ...fields }));
		return task && videoUrlOf(task);
	};
	it.each<[string, object, string | undefined]>([
		['before one that says nothing', { results: [odd, VIDEO_URL] }, VIDEO_URL],
		['by its type', { results: [odd, { url: `${odd}2`, type: 'video' }] }, `${odd}2`],
		[
			'by its media type',
			{ results: [odd, { url: `${odd}2`, mime_type: 'video/mp4' }] },
			`${odd}2`,
		],
		[
			'by its media type before its type',
			{ results: [{ url: odd, type: 'result', mime_type: 'image/png' }, `${odd}2`] },
			`${odd}2`,
		],
		[
			'not behind a picture of a video',
			{ results: [{ url: odd, type: 'a video cover' }, `${odd}2`] },
			odd,
		],
		['not a picture by its type', { results: [{ url: odd, type: 'image' }, `${odd}2`] }, `${odd}2`],
		[
			'not a cover that ends as a video',
			{ results: [{ url: VIDEO_URL, type: 'cover' }, odd] },
			odd,
		],
		['not a picture by its ending', { results: [cover, odd] }, odd],
		['but where there is nothing else', { results: [cover] }, cover],
		['in one place of several', { results: null, result_data: undefined, output: [odd] }, odd],
		['beside the results', { video_url: odd }, odd],
		[
			'deep inside, beside a picture that has no ending',
			{ results: [{ url: `${odd}1`, type: 'image/png' }, { file: { url: odd } }] },
			odd,
		],
		['deep inside, beside a cover', { results: [cover, { video: { url: odd } }] }, odd],
		[
			'without a protocol',
			{ results: ['//media.example.com/v.mp4'] },
			'https://media.example.com/v.mp4',
		],
		['in a form that nobody has seen', { results: [{ video: { url: odd } }] }, odd],
		['in a list of lists', { output: { files: [{ url: odd }] } }, odd],
		['not under an unknown name', { output: { homepage: odd } }, undefined],
		['not in what went in', { output: { input: { url: odd } } }, undefined],
		['not as a file address', { output: { url: 'file:///a' } }, undefined],
		['six levels down', { output: { data: { data: { data: { data: odd } } } } }, odd],
		[
			'not any deeper',
			{ output: { data: { data: { data: { data: { data: { data: { url: odd } } } } } } } },
			undefined,
		],
		['behind some hundred fields', { output: [...Array<unknown>(999).fill({}), [odd]] }, odd],
		['not behind a thousand', { output: [...Array<unknown>(1_000).fill({}), [odd]] }, undefined],
	])('is found %s', (_where, fields, url) => {
		expect(urlOf(fields)).toBe(url);
	});
});

describe('a completed task', () => {
	it.each([
		['a list of texts', [VIDEO_URL]],
		['objects with url', [{ url: VIDEO_URL }]],
		['objects with video_url', [{ video_url: VIDEO_URL, duration: 5 }]],
		['something else before it', [null, 'soon', { id: 1 }, VIDEO_URL]],
		['spaces around it', [` ${VIDEO_URL}\n`]],
	])('gives its link from %s', (_label, results) => {
		const state = aTaskState({ status: 'completed', results });
		expect(state).toMatchObject({ state: 'completed', videoUrl: VIDEO_URL });
	});

	it('in capitals is completed too', () => {
		expect(aTaskState({ status: 'COMPLETED', results: [VIDEO_URL] }).state).toBe('completed');
	});

	it.each([
		['no results', undefined],
		['null', null],
		['an empty list', []],
		['a list of nothing', [null, '', {}]],
		['a file address', ['file:///etc/passwd']],
		['a script', ['javascript:alert(1)']],
	])(
		'with %s is an end that names the task and does not say "nothing charged"',
		(_label, results) => {
			expect(aTaskState({ status: 'completed', results })).toMatchObject({
				state: 'ended',
				failure: { kind: 'noVideo', charged: 'unknown', taskId: TASK_ID },
			});
		},
	);
});

describe('a failed task', () => {
	it.each([
		[
			'as the page has it',
			{ code: 'service_error', message: 'Busy', type: 'task_error' },
			'service_error',
			'Busy',
		],
		['without type', { code: 'service_error', message: 'Busy' }, 'service_error', 'Busy'],
		['with a number as code', { code: 500, message: 'Busy' }, '500', 'Busy'],
		['without code', { message: 'Busy' }, undefined, 'Busy'],
		['without message', { code: 'service_error' }, 'service_error', undefined],
		['as a text', 'It broke', undefined, 'It broke'],
		['as null', null, undefined, undefined],
		['missing', undefined, undefined, undefined],
		['with an object as message', { code: 'x', message: { en: 'Busy' } }, 'x', undefined],
		['on several lines', { code: 'x', message: 'Blocked.\nTry again' }, 'x', 'Blocked. Try again'],
	])('is read: error %s', (_label, error, code, said) => {
		const state = aTaskState({ status: 'failed', progress: 0, error });
		expect(state).toMatchObject({ state: 'ended', failure: { charged: 'no', taskId: TASK_ID } });
		const failure = state.state === 'ended' ? state.failure : undefined;
		expect([failure?.code, failure?.said]).toEqual([code, said]);
	});

	it('says nothing of the key', () => {
		const task = parseTask(aTask({ status: 'failed', error: { message: 'bad key sk-1' } }));
		const state = task && readTaskState(TASK_ID, task, (text) => text.replace('sk-1', '***'));
		expect(state).toMatchObject({ failure: { said: 'bad key ***' } });
	});
});

it.each([
	['insufficient_quota', 'insufficient_quota'],
	['key_model_not_allowed', 'key_model_not_allowed'],
	['not found', undefined],
	['insufficient_quota!', undefined],
	['An insufficient_quota', undefined],
	['quota', undefined],
])('an error that is the text %j has the code %s', (error, code) => {
	expect(parseError({ error })).toEqual({ code, message: error });
});

describe('an error answer', () => {
	it.each([
		[
			'the envelope',
			{ error: { code: 'a', message: 'm', type: 't' } },
			{ code: 'a', message: 'm' },
		],
		['a number as code', { error: { code: 401, message: 'm' } }, { code: '401', message: 'm' }],
		['an error as text', { error: 'm' }, { message: 'm' }],
		[
			'message at the top',
			{ code: 429, message: 'm', type: '', param: '' },
			{ code: '429', message: 'm' },
		],
		['msg at the top', { success: false, code: 40001, msg: 'm' }, { code: '40001', message: 'm' }],
		['error null and a message', { error: null, message: 'm' }, { message: 'm' }],
		[
			'an error without text, a message at the top',
			{ error: { code: 'a' }, message: 'm' },
			{ code: 'a', message: 'm' },
		],
	])('is read: %s', (_label, body, expected) => {
		const { code, message } = parseError(body);
		expect({ code, message }).toEqual({ code: undefined, ...expected });
	});

	it.each([[undefined], [null], ['<html>'], [[]], [7], [{}]])(
		'without anything to read: %j',
		(body) => {
			const { code, message } = parseError(body);
			expect([code, message]).toEqual([undefined, undefined]);
		},
	);
});

describe('credits', () => {
	const credits = (token: object) => ({
		data: {
			token: { remaining_credits: 50, used_credits: 1, unlimited_credits: false, ...token },
			user: { remaining_credits: 200, used_credits: 3 },
		},
		message: '',
		success: true,
	});

	it.each([
		['capped by the key', {}, 50],
		['of the account, when the key has no limit', { unlimited_credits: true }, 200],
		['of the account, when the key may draw more', { remaining_credits: 900 }, 200],
	])('available are those %s', (_label, token, available) => {
		expect(parseCredits(credits(token))).toMatchObject({
			available,
			accountRemaining: 200,
			accountUsed: 3,
			keyUsed: 1,
		});
	});

	it.each([[undefined], [{}], [{ data: {} }], ['<html>']])('are not guessed from %j', (body) => {
		expect(parseCredits(body)).toBeUndefined();
	});
});

it('no answer of any shape throws', () => {
	const status = fc.oneof(fc.constantFrom('completed', 'failed', 'canceled'), fc.jsonValue());
	const shape = fc.record(
		{
			id: fc.jsonValue(),
			status,
			error: fc.jsonValue(),
			results: fc.jsonValue(),
			progress: fc.jsonValue(),
			created: fc.jsonValue(),
			data: fc.jsonValue(),
			task_info: fc.jsonValue(),
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(fc.oneof(shape, fc.jsonValue()), (body) => {
			parseError(body);
			parseCredits(body);
			const task = parseTask(body);
			if (task !== undefined) readTaskState(TASK_ID, task, (text) => text);
		}),
		{ numRuns: runs(500), seed: 27 },
	);
});
