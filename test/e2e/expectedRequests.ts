// What each example must put on the wire and get back, written by hand from EvoLink's contract, not from the node's code.

export interface Expected {
	/** The whole body of POST /v1/videos/generations, no field more. */
	body: Record<string, unknown>;
	video: { seconds: number; longSide: number; beginsWith: string };
}

const model = 'wan2.7-image-to-video';

/** Address that the examples give for a material; the sandbox serves examples/media/ for it. */
const at = (file: string) => `https://example.com/${file}`;

export const expectedRequests: Record<string, Expected> = {
	'continue-a-clip': {
		body: {
			model,
			generation_mode: 'video_continuation',
			prompt: 'The boat sails on past the lighthouse',
			video_urls: [at('clip.mp4')],
			image_end: at('last_frame.jpg'),
			duration: 6,
			quality: '720p',
		},
		video: { seconds: 6, longSide: 1280, beginsWith: 'clip.mp4' },
	},
	'first-and-last-frame': {
		body: {
			model,
			generation_mode: 'first_last_frame',
			prompt: 'The day passes over the lighthouse, from dawn to noon',
			image_start: at('first_frame.jpg'),
			image_end: at('last_frame.jpg'),
			duration: 5,
			quality: '720p',
		},
		video: { seconds: 5, longSide: 1280, beginsWith: 'first_frame.jpg' },
	},
	'image-to-video': {
		body: {
			model,
			generation_mode: 'first_frame',
			prompt: 'Waves roll towards the cliff while the lamp of the lighthouse turns',
			image_start: at('first_frame.jpg'),
			duration: 5,
			quality: '720p',
		},
		video: { seconds: 5, longSide: 1280, beginsWith: 'first_frame.jpg' },
	},
	'mode-from-materials': {
		// The mode is left to EvoLink, so no generation_mode.
		body: {
			model,
			prompt: 'From dawn to noon',
			image_start: at('first_frame.jpg'),
			image_end: at('last_frame.jpg'),
			audio_urls: [at('audio.mp3')],
			duration: 5,
			quality: '1080p',
		},
		video: { seconds: 5, longSide: 1920, beginsWith: 'first_frame.jpg' },
	},
	'talking-portrait': {
		body: {
			model,
			generation_mode: 'first_frame',
			prompt: 'A friendly person speaks to the camera',
			negative_prompt: 'Blurry, low quality',
			image_start: at('portrait.jpg'),
			audio_urls: [at('audio.mp3')],
			duration: 4,
			quality: '720p',
			prompt_extend: true,
			seed: 42,
		},
		video: { seconds: 4, longSide: 1280, beginsWith: 'portrait.jpg' },
	},
};
