// Workflows with every model of the family: what a builder has in the panel, and what the body must be.
import { type FamilyCase, familyCases } from '../../support/familyParameters';
import type { Workflow } from './examples';
import { byHand, inARow, node, videoNode } from './nodes';

const nameOf = ({ model, what }: FamilyCase) => `${model}: ${what}`;
/** Materials at these addresses are looked into by the sandbox; there is no internet to look at them from here. */
const parametersOf = ({ parameters }: FamilyCase, more: Record<string, unknown>) => {
	const options = { ...(parameters.options as object), checkMaterials: false, ...more };
	return { ...parameters, options };
};

/** Start -> a node 'Video: Submit' for each model and set. */
export function submitAll(callbackUrl: string): Workflow {
	const nodes = familyCases.map((one) => {
		const parameters = { ...parametersOf(one, { callbackUrl }), operation: 'submit' };
		return node(nameOf(one), 'n8n-nodes-wan-video.wanVideo', { parameters });
	});
	return inARow('The family', [node('Start', 'n8n-nodes-base.manualTrigger'), ...nodes]);
}
export const submitNames = familyCases.map(nameOf);

/** The body of each of them, with that callback URL. */
export const bodiesWith = (callback_url: string) =>
	familyCases.map(({ body }) => ({ ...body, callback_url }));

/** Of each model the set with the most in it. */
export const fullest = familyCases.filter(({ what }) => what.includes('everything'));

/** Start -> 'Video: Generate' of one model, with the video. */
export const generateOf = (one: FamilyCase, callbackUrl: string): Workflow =>
	inARow(nameOf(one), [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		node('Wan Video', 'n8n-nodes-wan-video.wanVideo', {
			parameters: parametersOf(one, { callbackUrl }),
		}),
	]);

/** Start -> 'Task: Wait' for these tasks. */
export const waitForAll = (taskIds: string[]): Workflow => ({
	...byHand(0, videoNode({ resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}' })),
	...{ pinData: { Start: taskIds.map((taskId) => ({ json: { taskId } })) } },
});
