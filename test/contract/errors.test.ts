// Every error that the pages document for the endpoints of the API, against the target. Free of
// charge: none of these requests can become a task.

import { HTTP_ERRORS } from '../../sandbox/contract';
import { onEvoLink } from './budget';
import { aFlag, aNumber } from './matchers';
import { errorOf, idOf, Target } from './target';

let target: Target;
beforeAll(async () => {
	target = await Target.open();
});
afterAll(() => target.close());

const MISSING_TASK = 'task-unified-1757169743-zzzzzzzz';

describe('errors without a task', () => {
	it.each([
		['no key', ''],
		['an unknown key', 'sk-nobody'],
	])('%s is 401 on every endpoint', async (_label, key) => {
		const submitted = await target.call('POST', '/v1/videos/generations', { body: {}, key });
		expect(submitted.status).toBe(401);
		expect(errorOf(submitted)).toMatchObject({
			code: 'unauthorized',
			type: 'authentication_error',
		});
		expect((await target.call('GET', `/v1/tasks/${MISSING_TASK}`, { key })).status).toBe(401);
		expect((await target.call('GET', '/v1/credits', { key })).status).toBe(401);
		expect((await target.call('GET', '/api/v1/files/quota', { key })).status).toBe(401);
	});

	it('a body that is no JSON is 400', async () => {
		const answer = await target.call('POST', '/v1/videos/generations', { body: '{"model":' });
		expect(answer.status).toBe(400);
		expect(errorOf(answer)).toHaveProperty('type', 'invalid_request_error');
	});

	it('a body without materials is 400', async () => {
		const answer = await target.submit({ prompt: 'a cat' });
		expect(answer.status).toBe(400);
		expect(errorOf(answer)).toMatchObject({
			code: 'invalid_request',
			type: 'invalid_request_error',
		});
	});

	it('an ID with another prefix is 400, an unknown one 404', async () => {
		const wrong = await target.look('job-1757169743');
		expect(wrong.status).toBe(400);
		expect(errorOf(wrong)).toMatchObject({ code: 'invalid_task_id', param: 'task_id' });
		const missing = await target.look(MISSING_TASK);
		expect(missing.status).toBe(404);
		expect(errorOf(missing)).toHaveProperty('code', 'task_not_found');
	});

	it('credits have the documented shape', async () => {
		const { status, body } = await target.call('GET', '/v1/credits');
		expect(status).toBe(200);
		expect(body).toMatchObject({
			success: true,
			data: {
				token: {
					remaining_credits: aNumber,
					unlimited_credits: aFlag,
					used_credits: aNumber,
				},
				user: { remaining_credits: aNumber, used_credits: aNumber },
			},
		});
	});
});

// The states these need cannot be had from EvoLink on demand.
if (!onEvoLink) {
	describe('errors of keys and balances', () => {
		it('a key without the model is 403', async () => {
			target.sandbox.addKey({ key: 'sk-other-models', models: ['another-model'] });
			const answer = await target.submit({}, 'sk-other-models');
			expect(answer.status).toBe(403);
			expect(errorOf(answer)).toHaveProperty('code', 'model_access_denied');
		});

		it.each(['expired', 'disabled'] as const)('an %s key is 401', async (state) => {
			target.sandbox.addKey({ key: `sk-${state}`, state });
			expect((await target.submit({}, `sk-${state}`)).status).toBe(401);
		});

		it('too little balance is 402, and nothing is created', async () => {
			const { first } = await target.materials();
			target.sandbox.addKey({ key: 'sk-poor', credits: 10 });
			const before = target.sandbox.ledger().length;
			const answer = await target.submit({ image_start: first }, 'sk-poor');
			expect(answer.status).toBe(402);
			expect(errorOf(answer)).toHaveProperty('code', 'insufficient_quota');
			expect(target.sandbox.ledger()).toHaveLength(before);
		});

		it("a key's own limit counts as well as the balance", async () => {
			const { first } = await target.materials();
			target.sandbox.addKey({ key: 'sk-limited', credits: 1000, limit: 20 });
			expect((await target.submit({ image_start: first }, 'sk-limited')).status).toBe(402);
			const small = await target.submit({ image_start: first, duration: 2 }, 'sk-limited');
			expect(small.status).toBe(200);
		});

		it("another account's task is 403, the same account's is not", async () => {
			const { first } = await target.materials();
			target.sandbox.addKey({ key: 'sk-stranger' });
			target.sandbox.addKey({ key: 'sk-second', account: target.key });
			const id = idOf(await target.submit({ image_start: first }));
			const answer = await target.look(id, 'sk-stranger');
			expect(answer.status).toBe(403);
			expect(errorOf(answer)).toHaveProperty('code', 'permission_denied');
			expect((await target.look(id, 'sk-second')).status).toBe(200);
		});

		const documented = (['submit', 'look', 'credits'] as const).flatMap((place) =>
			Object.keys(HTTP_ERRORS[place]).map((status) => [place, Number(status)] as const),
		);
		it.each(documented)('%s answers %i with the documented body', async (place, status) => {
			target.sandbox.plan({ on: place, fault: { kind: 'status', status } });
			const answer =
				place === 'submit'
					? await target.submit({})
					: await target.call(
							'GET',
							place === 'look' ? `/v1/tasks/${MISSING_TASK}` : '/v1/credits',
						);
			expect(answer.status).toBe(status);
			expect(answer.body).toEqual(HTTP_ERRORS[place][status]?.body);
		});
	});
}
