/** What each answer of EvoLink means for the user's money: accepted, refused (surely free) or unknown (never again). */
import { evoLinkClient, type SubmitAnswer } from '../../../nodes/WanVideo/evolink/client';
import type { FailureKind } from '../../../nodes/WanVideo/evolink/catalogue';
import { failureDetails, failureHeadline } from '../../../nodes/WanVideo/evolink/failure';
import type { HttpResult } from '../../../nodes/WanVideo/evolink/http';
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
	])('is accepted by %s', async (_label, result) => {
		expect(await submit(result)).toMatchObject({ outcome: 'accepted', taskId: TASK_ID });
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
		['301', answered(301, ''), 'addressWrong'],
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
		['409 with HTML', answered(409, HTML), 'unreadableAnswer'],
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

	it.each<[string, HttpResult]>([
		['500 with the task in it', answered(500, aTask())],
		[
			'504 with its ID in the text',
			answered(504, error('timeout', `Task ${TASK_ID} was created.`)),
		],
		['502 with its ID in a page', answered(502, `<p>${TASK_ID}</p>`)],
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
	])('is accepted where a good answer has the ID %s', async (_label, body) => {
		expect(await submit(answered(200, body))).toMatchObject({
			outcome: 'accepted',
			taskId: TASK_ID,
		});
	});

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

	it('gives the state', async () => {
		const done = aTask({ status: 'completed', results: [VIDEO_URL] });
		expect(await look(answered(200, done))).toMatchObject({
			ok: true,
			value: { state: 'completed', videoUrl: VIDEO_URL },
		});
	});

	it.each<[string, HttpResult, FailureKind]>([
		['400', answered(400, error('invalid_task_id', 'Invalid task ID format')), 'invalidRequest'],
		['401', answered(401, error('unauthorized', 'Authentication required')), 'unauthorized'],
		['402', answered(402, error('quota_exceeded', 'Insufficient quota.')), 'outOfCredits'],
		['403', answered(403, error('permission_denied', "You don't have permission")), 'forbidden'],
		['404', answered(404, error('task_not_found', 'Not found')), 'taskNotFound'],
		['404 without a code', answered(404, HTML), 'taskNotFound'],
		['429', answered(429, error('rate_limit_exceeded', 'Rate limit exceeded')), 'rateLimited'],
		['500', answered(500, error('internal_error', 'Failed')), 'serviceTrouble'],
		['200 with HTML', answered(200, HTML), 'unreadableAnswer'],
		['200 with an error', answered(200, error('x', 'y')), 'unreadableAnswer'],
		['no connection', silent('no'), 'notReached'],
		['a lost reply', silent('unknown'), 'replyLost'],
	])('fails with %s as a value that names the task', async (_label, result, kind) => {
		expect(await look(result)).toMatchObject({ ok: false, failure: { kind, taskId: TASK_ID } });
	});
});

describe('credits', () => {
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
	];

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
