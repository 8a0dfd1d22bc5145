/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** What each answer of EvoLink means for the user's money: accepted, refused (surely free) or unknown (never again). */
import { evoLinkClient, type SubmitAnswer } from '../../../nodes/WanVideo/evolink/client';
import type { FailureKind } from '../../../nodes/WanVideo/evolink/catalogue';
import { failureDetails, failureHeadline } from '../../../nodes/WanVideo/evolink/failure';
import type { HttpResult } from '../../../nodes/WanVideo/evolink/apiPort';
import { aBody, aTask, TASK_ID, VIDEO_URL } from '../../support/builders';
import { answered, FakeApi, KEY, silent } from '../../support/fakeApi';

const HTML = '<html><head><style>p{}</style></head><body><h1>502 Bad Gateway</h1></body></html>';
const error = (code: string | number, message: string, type = 'invalid_request_error') => ({
	error: { code, message, type },
});
const submit = async (result: HttpResult): Promise<SubmitAnswer> =>
	await evoLinkClient(new FakeApi(result)).submit(aBody(), 'key-1');
const look = async (result: HttpResult) => await evoLinkClient(new FakeApi(result)).look(TASK_ID);

describe('a submit', () => {
	it('is one POST with body, key and the right to finish after a Stop', async () => {
		const api = new FakeApi(answered(200, aTask({ status: 'pending' })));
		await evoLinkClient(api).submit(aBody(), 'key-1');
		expect(api.sent).toHaveLength(1);
		expect(api.sent[0]).toMatchObject({
			method: 'POST',
			path: '/v1/videos/generations',
			body: aBody(),
			headers: { 'Idempotency-Key': 'key-1' },
			endsOnStop: false,
		});
	});

	it.each([
		['200', answered(200, aTask({ status: 'pending' }))],
		['201', answered(201, aTask({ status: 'pending' }))],
		['200 wrapped in data', answered(200, { code: 200, data: aTask() })],
		['200 wrapped, with a status of the wrapper', answered(200, { status: 'ok', data: aTask() })],
		['200 without status', answered(200, { id: TASK_ID })],
		['200 of a task that failed at once', answered(200, aTask({ status: 'failed' }))],
		[
			'200 of a task that failed at once, and says why',
			answered(200, aTask({ status: 'failed', error: { code: 'service_error', message: 'no' } })),
		],
		[
			"200 with an ID of the gateway's own",
			answered(200, { id: 'req-1', output: `/see/${TASK_ID}` }),
		],
	])('is accepted by %s', async (_label, result) => {
		expect(await submit(result)).toMatchObject({ outcome: 'accepted', taskId: TASK_ID });
	});

	it.each([
		[{ id: 'task-7', status: 'pending', note: `extends ${TASK_ID}` }, 'task-7'],
		[{ id: 'req-7', status: 'pending', note: `is:${TASK_ID}` }, TASK_ID],
		[{ id: 'job-7', status: 'pending' }, 'job-7'],
	])('is the task of its own ID before one that is only named: %j', async (body, taskId) => {
		expect(await submit(answered(200, body))).toMatchObject({ outcome: 'accepted', taskId });
	});

	it('carries the reserve and the estimate', async () => {
		const usage = { credits_reserved: 27.2 };
		expect(await submit(answered(200, aTask({ usage })))).toMatchObject({
			task: { creditsReserved: 27.2, estimatedSeconds: 120, state: 'running' },
		});
	});

	it.each<[string, HttpResult, FailureKind]>([
		[
			'400',
			answered(400, error('invalid_request', 'Invalid request parameters')),
			'invalidRequest',
		],
		[
			'400 about a material',
			answered(400, error('invalid_request', 'input media URL could not be fetched (not found)')),
			'materialUnusable',
		],
		['401', answered(401, error('unauthorized', 'Invalid or expired token')), 'unauthorized'],
		['402', answered(402, error('insufficient_quota', 'Insufficient quota.')), 'outOfCredits'],
		[
			'403 insufficient',
			answered(403, error('unknown_error', 'insufficient credits')),
			'outOfCredits',
		],
		[
			'403 model',
			answered(403, error('model_access_denied', 'Token does not have access')),
			'modelNotAllowed',
		],
		['404', answered(404, { error: { message: 'Invalid URL (POST /x)' } }), 'addressWrong'],
		['404 with HTML', answered(404, HTML), 'addressWrong'],
		['413', answered(413, error('request_too_large', 'Too large')), 'invalidRequest'],
		['429', answered(429, error('rate_limit_exceeded', 'Too many requests')), 'rateLimited'],
		['429 with a number as code', answered(429, error(429, 'Too many')), 'rateLimited'],
		['300', answered(300, ''), 'addressWrong'],
		['301', answered(301, ''), 'addressWrong'],
		['401 with HTML', answered(401, HTML), 'gatewayAnswer'],
		['413 with HTML', answered(413, HTML), 'requestTooLarge'],
		[
			'307, which is not followed',
			answered(307, '', { location: 'https://example.org' }),
			'addressWrong',
		],
		['a refused connection', silent('no', 'the connection was refused'), 'notReached'],
	])('is refused, surely free of charge, by %s', async (_label, result, kind) => {
		expect(await submit(result)).toMatchObject({
			outcome: 'refused',
			failure: { kind, charged: 'no' },
		});
	});

	it.each<[string, HttpResult, FailureKind]>([
		['200 with HTML', answered(200, HTML), 'unreadableAnswer'],
		['200 with nothing', answered(200, ''), 'unreadableAnswer'],
		['204', answered(204, undefined), 'unreadableAnswer'],
		['200 without an ID', answered(200, { status: 'pending' }), 'unreadableAnswer'],
		['200 with an empty ID', answered(200, aTask({ id: '' })), 'unreadableAnswer'],
		['200 with a blank ID', answered(200, aTask({ id: ' ' })), 'unreadableAnswer'],
		['200 with an ID of null', answered(200, aTask({ id: null })), 'unreadableAnswer'],
		['200 with an error', answered(200, error('x', 'y')), 'unreadableAnswer'],
		['303', answered(303, ''), 'addressWrong'],
		['408', answered(408, ''), 'serviceTrouble'],
		[
			'409 paid_outcome_unknown',
			answered(409, error('paid_outcome_unknown', 'Unknown')),
			'outcomeUnknown',
		],
		['409 in its own words', answered(409, error('conflict', 'Conflict')), 'unreadableAnswer'],
		['409 with HTML', answered(409, HTML), 'unreadableAnswer'],
		[
			'400 idempotency_conflict',
			answered(400, error('idempotency_conflict', 'x')),
			'unreadableAnswer',
		],
		['425', answered(425, ''), 'unreadableAnswer'],
		['460', answered(460, ''), 'unreadableAnswer'],
		['499', answered(499, ''), 'unreadableAnswer'],
		['500', answered(500, error('internal_error', 'Internal server error')), 'serviceTrouble'],
		['502 with HTML', answered(502, HTML), 'serviceTrouble'],
		['503', answered(503, error('service_unavailable', 'Busy')), 'serviceTrouble'],
		['504', answered(504, ''), 'serviceTrouble'],
		['a lost reply', silent('unknown'), 'replyLost'],
	])('has an unknown outcome with %s', async (_label, result, kind) => {
		const answer = await submit(result);
		expect(answer).toMatchObject({ outcome: 'unknown', failure: { charged: 'unknown' } });
		const failure = answer.outcome === 'unknown' ? answer.failure : undefined;
		expect(failure && failureDetails(failure)).toMatch(/may be running and be charged/);
		expect(failure?.kind).toBe(kind);
	});

	it('that is refused tells its model, and one that is accepted has no failure', async () => {
		expect(await submit(answered(400, error('x', 'no')))).toMatchObject({
			failure: { model: aBody().model },
		});
		expect(await submit(answered(200, aTask()))).not.toHaveProperty('failure');
	});

	it.each<[string, HttpResult]>([
		['500 with the task in it', answered(500, aTask())],
		['200 with an error that names it', answered(200, { ...error('x', 'y'), id: TASK_ID })],
		[
			'200 with a refusal that names it',
			answered(200, error('insufficient_quota', `No credits for ${TASK_ID}`)),
		],
		[
			'504 with its ID in the text',
			answered(504, error('timeout', `Task ${TASK_ID} was created.`)),
		],
		['502 with its ID in a page', answered(502, `<p>${TASK_ID}</p>`)],
		[
			'200 with a word about another task',
			answered(200, { error: `Too many tasks: ${TASK_ID} is still processing` }),
		],
		[
			'200 with the same under a number',
			answered(200, { code: 429, message: `Task ${TASK_ID} is still processing` }),
		],
		[
			'200 with the same in a list',
			answered(200, { success: false, errors: [`Too many tasks: ${TASK_ID} is processing`] }),
		],
		['200 with the ID in quotes', answered(200, { success: false, message: `"${TASK_ID}" runs` })],
		['200 with the ID for words', answered(200, { message: TASK_ID })],
		['200 with the same as a text', answered(200, `Too many tasks: ${TASK_ID} is processing`)],
		[
			"200 with the same under the gateway's own ID",
			answered(200, { id: 'req-1', note: `${TASK_ID} goes on` }),
		],
		[
			'200 with the same under a status',
			answered(200, { status: 'error', message: `Task ${TASK_ID} is still processing` }),
		],
	])('whose outcome is unknown keeps the task that it names: %s', async (_label, result) => {
		const answer = await submit(result);
		expect(answer).toMatchObject({
			outcome: 'unknown',
			failure: { kind: 'taskUnclear', charged: 'unknown', taskId: TASK_ID },
		});
		const failure = answer.outcome === 'unknown' ? answer.failure : undefined;
		expect(failure && failureDetails(failure)).toMatch(/'Task: Get'.*'Task: Wait'/);
	});

	it.each([
		['under another name', { task_id: TASK_ID }],
		['deep inside', { data: { task: { task_id: TASK_ID, status: 'pending' } } }],
		['in a field and in words', { message: `Task ${TASK_ID} created.`, data: { id: TASK_ID } }],
		['in an address', { message: 'Task created.', links: [`/v1/tasks/${TASK_ID}`] }],
	])('is accepted where a good answer has the ID %s', async (_label, body) => {
		expect(await submit(answered(200, body))).toMatchObject({
			outcome: 'accepted',
			taskId: TASK_ID,
		});
	});

	it.each<[string, HttpResult, string]>([
		['a request ID outside', answered(200, { id: 'req_1', data: { id: TASK_ID } }), TASK_ID],
		['a request ID beside', answered(200, { id: 'req_1', task_id: TASK_ID }), TASK_ID],
		[
			'a task ID of another form inside',
			answered(200, { id: 'r', data: { id: 'gen/7:ü' } }),
			'gen/7:ü',
		],
		['an ID of another form alone', answered(200, { id: 'gen-7', status: 'queued' }), 'gen-7'],
		[
			'a link of an earlier task beside',
			answered(200, aTask({ note: 'task-unified-9-x' })),
			TASK_ID,
		],
		['text after a limit', answered(200, `{"id": "${TASK_ID}", "x": [[[[`), TASK_ID],
	])('takes the ID that EvoLink means: %s', async (_label, result, taskId) => {
		expect(await submit(result)).toMatchObject({ outcome: 'accepted', taskId });
	});

	it.each(['task-unified-1/ab:ü', 'task-unified-1:2:3', 'task-unified-ü'])(
		'keeps the ID %s whole',
		async (taskId) => {
			for (const result of [
				answered(500, { id: taskId }),
				answered(500, error('x', `Task ${taskId} was created.`)),
				answered(429, { error: { code: 'x', message: 'wait' }, task_id: taskId }),
			])
				expect(await submit(result)).toMatchObject({ outcome: 'unknown', failure: { taskId } });
			const api = new FakeApi(answered(200, aTask({ id: taskId })));
			expect(await evoLinkClient(api).look(taskId)).toMatchObject({ ok: true });
			expect(api.sent[0].path).toBe(`/v1/tasks/${encodeURIComponent(taskId)}`);
		},
	);

	it.each([400, 401, 402, 403, 404, 429, 307])(
		'is no refusal with %i when the answer names a task',
		async (status) => {
			const body = { error: { code: 'x', message: 'no' }, data: { task: { id: TASK_ID } } };
			expect(await submit(answered(status, body))).toMatchObject({
				outcome: 'unknown',
				failure: { kind: 'taskUnclear', taskId: TASK_ID },
			});
		},
	);

	it.each([
		['location', `/v1/tasks/${TASK_ID}`],
		['x-task-id', TASK_ID],
	])('tells the task that only the header %s names', async (name, value) => {
		const headers = { [name]: value };
		expect(await submit(answered(429, error('rate_limited', 'no'), headers))).toMatchObject({
			outcome: 'unknown',
			failure: { kind: 'taskUnclear', taskId: TASK_ID },
		});
		expect(await submit(answered(202, '', headers))).toMatchObject({ taskId: TASK_ID });
	});

	it('is refused by a code that is the whole error', async () => {
		expect(await submit(answered(200, { error: 'insufficient_quota' }))).toMatchObject({
			outcome: 'refused',
			failure: { kind: 'outOfCredits', charged: 'no' },
		});
	});

	it.each([400, 414, 421, 431])(
		'that a page of the way refuses with %i names no field',
		async (status) => {
			expect(await submit(answered(status, '<h1>Bad Request</h1>'))).toMatchObject({
				outcome: 'refused',
				failure: { kind: 'gatewayAnswer', charged: 'no' },
			});
		},
	);

	it('is a refusal when the task that is named is only in the address of a material', async () => {
		const image = `https://media.example/${TASK_ID}/last.jpg`;
		const api = new FakeApi(answered(400, error('invalid_request', `${image} not reachable`)));
		const body = { ...aBody(), image_start: image };
		expect(await evoLinkClient(api).submit(body, 'k')).toMatchObject({ outcome: 'refused' });
	});

	it.each([
		['half a surrogate pair', 'task-unified-1-\ud800'],
		['a line break', 'task-unified-1-\n2'],
		['three megabytes', `task-unified-${'x'.repeat(3e6)}`],
		['the key', `task-unified-${KEY}`],
	])('cannot be read when its ID holds %s', async (_label, id) => {
		const answer = await submit(answered(200, { id, status: 'pending' }));
		expect(answer).toMatchObject({ outcome: 'unknown', failure: { kind: 'unreadableAnswer' } });
		const text = JSON.stringify(answer);
		expect(text.length).toBeLessThan(2_000);
		expect(text).not.toContain(KEY);
	});

	it('keeps the ID of an answer that broke off, unless the ID itself may be cut', async () => {
		const broken = (heard: string): HttpResult => ({
			answered: false,
			sent: 'unknown',
			reason: 'no whole answer came within 60 seconds',
			heard,
		});
		expect(await submit(broken(`{"id":"${TASK_ID}",`))).toMatchObject({
			outcome: 'unknown',
			failure: { kind: 'taskUnclear', taskId: TASK_ID },
		});
		expect(await submit(broken('{"id":"'))).toMatchObject({ failure: { kind: 'replyLost' } });
	});

	it.each<[string | number, FailureKind]>([
		['insufficient_quota', 'outOfCredits'],
		[402, 'outOfCredits'],
		['invalid_token', 'unauthorized'],
		['model_access_denied', 'modelNotAllowed'],
		['invalid_parameter', 'invalidRequest'],
		['content_policy_violation', 'contentPolicy'],
		['rate_limit_exceeded', 'rateLimited'],
	])('is refused by the code %s though the status is 200', async (code, kind) => {
		expect(await submit(answered(200, error(code, 'no')))).toMatchObject({
			outcome: 'refused',
			failure: { kind, charged: 'no' },
		});
	});

	it.each(['internal_error', 'upstream_error', 'service_unavailable', 500, 409, 'new'])(
		'is unknown with the code %s and the status 200',
		async (code) => {
			expect(await submit(answered(200, error(code, 'no')))).toMatchObject({ outcome: 'unknown' });
		},
	);

	it('takes no task from an answer that names two', async () => {
		const two = { tasks: [TASK_ID, `${TASK_ID}2`] };
		expect(await submit(answered(200, two))).toMatchObject({ outcome: 'unknown' });
	});

	it('whose outcome is unknown by a code does not say that EvoLink refused it', async () => {
		const answer = await submit(answered(409, error('paid_outcome_unknown', 'Unknown outcome')));
		const failure = answer.outcome === 'unknown' ? answer.failure : undefined;
		expect(failure && failureHeadline(failure)).not.toMatch(/does not accept the request/);
	});

	it("keeps EvoLink's words, code and status", async () => {
		const said = 'voice_bindings key "img1" invalid';
		expect(await submit(answered(400, error('invalid_parameter', said)))).toMatchObject({
			failure: { said, code: 'invalid_parameter', httpStatus: 400 },
		});
	});

	it('reads an HTML page as a line of text', async () => {
		expect(await submit(answered(502, HTML))).toMatchObject({
			failure: { said: '502 Bad Gateway' },
		});
	});

	it('reads Retry-After', async () => {
		const result = answered(429, error('rate_limit_exceeded', 'x'), { 'retry-after': '7' });
		expect(await submit(result)).toMatchObject({ failure: { retryAfterMs: 7000 } });
	});
});

describe('a look', () => {
	it('is one GET that a Stop may end', async () => {
		const api = new FakeApi(answered(200, aTask()));
		await evoLinkClient(api).look(TASK_ID);
		expect(api.sent).toMatchObject([
			{ method: 'GET', path: `/v1/tasks/${TASK_ID}`, endsOnStop: true },
		]);
	});

	it.each([['../credits'], ['a/b'], ['a?b=c'], ['a#b'], ['..'], ['.'], ['%2e%2e']])(
		'cannot be led to another address by the ID %j',
		async (id) => {
			const api = new FakeApi(answered(200, aTask()));
			await evoLinkClient(api).look(id);
			for (const { path } of api.sent) {
				const { pathname, search, hash } = new URL(`https://api.example.com${path}`);
				expect(pathname).toMatch(/^\/v1\/tasks\/[^/]+$/);
				expect([search, hash]).toEqual(['', '']);
			}
		},
	);

	it.each([
		[undefined, 30_000],
		[4_000, 4_000],
		[90_000, 30_000],
	])('that may take %s ms ends after %d', async (withinMs, ms) => {
		const api = new FakeApi(answered(200, aTask()));
		await evoLinkClient(api).look(TASK_ID, withinMs);
		expect(api.sent).toMatchObject([{ timeoutMs: ms, endsAfterMs: ms }]);
	});

	it.each(['..', 'a b', ''])('for the ID %j finds no task, for nothing', async (taskId) => {
		expect(await evoLinkClient(new FakeApi(answered(200, aTask()))).look(taskId)).toEqual({
			ok: false,
			failure: { kind: 'taskNotFound', charged: 'no', taskId },
		});
	});

	it.each<[string, object]>([
		['under another name', { task_id: TASK_ID, status: 'failed' }],
		['at its wrapper', { id: TASK_ID, data: { ...error('x', 'y'), status: 'failed' } }],
		[
			'at its wrapper, under another name',
			{ task_id: TASK_ID, data: { status: 'failed', progress: 3 } },
		],
	])('tells an end that has the ID %s', async (_where, body) => {
		expect(await look(answered(200, body))).toMatchObject({
			...{ ok: true, value: { state: 'ended', failure: { charged: 'no', taskId: TASK_ID } } },
		});
	});

	it.each([{ results: [VIDEO_URL] }, { output: { url: VIDEO_URL } }, { result_data: [VIDEO_URL] }])(
		'takes what is wrapped for the task: %j',
		async (more) => {
			const body = { id: TASK_ID, data: { status: 'completed', ...more } };
			expect(await look(answered(200, body))).toMatchObject({
				...{ ok: true, value: { state: 'completed', videoUrl: VIDEO_URL } },
			});
		},
	);

	it.each([
		{ id: TASK_ID, results: [VIDEO_URL], data: { status: 'ok', progress: 1 } },
		{ id: TASK_ID, status: 'completed', results: [VIDEO_URL], data: { status: 'failed' } },
	])('takes no word that lies beside a video for its task: %j', async (body) => {
		expect(await look(answered(200, body))).toMatchObject({
			...{ ok: true, value: { state: 'completed', videoUrl: VIDEO_URL } },
		});
	});

	it('gives the state', async () => {
		const done = aTask({ status: 'completed', results: [VIDEO_URL] });
		expect(await look(answered(200, done))).toMatchObject({
			ok: true,
			value: { state: 'completed', videoUrl: VIDEO_URL },
		});
	});

	it.each<[string, HttpResult, FailureKind]>([
		['400', answered(400, error('invalid_task_id', 'Invalid task ID format')), 'taskNotTold'],
		['401', answered(401, error('unauthorized', 'Authentication required')), 'unauthorized'],
		['402', answered(402, error('quota_exceeded', 'Insufficient quota.')), 'outOfCredits'],
		['403', answered(403, error('permission_denied', "You don't have permission")), 'forbidden'],
		['404', answered(404, error('task_not_found', 'Not found')), 'taskNotFound'],
		['404 without a code', answered(404, HTML), 'taskNotFound'],
		['410', answered(410, error('gone', 'Gone')), 'taskNotFound'],
		['410 with HTML', answered(410, HTML), 'gatewayAnswer'],
		['429', answered(429, error('rate_limit_exceeded', 'Rate limit exceeded')), 'rateLimited'],
		['500', answered(500, error('internal_error', 'Failed')), 'serviceTrouble'],
		['200 with HTML', answered(200, HTML), 'unreadableAnswer'],
		['200 with an error', answered(200, error('x', 'y')), 'unreadableAnswer'],
		[
			'an end without its ID',
			answered(200, { ...error('x', 'y'), status: 'failed' }),
			'unreadableAnswer',
		],
		['the same, wrapped', answered(200, { data: { status: 'cancelled' } }), 'unreadableAnswer'],
		['no connection', silent('no'), 'notReached'],
		['a lost reply', silent('unknown'), 'replyLost'],
	])('fails with %s as a value that names the task', async (_label, result, kind) => {
		expect(await look(result)).toMatchObject({ ok: false, failure: { kind, taskId: TASK_ID } });
	});
});

/** Deeper than a call stack goes. */
function nested(levels: number): unknown {
	let value: unknown = 'end';
	for (let level = 0; level < levels; level += 1) value = { [level % 2 ? 'error' : 'data']: value };
	return value;
}

describe('an odd answer', () => {
	it.each([
		['nested 20,000 levels deep', answered(200, nested(20_000))],
		['an error nested 20,000 levels deep', answered(500, nested(20_000))],
		['100 kB of <', answered(502, '<'.repeat(100_000))],
		['a page cut inside its script', answered(403, `<script>${'<script> x '.repeat(90_000)}`)],
		['a page of blanks', answered(502, ' '.repeat(3_000_000))],
		['a message of 3 MB', answered(400, error('x', `${'canceled '.repeat(400_000)}`))],
		['a code of 3 MB', answered(400, error('c'.repeat(3e6), 'm'))],
		['a state of 3 MB', answered(200, aTask({ status: 's'.repeat(3e6) }))],
		[
			'a link of 3 MB',
			answered(200, aTask({ status: 'completed', results: [`https://a/${'x'.repeat(3e6)}`] })),
		],
		['digits without end', answered(200, aTask({ progress: '1'.repeat(3e6) }))],
	])('is read at once and told in few words: %s', async (_label, result) => {
		const began = process.cpuUsage().user;
		const answers = [await submit(result), await look(result)];
		// Each of them took seconds or threw; this many leave room for a slow machine.
		expect(process.cpuUsage().user - began).toBeLessThan(2_000_000);
		const told = answers.flatMap((answer) => ('failure' in answer ? [answer.failure] : []));
		for (const failure of told)
			expect(failureHeadline(failure).length + failureDetails(failure).length).toBeLessThan(3_000);
		expect(JSON.stringify(answers).length).toBeLessThan(50_000);
	});

	it('with a field named __proto__ is data like any other', async () => {
		const body: unknown = JSON.parse(`{"id":"${TASK_ID}","__proto__":{"status":"completed"}}`);
		expect(await look(answered(200, body))).toMatchObject({ value: { state: 'running' } });
		expect({}).not.toHaveProperty('status');
	});
});

describe('a look at another task', () => {
	it.each([
		['another ID', aTask({ id: 'task-unified-1-b' })],
		['another ID inside', { code: 200, data: aTask({ id: 'task-unified-1-b' }) }],
		['an ID that is none', aTask({ id: 42 })],
		['half a surrogate pair', aTask({ id: 'task-\ud800' })],
	])('is not read: %s', async (_label, body) => {
		expect(await look(answered(200, body))).toMatchObject({
			ok: false,
			failure: { kind: 'unreadableAnswer', taskId: TASK_ID },
		});
	});

	it.each([
		['no ID', { status: 'processing' }],
		['the ID inside', { id: 'req_1', status: 'ok', data: aTask() }],
		['a request ID outside, none inside', { id: 'req_1', data: { status: 'processing' } }],
	])('is read: %s', async (_label, body) => {
		expect(await look(answered(200, body))).toMatchObject({ ok: true });
	});

	it.each(['task-\ud800', 'a b', ''])('is not even made for the ID %j', async (id) => {
		const api = new FakeApi(answered(200, aTask()));
		expect(await evoLinkClient(api).look(id)).toMatchObject({ ok: false });
		expect(api.sent).toEqual([]);
	});
});

describe('a look whose answer has another form', () => {
	const done = aTask({ status: 'completed', results: [VIDEO_URL] });
	it.each<[string, unknown]>([
		['in a list', [done]],
		['two levels down', { data: { task: done } }],
		['beside another task', { items: [aTask({ id: 'task-unified-1-other' }), done] }],
		['without a status', { ...done, status: undefined }],
		['with a number for a status', { ...done, status: 3 }],
		['with a list in the list', { ...done, results: [[VIDEO_URL]] }],
		['with a video that has a link', { ...done, results: [{ video: { url: VIDEO_URL } }] }],
		['with a list of videos', { ...done, results: { video_urls: [VIDEO_URL] } }],
		['with the link beside', { ...done, results: undefined, video_url: VIDEO_URL }],
	])('is understood: the task %s', async (_label, body) => {
		expect(await look(answered(200, body))).toMatchObject({
			value: { state: 'completed', videoUrl: VIDEO_URL },
		});
	});

	it.each([
		['a picture only', { cover: { url: VIDEO_URL }, input_video: VIDEO_URL }],
		['nothing', [[]]],
	])('names no video: %s', async (_label, results) => {
		const answer = await look(answered(200, { ...done, results }));
		expect(answer).toMatchObject({ value: { state: 'ended', failure: { kind: 'noVideo' } } });
	});

	it('of a task that another service would call rejected ends when it says why', async () => {
		const rejected = aTask({ status: 'rejected', results: undefined });
		expect(await look(answered(200, rejected))).toMatchObject({ value: { state: 'running' } });
		const why = { ...rejected, error: { code: 'content_filter', message: 'no' } };
		expect(await look(answered(200, why))).toMatchObject({
			value: { state: 'ended', failure: { kind: 'contentPolicy', charged: 'unknown' } },
		});
	});
});

describe('the video among several results', () => {
	const PICTURE = 'https://media.example/cover.jpg?sig=1';
	it.each<[string, unknown]>([
		['a picture first', [PICTURE, VIDEO_URL]],
		['a typed picture first', [{ url: 'https://media.example/1', type: 'image' }, VIDEO_URL]],
		['a thumbnail', { thumbnail: PICTURE, url: VIDEO_URL }],
		['a link of 3 MB first', [`https://a/${'x'.repeat(3e6)}`, VIDEO_URL]],
	])('is found behind %s', async (_label, results) => {
		const done = aTask({ status: 'completed', results });
		expect(await look(answered(200, done))).toMatchObject({ value: { videoUrl: VIDEO_URL } });
	});
});

describe('what is told of a failure', () => {
	it.each<[string, HttpResult, object]>([
		[
			'an error of its own',
			answered(400, error('bad', 'Bad')),
			{ kind: 'taskNotTold', httpStatus: 400, code: 'bad', said: 'Bad' },
		],
		[
			'a status alone',
			answered(500, ''),
			{ kind: 'serviceTrouble', httpStatus: 500, foreign: true },
		],
		[
			'a page',
			answered(502, HTML),
			{ kind: 'serviceTrouble', httpStatus: 502, foreign: true, said: '502 Bad Gateway' },
		],
		[
			'JSON of another service',
			answered(500, { oops: 1 }),
			{ kind: 'serviceTrouble', httpStatus: 500, foreign: true },
		],
		[
			'data that is no task',
			answered(200, { oops: 1 }),
			{ kind: 'unreadableAnswer', httpStatus: 200, said: '{"oops":1}' },
		],
		[
			'an error in a good answer',
			answered(200, error('new', 'New words')),
			{ kind: 'unreadableAnswer', httpStatus: 200, said: 'New words' },
		],
		[
			'a page in a good answer',
			answered(200, HTML),
			{
				kind: 'unreadableAnswer',
				httpStatus: 200,
				said: '502 Bad Gateway',
			},
		],
		['nothing', answered(204, undefined), { kind: 'unreadableAnswer', httpStatus: 204 }],
		['a reply that was lost', silent('unknown', 'reset'), { kind: 'replyLost', said: 'reset' }],
		[
			'a certificate',
			{ answered: false, sent: 'no', reason: 'expired', hindrance: 'certificate' },
			{ kind: 'certificateRefused', said: 'expired', lasting: true },
		],
		[
			'nobody there',
			{ answered: false, sent: 'no', reason: 'refused', hindrance: 'nobodyThere' },
			{ kind: 'notReached', said: 'refused', lasting: true },
		],
		[
			'an answer that broke off',
			{ answered: false, sent: 'unknown', reason: 'cut', httpStatus: 200 },
			{ kind: 'replyLost', said: 'cut', httpStatus: 200 },
		],
	])('of a look: %s', async (_what, result, failure) => {
		// Exactly this: a flag that is set where it is not meant changes what is done next.
		expect(await look(result)).toStrictEqual({
			ok: false,
			failure: { charged: 'no', taskId: TASK_ID, ...failure },
		});
	});
});

describe('credits', () => {
	it('are one GET that a Stop may end, and a number', async () => {
		const balance = { remaining_credits: 10, used_credits: 2 };
		const data = { token: { ...balance, unlimited_credits: true }, user: balance };
		const api = new FakeApi(answered(200, { success: true, data }));
		expect(await evoLinkClient(api).credits()).toMatchObject({
			ok: true,
			value: { available: 10 },
		});
		expect(api.sent).toEqual([
			{
				method: 'GET',
				path: '/v1/credits',
				timeoutMs: 30_000,
				endsAfterMs: 30_000,
				endsOnStop: true,
			},
		]);
	});

	it.each<[string, HttpResult, FailureKind]>([
		['400', answered(400, error(400, 'Invalid request')), 'invalidRequest'],
		['401', answered(401, error(401, 'Invalid or expired token')), 'unauthorized'],
		['403', answered(403, error(403, 'Access denied')), 'forbidden'],
		['429', answered(429, error(429, 'Rate limit exceeded')), 'rateLimited'],
		['500', answered(500, error(500, 'Internal server error')), 'serviceTrouble'],
		['502', answered(502, error(502, 'Upstream service error')), 'serviceTrouble'],
		['503', answered(503, error(503, 'Unavailable')), 'serviceTrouble'],
		['200 of something else', answered(200, { success: true }), 'unreadableAnswer'],
	])('fail with %s, free of charge', async (_label, result, kind) => {
		const answer = await evoLinkClient(new FakeApi(result)).credits();
		expect(answer).toMatchObject({ ok: false, failure: { kind, charged: 'no' } });
	});
});

describe('the key', () => {
	const places: Array<[string, HttpResult]> = [
		['an error text', answered(401, error('unauthorized', `Bad key ${KEY}`))],
		['an error page', answered(500, `<p>Authorization: Bearer ${KEY}</p>`)],
		['an unreadable answer', answered(200, { headers: { authorization: `Bearer ${KEY}` } })],
		[
			'an error at the cut after 500 characters',
			answered(400, error('x', `${'x'.repeat(470)} ${KEY}`)),
		],
		['an unreadable answer at its cut', answered(200, `${'x'.repeat(170)} ${KEY}`)],
		['an error page at its cut', answered(500, `${'<i></i>'.repeat(283)}${KEY}`)],
		['a network error', silent('unknown', `Invalid header "Bearer ${KEY}"`)],
		['a failed task', answered(200, aTask({ status: 'failed', error: `no ${KEY}` }))],
		['a code', answered(400, error(`bad_${KEY}`, 'no'))],
		['the code of a failed task', answered(200, aTask({ status: 'failed', error: { code: KEY } }))],
	];

	it('is in no state, link or ID that is told or stored', async () => {
		const status = `${KEY} completed`;
		const results = [`https://media.example/${KEY}/v.mp4`];
		const task = aTask({ status: 'completed', results, note: { [KEY]: [KEY] } });
		for (const body of [task, aTask({ status }), { ...task, id: KEY }])
			expect(JSON.stringify(await look(answered(200, body)))).not.toContain(KEY.slice(0, 8));
	});

	it.each(places)('is not told by %s', async (_label, result) => {
		const failures = [await submit(result), await look(result)].map((answer) => {
			if ('failure' in answer) return answer.failure;
			const task = 'task' in answer ? answer.task : 'value' in answer ? answer.value : undefined;
			return task !== undefined && 'failure' in task ? task.failure : undefined;
		});
		const raw = await look(answered(200, aTask({ echo: { headers: `Bearer ${KEY}` } })));
		expect(JSON.stringify(raw)).not.toContain(KEY.slice(0, 8));
		expect(raw).toMatchObject({ value: { raw: { echo: { headers: 'Bearer [API key]' } } } });
		for (const failure of failures) {
			expect(failure).toBeDefined();
			const told = failure ? `${failureHeadline(failure)} ${failureDetails(failure)}` : '';
			// Eight characters in a row of it are too many.
			expect(told).not.toContain(KEY.slice(0, 8));
		}
	});
});
