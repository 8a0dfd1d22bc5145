/**
 * The words of the family: each idea once, with the parameter that a user fills in, its label and its
 * kind. Limits are in no word: they are a model's own (models/). Names on the wire are in evolink/wire.ts.
 */

export type MaterialKind = 'image' | 'clip' | 'sound' | 'document' | 'page';

interface MaterialWord {
	kind: MaterialKind;
	/** What it is called where its source is chosen; of a list the label of its rows together. */
	title: string;
	/** The label of the field that holds its address: problems are told under it. */
	label: string;
	/** The label of the field that names a file of the item. A longer one is cut off in n8n's panel. */
	fileLabel: string;
	/** What one is called in advice, e.g. "one image". */
	noun: string;
	placeholder: string;
	/** What it is for, as the end of "Public address of ...". */
	purpose: string;
	/** Rows of a fixed collection, each called so with its number, as prompts name them. */
	rows?: { group: string; called: string };
}

const word = (entry: MaterialWord): MaterialWord => entry;

/** Every material of every model, in the order in which they stand in a body. */
export const MATERIAL_WORDS = {
	firstFrame: word({
		kind: 'image',
		title: 'First Frame',
		label: 'First Frame URL',
		fileLabel: 'First Frame Input Data Field Name',
		noun: 'image',
		placeholder: 'e.g. https://example.com/first_frame.jpg',
		purpose: 'the image that the video starts from',
	}),
	lastFrame: word({
		kind: 'image',
		title: 'Last Frame',
		label: 'Last Frame URL',
		fileLabel: 'Last Frame Input Data Field Name',
		noun: 'image',
		placeholder: 'e.g. https://example.com/last_frame.jpg',
		purpose: 'the image that the video ends with',
	}),
	referenceImages: word({
		kind: 'image',
		title: 'Reference Images',
		label: 'Reference Images',
		fileLabel: 'Input Data Field Name',
		noun: 'image',
		placeholder: 'e.g. https://example.com/portrait.jpg',
		purpose: 'the image',
		rows: { group: 'image', called: 'Image' },
	}),
	clip: word({
		kind: 'clip',
		title: 'Clip',
		label: 'Clip URL',
		fileLabel: 'Clip Input Data Field Name',
		noun: 'video',
		placeholder: 'e.g. https://example.com/clip.mp4',
		purpose: 'the clip to continue',
	}),
	referenceClips: word({
		kind: 'clip',
		title: 'Reference Clips',
		label: 'Reference Clips',
		fileLabel: 'Input Data Field Name',
		noun: 'video',
		placeholder: 'e.g. https://example.com/clip.mp4',
		purpose: 'the clip',
		rows: { group: 'clip', called: 'Video' },
	}),
	drivingAudio: word({
		kind: 'sound',
		title: 'Driving Audio',
		label: 'Driving Audio URL',
		fileLabel: 'Driving Audio Input Field Name',
		noun: 'audio file',
		placeholder: 'e.g. https://example.com/audio.mp3',
		purpose:
			'the sound that the video follows, e.g. speech that the lips move to. What is longer than the duration is cut off; when it ends earlier, the rest is silent',
	}),
	referenceAudio: word({
		kind: 'sound',
		title: 'Reference Audio',
		label: 'Reference Audio',
		fileLabel: 'Input Data Field Name',
		noun: 'audio file',
		placeholder: 'e.g. https://example.com/audio.mp3',
		purpose: 'the sound',
		rows: { group: 'audio', called: 'Audio' },
	}),
	imageVoices: word({
		kind: 'sound',
		title: 'Voice',
		label: 'Image Voices',
		fileLabel: 'Voice Input Data Field Name',
		noun: 'audio file',
		placeholder: 'e.g. https://example.com/audio.mp3',
		purpose: 'speech in the voice that the person of this image gets',
		rows: { group: 'image', called: 'Image' },
	}),
	clipVoices: word({
		kind: 'sound',
		title: 'Voice',
		label: 'Clip Voices',
		fileLabel: 'Voice Input Data Field Name',
		noun: 'audio file',
		placeholder: 'e.g. https://example.com/audio.mp3',
		purpose: 'speech in the voice that the person of this clip gets, in place of the one in it',
		rows: { group: 'clip', called: 'Video' },
	}),
	document: word({
		kind: 'document',
		title: 'Document',
		label: 'Document URL',
		fileLabel: '',
		noun: 'document',
		placeholder: 'e.g. https://example.com/slides.pdf',
		purpose: 'the document that the video is made from',
	}),
	page: word({
		kind: 'page',
		title: 'Page',
		label: 'Page URL',
		fileLabel: '',
		noun: 'web page',
		placeholder: 'e.g. https://example.com/article',
		purpose: 'the web page that the video is made from. It must open without a login',
	}),
} as const satisfies Readonly<Record<string, MaterialWord>>;

export type Material = keyof typeof MATERIAL_WORDS;

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
	const isName = (name: string): name is Name => Object.hasOwn(table, name);
	return Object.keys(table).filter(isName);
}

/** All materials, in the order of a body. */
export const MATERIAL_NAMES: readonly Material[] = namesOf(MATERIAL_WORDS);

/** The materials that voices belong to, row by row. */
export const VOICES_OF = { referenceImages: 'imageVoices', referenceClips: 'clipVoices' } as const;

interface SettingWord {
	/** The parameter, or the entry of the options collection. */
	parameter: string;
	place: 'panel' | 'options';
	label: string;
	kind: 'text' | 'seconds' | 'number' | 'choice' | 'flag' | 'address';
}

const setting = (entry: SettingWord): SettingWord => entry;

/** Every setting of every model, in the order in which they stand in a body; materials stand behind the texts. */
export const SETTING_WORDS = {
	prompt: setting({
		parameter: 'prompt',
		place: 'panel',
		label: 'Prompt',
		kind: 'text',
	}),
	negativePrompt: setting({
		parameter: 'negativePrompt',
		place: 'options',
		label: 'Negative Prompt',
		kind: 'text',
	}),
	quality: setting({
		parameter: 'quality',
		place: 'panel',
		label: 'Quality',
		kind: 'choice',
	}),
	aspectRatio: setting({
		parameter: 'aspectRatio',
		place: 'panel',
		label: 'Aspect Ratio',
		kind: 'choice',
	}),
	durationSeconds: setting({
		parameter: 'duration',
		place: 'panel',
		label: 'Duration',
		kind: 'seconds',
	}),
	generateAudio: setting({
		parameter: 'generateAudio',
		place: 'options',
		label: 'Generate Audio',
		kind: 'flag',
	}),
	keepOriginalSound: setting({
		parameter: 'keepOriginalSound',
		place: 'options',
		label: 'Keep Original Sound',
		kind: 'flag',
	}),
	seed: setting({
		parameter: 'seed',
		place: 'options',
		label: 'Seed',
		kind: 'number',
	}),
	promptExtend: setting({
		parameter: 'promptExtend',
		place: 'options',
		label: 'Extend Prompt',
		kind: 'flag',
	}),
	callbackUrl: setting({
		parameter: 'callbackUrl',
		place: 'options',
		label: 'Callback URL',
		kind: 'address',
	}),
} as const satisfies Readonly<Record<string, SettingWord>>;

export type Setting = keyof typeof SETTING_WORDS;

/** All settings, in the order of a body. */
export const SETTING_NAMES: readonly Setting[] = namesOf(SETTING_WORDS);

/** The mode of a model that has modes. */
export const MODE_WORD = {
	parameter: 'generationMode',
	label: 'Generation Mode',
};
/** The model itself. */
export const MODEL_WORD = { parameter: 'model', label: 'Model' };
/** How the length is set, where there is a choice. */
export const DURATION_MODE_WORD = { parameter: 'durationMode', label: 'Duration Mode' };
