/** Between the domain's request and EvoLink's JSON body: the one place that knows the wire's field names (seed). */
import { MODEL_ID } from '../wan/model';
import type { GenerationRequest } from '../wan/request';

/** Body of `POST /v1/videos/generations`. Only what the user set is in it: no null, no empty value. */
export interface GenerationBody {
	model: string;
	generation_mode?: string;
	prompt?: string;
	negative_prompt?: string;
	image_start?: string;
	image_end?: string;
	video_urls?: [string];
	audio_urls?: [string];
	quality?: string;
	duration?: number;
	seed?: number;
	prompt_extend?: boolean;
	callback_url?: string;
}

/** Which field of the request each of EvoLink's is, where the two names are not alike. */
export const WIRE_FIELDS = {
	image_start: 'firstFrame',
	image_end: 'lastFrame',
	video_urls: 'clip',
	audio_urls: 'drivingAudio',
	prompt_extend: 'promptExtend',
	callback_url: 'callbackUrl',
} as const satisfies Partial<Record<keyof GenerationBody, keyof GenerationRequest>>;

/** The body for a checked request. */
export function toBody(request: GenerationRequest): GenerationBody {
	const { mode, clip, drivingAudio } = request;
	return {
		model: MODEL_ID,
		...(mode !== 'auto' && { generation_mode: mode }),
		...(request.prompt !== undefined && { prompt: request.prompt }),
		...(request.negativePrompt !== undefined && { negative_prompt: request.negativePrompt }),
		...(request.firstFrame !== undefined && { image_start: request.firstFrame }),
		...(request.lastFrame !== undefined && { image_end: request.lastFrame }),
		...(clip !== undefined && { video_urls: [clip] as [string] }),
		...(drivingAudio !== undefined && { audio_urls: [drivingAudio] as [string] }),
		...(request.quality !== undefined && { quality: request.quality }),
		...(request.durationSeconds !== undefined && { duration: request.durationSeconds }),
		...(request.seed !== undefined && { seed: request.seed }),
		...(request.promptExtend !== undefined && { prompt_extend: request.promptExtend }),
		...(request.callbackUrl !== undefined && { callback_url: request.callbackUrl }),
	};
}
