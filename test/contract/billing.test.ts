// What a task costs: reserved at submit for the asked seconds, charged at the end, given back when
// the task fails.

import { isRecord, type JsonRecord } from '../../sandbox/json';
import { Budget, onEvoLink } from './budget';
import { idOf, Target } from './target';

const budget = new Budget('billing');
let target: Target;
beforeAll(async () => {
	target = await Target.open();
});
afterAll(() => target.close());

async function remaining(): Promise<number> {
	const { body } = await target.call('GET', '/v1/credits');
	const user = isRecord(body.data) ? body.data.user : undefined;
	return Number(isRecord(user) ? user.remaining_credits : NaN);
}

const reservedOf = (body: JsonRecord): number =>
	Number(isRecord(body.usage) ? body.usage.credits_reserved : NaN);

describe('billing', () => {
	const PRICES: ReadonlyArray<[JsonRecord, number]> = [
		[{}, 27.2],
		[{ duration: 2 }, 10.88],
		[{ duration: 5, quality: '1080p' }, 45.424],
		[{ duration: 15, quality: '1080p' }, 136.272],
	];
	for (const [change, credits] of PRICES) {
		budget.sandboxOnly(`${JSON.stringify(change)} reserves ${credits} credits`, async () => {
			const { first } = await target.materials();
			const { body } = await target.submit({ image_start: first, ...change });
			expect(reservedOf(body)).toBe(credits);
		});
	}

	budget.billed(3, 'a continuation is billed on its total duration', async () => {
		const { clip, first } = await target.materials();
		const continued = await target.submit({ video_urls: [clip], duration: 3 });
		idOf(continued);
		if (onEvoLink) return;
		const plain = await target.submit({ image_start: first, duration: 3 });
		expect(reservedOf(continued.body)).toBe(reservedOf(plain.body));
	});

	budget.billed(2, 'a completed task costs what it reserved', async () => {
		const { first } = await target.materials();
		const before = await remaining();
		const submitted = await target.submit({ image_start: first, duration: 2 });
		await target.ended(idOf(submitted));
		const cost = before - (await remaining());
		const reserved = reservedOf(submitted.body);
		// On EvoLink other tasks of the same account may end meanwhile.
		if (onEvoLink) expect(cost).toBeGreaterThan(reserved - 0.001);
		else expect(cost).toBeCloseTo(reserved, 3);
	});

	budget.sandboxOnly('the reserve is taken at once', async () => {
		const { first } = await target.materials();
		const before = await remaining();
		idOf(await target.submit({ image_start: first }));
		expect(before - (await remaining())).toBeCloseTo(27.2, 3);
	});

	for (const fault of [
		{ kind: 'failTask', code: 'service_error' },
		{ kind: 'cancelled' },
	] as const) {
		budget.sandboxOnly(`a task that ends by ${fault.kind} costs nothing`, async () => {
			const { first } = await target.materials();
			await target.sandbox.clock.advance(60_000);
			const before = await remaining();
			target.sandbox.plan({ on: 'submit', fault });
			const id = idOf(await target.submit({ image_start: first }));
			expect(await remaining()).toBeCloseTo(before - 27.2, 3);
			await target.ended(id);
			expect(await remaining()).toBeCloseTo(before, 3);
			const entry = target.sandbox.ledger().find((task) => task.id === id);
			expect(entry).toMatchObject({ creditsReserved: 27.2, creditsCharged: 0 });
		});
	}
});
