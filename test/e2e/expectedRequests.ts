// What each example must put on the wire and get back, written by hand from EvoLink's contract, not from the node's code.

type Body = Record<string, unknown>;

export interface Expected {
	/** The whole body of POST /v1/videos/generations, no field more. */
	body: Body;
	video: { seconds: number; longSide: number; beginsWith?: string };
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

/** The examples of the other models that make one video. */
export const familyRequests: Record<string, Expected> = {
	'edit-a-clip': {
		// Neither a duration nor an aspect ratio: both are as the clip's.
		body: {
			model: 'wan2.7-video-edit',
			prompt: 'Make it night, with snow on the rocks',
			video_urls: [at('clip.mp4')],
			keep_original_sound: true,
			quality: '720p',
		},
		video: { seconds: 3, longSide: 1280 },
	},
	'text-to-30-seconds': {
		body: {
			model: 'wan3.0-text-to-video',
			prompt:
				'One take: the camera circles a lighthouse in fog, the lamp goes on, a ship answers with its horn',
			duration: 30,
			aspect_ratio: '16:9',
			quality: '480p',
		},
		video: { seconds: 30, longSide: 832 },
	},
	'text-to-video': {
		body: fromWords('A lighthouse at dawn, waves roll towards the cliff, slow push in', 5),
		video: { seconds: 5, longSide: 1280 },
	},
	'two-characters': {
		body: {
			model: 'wan2.7-reference-video',
			prompt:
				'Image 1 looks out to sea and says: "The sea is calm today." Image 2 answers: "Then we shall sail before noon."',
			image_urls: [at('portrait.jpg'), at('portrait_2.jpg')],
			model_params: {
				voice_bindings: { image1: at('audio.mp3'), image2: at('audio_2.mp3') },
			},
			duration: 5,
			aspect_ratio: '16:9',
			quality: '720p',
		},
		video: { seconds: 5, longSide: 1280 },
	},
};

function fromWords(prompt: string, duration: number): Body {
	const settings = { duration, aspect_ratio: '16:9', quality: '720p' };
	return { model: 'wan2.7-text-to-video', prompt, ...settings };
}

/** The shots of the storyboard in words. */
export const shotBodies = [
	'A lighthouse at dawn, seen from the sea',
	'A fisherman ties a knot on the quay',
	'His boat sails out past the lighthouse',
].map((shot) => fromWords(`${shot}. Watercolour, calm morning light`, 3));

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

/** What the scripted model asks the tools for. */
export const agentBody = fromWords('Snow falls on a lighthouse at night', 5);
export const pictureBody = (address: string) => fromImage(address, 'Snow begins to fall', 5);

/** The examples of which each has a test of its own. */
export const stories = [
	'agent-tool',
	'agent-with-picture',
	'approve-before-it-costs',
	'batch-from-a-table',
	'chain-to-30-seconds',
	'form-to-video',
	'rescue-by-task-id',
	'schedule-with-pause',
	'script-to-portrait',
	'storyboard',
	'storyboard-to-film',
	'submit-then-trigger',
	'table-that-remembers',
];

/** From each picture to the next one. */
export const storyboardBodies: Body[] = [
	['first_frame.jpg', 'last_frame.jpg', 'The morning passes until noon'],
	['last_frame.jpg', 'first_frame.jpg', 'The sun sinks until it stands low again'],
	['first_frame.jpg', 'last_frame.jpg', 'The next day passes until noon'],
].map(([from, to, prompt]) => ({
	model,
	generation_mode: 'first_last_frame',
	prompt,
	image_start: at(from),
	image_end: at(to),
	duration: 2,
	quality: '720p',
}));

/** `sound` is the address that the uploaded speech got; it has 4.05 seconds. */
export const spokenBody = (sound: string): Body => ({
	...fromImage(at('portrait.jpg'), 'A friendly person speaks to the camera', 4),
	audio_urls: [sound],
});

/** The rows of the table as they are at first; the last one cannot be made. */
export const tableRows = [
	{ image: at('first_frame.jpg'), prompt: 'Fog drifts in' },
	{ image: at('last_frame.jpg'), prompt: 'Gulls circle' },
	{ image: 'no address', prompt: 'Nothing' },
];
export const tableBodies: Body[] = tableRows
	.slice(0, 2)
	.map(({ image, prompt }) => fromImage(image, prompt, 2));
