// What each example must put on the wire and get back, written by hand from EvoLink's contract, not from the node's code.

type Body = Record<string, unknown>;

export interface Expected {
	/** The whole body of POST /v1/videos/generations, no field more. */
	body: Body;
	video: { seconds: number; longSide: number; beginsWith: string };
}

const model = 'wan2.7-image-to-video';

/** Address that the examples give for a material; the sandbox serves examples/media/ for it. */
const at = (file: string) => `https://example.com/${file}`;

/** The examples that make one video of given materials. */
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

/** A body in the mode of a first frame. */
const fromImage = (image_start: string, prompt: string, duration: number): Body => ({
	...{ model, generation_mode: 'first_frame', prompt, image_start, duration, quality: '720p' },
});

/** `image_start` is the address that the uploaded picture got. */
export const formBody = (address: string) => fromImage(address, 'The lamp begins to turn', 5);

/** `clip` is the address of the first task's video. */
export const chainBodies = (clip: string): Body[] => [
	fromImage(at('first_frame.jpg'), 'The sun rises over the lighthouse', 5),
	{
		model,
		generation_mode: 'video_continuation',
		prompt: 'The morning goes on until the sun stands high',
		video_urls: [clip],
		image_end: at('last_frame.jpg'),
		duration: 15,
		quality: '720p',
	},
	{
		model,
		generation_mode: 'first_last_frame',
		prompt: 'The sun sinks until it stands low again',
		image_start: at('last_frame.jpg'),
		image_end: at('first_frame.jpg'),
		duration: 15,
		quality: '720p',
	},
];

const scenes = [
	...[
		'Waves roll towards the cliff',
		'Gulls circle around the tower',
		'Fog drifts in from the sea',
	],
	...['The lamp begins to turn', 'A boat passes behind the rocks', 'Rain sweeps over the cliff'],
	...['The sun breaks through the clouds', 'The grass bends in the wind', 'Snow begins to fall'],
	'The camera moves slowly closer',
];

/** One for each row of the table but the last, which asks for more seconds than there are. */
export const batchBodies: Body[] = [
	...scenes,
	...scenes.map((scene) => `${scene}, seen from the sea`),
]
	.slice(0, 19)
	.map((prompt, index) =>
		fromImage(at(index % 2 === 0 ? 'first_frame.jpg' : 'last_frame.jpg'), prompt, 2),
	);

export const scheduleBody = fromImage(
	at('first_frame.jpg'),
	'The sun rises over the lighthouse',
	5,
);

export const submitBody = expectedRequests['image-to-video'].body;

/** What the scripted model asks the tool for. */
export const agentBody = fromImage(at('first_frame.jpg'), 'Snow begins to fall', 5);

/** The examples of which each has a test of its own. */
export const stories = [
	'agent-tool',
	'batch-from-a-table',
	'chain-to-30-seconds',
	'form-to-video',
	'rescue-by-task-id',
	'schedule-with-pause',
	'submit-then-trigger',
];
