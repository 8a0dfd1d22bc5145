// One video from clips, and beside it nothing but their bytes in one file: a request tells the bench where each begins and ends.

import type { Workflow } from '../../test/e2e/support/examples';
import { type BenchNode, node, start, workflow } from './nodes';

export const JOIN = 'Join';
export const COPY = 'Copy';
/** In the order in which the bench hears of them. */
export type Gate = 'clips' | 'joined' | 'copied';

/** Webhook, items, a clip each, and from there the branches one after the other: n8n goes from top to bottom. */
export const joinWorkflow = (clipsUrl: string, gateUrl: string): Workflow => {
	const gate = (name: Gate) => ({
		...node(name, 'n8n-nodes-base.httpRequest', 4.2, { url: `${gateUrl}/${name}`, options: {} }),
		executeOnce: true,
	});
	const branches: BenchNode[] = [
		gate('clips'),
		node(JOIN, 'n8n-nodes-wan-video.wanVideo', 1, { operation: 'join' }),
		gate('joined'),
		node(COPY, 'CUSTOM.copyBytes', 1, {}),
		gate('copied'),
	];
	return workflow(
		'Join clips',
		[
			...start(),
			node('Clips', 'n8n-nodes-base.httpRequest', 4.2, {
				url: `=${clipsUrl}/{{ $json.number }}.mp4`,
				options: { response: { response: { responseFormat: 'file' } } },
			}),
			...branches.map((one, i): BenchNode => ({ ...one, position: [200, 200 * i] })),
		],
		[
			['Webhook', 'Items'],
			['Items', 'Clips'],
			...branches.map(({ name }): [string, string] => ['Clips', name]),
		],
	);
};
