// One video from clips: they are downloaded, then a request tells the bench that joining begins.

import type { Workflow } from '../../test/e2e/support/examples';
import { node, start, workflow } from './nodes';

export const JOIN = 'Join';

/** Webhook, items, a clip each, and from there first the gate, then Wan Video: n8n goes from top to bottom. */
export const joinWorkflow = (clipsUrl: string, gateUrl: string): Workflow => {
	const gate = node('Gate', 'n8n-nodes-base.httpRequest', 4.2, { url: gateUrl, options: {} });
	const join = node(JOIN, 'n8n-nodes-wan-video.wanVideo', 1, { operation: 'join' });
	return workflow(
		'Join clips',
		[
			...start(),
			node('Clips', 'n8n-nodes-base.httpRequest', 4.2, {
				url: `=${clipsUrl}/{{ $json.number }}.mp4`,
				options: { response: { response: { responseFormat: 'file' } } },
			}),
			{ ...gate, position: [200, -200], executeOnce: true } as typeof gate,
			{ ...join, position: [200, 200] },
		],
		[
			['Webhook', 'Items'],
			['Items', 'Clips'],
			['Clips', 'Gate'],
			['Clips', JOIN],
		],
	);
};
