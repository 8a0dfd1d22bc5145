// What users would have otherwise: HTTP Request, Wait and If put together by hand, in the two shapes that templates have,
// and n8n's built-in MiniMax node, which stands for the built-in video nodes.

import type { Workflow } from '../../test/e2e/support/examples';
import { type BenchNode, node, PICTURE, start, workflow } from './nodes';

const httpRequest = (name: string, parameters: Record<string, unknown>, needs?: string) =>
	node(name, 'n8n-nodes-base.httpRequest', 4.2, parameters, needs === undefined ? {} : { needs });

const keyed = { authentication: 'predefinedCredentialType', nodeCredentialType: 'evoLinkApi' };

/** The paid POST, for all items at once (n8n's default). */
const submit = (apiUrl: string) =>
	httpRequest(
		'Submit',
		{
			...keyed,
			method: 'POST',
			url: `${apiUrl}/v1/videos/generations`,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: `={{ JSON.stringify({ model: 'wan2.7-image-to-video', generation_mode: 'first_frame', prompt: 'item ' + $json.number, image_start: '${PICTURE}', duration: 2, quality: '720p' }) }}`,
			options: {},
		},
		'evoLinkApi',
	);

const look = (apiUrl: string) =>
	httpRequest(
		'Look',
		{ ...keyed, url: `=${apiUrl}/v1/tasks/{{ $json.id }}`, options: {} },
		'evoLinkApi',
	);

/** The video as a file, streamed to n8n's binary store. */
const download = (url = '={{ $json.results[0] }}') =>
	httpRequest('Download', {
		url,
		options: { response: { response: { responseFormat: 'file' } } },
	});

const wait = (seconds: number) =>
	node('Wait', 'n8n-nodes-base.wait', 1.1, { amount: seconds, unit: 'seconds' });

const isDone = () =>
	node('Done?', 'n8n-nodes-base.if', 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
			conditions: [
				{
					id: 'done',
					leftValue: '={{ $json.status }}',
					rightValue: 'completed',
					operator: { type: 'string', operation: 'equals' },
				},
			],
			combinator: 'and',
		},
		options: {},
	});

/** One item after the other: Loop Over Items around submit, wait, look, if, download. */
export const loopWorkflow = (apiUrl: string, waitSeconds: number): Workflow =>
	workflow(
		'By hand, one after the other',
		[
			...start(),
			node('Loop', 'n8n-nodes-base.splitInBatches', 3, { options: {} }),
			submit(apiUrl),
			wait(waitSeconds),
			look(apiUrl),
			isDone(),
			download(),
		],
		[
			['Webhook', 'Items'],
			['Items', 'Loop'],
			['Loop', 1, 'Submit'],
			['Submit', 'Wait'],
			['Wait', 'Look'],
			['Look', 'Done?'],
			['Done?', 0, 'Download'],
			['Done?', 1, 'Wait'],
			['Download', 'Loop'],
		],
	);

/** All items at once: what is not done goes back to the wait. */
export const allAtOnceWorkflow = (apiUrl: string, waitSeconds: number): Workflow =>
	workflow(
		'By hand, all at once',
		[...start(), submit(apiUrl), wait(waitSeconds), look(apiUrl), isDone(), download()],
		[
			['Webhook', 'Items'],
			['Items', 'Submit'],
			['Submit', 'Wait'],
			['Wait', 'Look'],
			['Look', 'Done?'],
			['Done?', 0, 'Download'],
			['Done?', 1, 'Wait'],
		],
	);

/** The bare calls of an instant task, once for every item: submit, look, download. */
export const bareCallsWorkflow = (apiUrl: string): Workflow =>
	workflow(
		'Bare calls',
		[...start(), submit(apiUrl), look(apiUrl), download()],
		[
			['Webhook', 'Items'],
			['Items', 'Submit'],
			['Submit', 'Look'],
			['Look', 'Download'],
		],
	);

/** One file by HTTP Request. */
export const downloadWorkflow = (url: string): Workflow =>
	workflow(
		'HTTP Request',
		[...start(), download(url)],
		[
			['Webhook', 'Items'],
			['Items', 'Download'],
		],
	);

/** n8n's own node for MiniMax (Hailuo): looks every 15 seconds, one item after the other, whole file in memory. */
export const builtInWorkflow = (extra: Partial<BenchNode> = {}): Workflow =>
	workflow(
		'Built-in node',
		[
			...start(),
			node(
				'MiniMax',
				'@n8n/n8n-nodes-langchain.minimax',
				1.2,
				{
					resource: 'video',
					operation: 'textToVideo',
					modelId: 'MiniMax-Hailuo-2.3',
					prompt: '={{ "item " + $json.number }}',
					duration: 6,
					resolution: '768P',
					downloadVideo: true,
					options: {},
				},
				{ needs: 'minimaxApi', ...extra },
			),
		],
		[
			['Webhook', 'Items'],
			['Items', 'MiniMax'],
		],
	);
