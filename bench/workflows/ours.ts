// The workflow of this package: one node.

import type { Workflow } from '../../test/e2e/support/examples';
import { node, type BenchNode, PICTURE, start, workflow } from './nodes';

export const OURS = 'Wan Video';

/** Webhook, items, Wan Video. */
export const oursWorkflow = (
	options: Record<string, unknown> = {},
	extra: Partial<BenchNode> = {},
): Workflow =>
	workflow(
		'Ours',
		[
			...start(),
			node(
				OURS,
				'n8n-nodes-wan-video.wanVideo',
				1,
				{
					generationMode: 'first_frame',
					firstFrameUrl: PICTURE,
					prompt: '={{ "item " + $json.number }}',
					duration: 2,
					// The address of the picture stands for one: nothing is there to be looked into.
					options: { checkMaterials: false, ...options },
				},
				{ needs: 'evoLinkApi', ...extra },
			),
		],
		[
			['Webhook', 'Items'],
			['Items', OURS],
		],
	);
