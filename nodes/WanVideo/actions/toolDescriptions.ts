/**
 * What a language model is told about the node when it is a tool: one text an operation, which the user
 * can change. n8n would say "Generate video in Wan Video" and nothing else.
 */
import type { INodeProperties } from 'n8n-workflow';

import { LIMITS, RESULT_LINK_HOURS } from '../wan/model';

const { min, max } = LIMITS.durationSeconds;

const ARGUMENTS = `Images, clips and sound are given as public http(s) addresses of files. Duration is in whole seconds, ${min} to ${max}; quality is 720p or 1080p.`;
const RESULT = `Give the user the videoUrl and say that it works until expiresAt, ${RESULT_LINK_HOURS} hours after the video was made.`;
const NEXT_STEP = 'When the answer has a nextStep, follow it.';

const TEXTS: Readonly<Record<string, string>> = {
	'video:generate': `Makes a short video with the Wan 2.7 model from an image, a clip or sound, waits for it and returns taskId, status, videoUrl and expiresAt. Every second of video costs money: call it once for each video that the user wants. ${ARGUMENTS} ${RESULT} ${NEXT_STEP} Making a video takes minutes, and may take longer than this tool waits. The same arguments again give the same video without a new charge; for another take, change the prompt or the seed.`,
	'video:submit': `Starts making a short video with the Wan 2.7 model from an image, a clip or sound, and returns its taskId at once, without waiting. Every second of video costs money: call it once for each video that the user wants. ${ARGUMENTS} The video is ready after a few minutes; ask for it by its taskId. ${NEXT_STEP} The same arguments again give the same task without a new charge; for another take, change the prompt or the seed.`,
	'video:check': `Checks a request for a video before it is made, and costs nothing. Returns ok, billedSeconds and the problems that have to be put right first. ${ARGUMENTS}`,
	'task:get': `Looks at the task of a video by its taskId, and costs nothing. Returns status and progress, and when the status is completed, videoUrl and expiresAt. ${RESULT} ${NEXT_STEP}`,
	'task:wait': `Waits some minutes for a video that is being made, by its taskId, and costs nothing. Returns taskId, status, videoUrl and expiresAt. ${RESULT} ${NEXT_STEP}`,
	'account:getCredits':
		'Tells how many credits for making videos are left at EvoLink. Costs nothing.',
};

/** n8n's own name for the parameter: with it there, n8n adds none of its own (run on 1.123 and 2.41). */
export const toolDescriptions: INodeProperties[] = Object.entries(TEXTS).map(([key, text]) => {
	const [resource, operation] = key.split(':');
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: text,
		required: true,
		description:
			'What the language model is told about this tool, so that it knows when to call it',
		displayOptions: { show: { '@tool': [true], resource: [resource], operation: [operation] } },
	};
});
