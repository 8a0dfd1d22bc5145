/** The look into materials: each once, many at once, few of one place. */
import { inspectAll, type MaterialDoor } from '../../../nodes/WanVideo/generation/inspect';
import { bufferSource } from '../../../nodes/WanVideo/media/source';
import type { MaterialSource } from '../../../nodes/WanVideo/wan/materialSource';

/** A door that notes how many are open at once, in all and of each lane. */
class Door implements MaterialDoor {
	readonly opened: string[] = [];
	readonly most = new Map<string, number>();
	private readonly open_ = new Map<string, number>();

	constructor(private readonly atOnce: Readonly<Record<string, number>>) {}

	laneOf(material: MaterialSource) {
		const lane = 'url' in material ? new URL(material.url).host : 'files';
		return { lane, atOnce: this.atOnce[lane] ?? 6 };
	}

	async open(material: MaterialSource) {
		const { lane } = this.laneOf(material);
		this.opened.push('url' in material ? material.url : material.file);
		for (const key of [lane, 'all']) this.count(key, 1);
		for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
		return {
			source: bufferSource(Buffer.from('<html>')),
			close: async () => {
				for (const key of [lane, 'all']) this.count(key, -1);
				await Promise.resolve();
			},
		};
	}

	private count(key: string, by: number): void {
		const now = (this.open_.get(key) ?? 0) + by;
		this.open_.set(key, now);
		this.most.set(key, Math.max(now, this.most.get(key) ?? 0));
	}
}

const urls = (host: string, count: number) =>
	Array.from({ length: count }, (_, number) => ({ url: `https://${host}/${number}.jpg` }));

it('goes to many hosts at once, and opens few of one', async () => {
	const door = new Door({ 'own.example.com': 20 });
	const hosts = Array.from({ length: 12 }, (_, number) => urls(`h${number}.example.com`, 10));
	const seen = await inspectAll([...urls('own.example.com', 40), ...hosts.flat()], door);
	expect(seen.size).toBe(160);
	expect(door.most.get('own.example.com')).toBeLessThanOrEqual(20);
	for (const [lane, most] of door.most) if (/^h/.test(lane)) expect(most).toBeLessThanOrEqual(6);
	expect(door.most.get('all')).toBe(40);
});

it('looks into 40 addresses of the own host in two rounds', async () => {
	const door = new Door({ 'own.example.com': 20 });
	await inspectAll(urls('own.example.com', 40), door);
	expect(door.most.get('all')).toBe(20);
});

it('looks into equal addresses once', async () => {
	const door = new Door({});
	const seen = await inspectAll([...urls('a.example.com', 1), ...urls('a.example.com', 1)], door);
	expect([seen.size, door.opened.length]).toEqual([1, 1]);
});
