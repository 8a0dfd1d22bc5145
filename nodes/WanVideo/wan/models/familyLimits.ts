/** Limits and settings that several of EvoLink's pages repeat. */
import type { MaterialLimits, Settings } from './model';

export const IMAGE: MaterialLimits = {
	formats: { jpeg: 'JPEG', png: 'PNG (without transparency)', bmp: 'BMP', webp: 'WEBP' },
	minPixels: 240,
	maxPixels: 8000,
	maxAspectRatio: 8,
	maxMegabytes: 20,
};

export const clipOf = (minSeconds: number, maxSeconds: number): MaterialLimits => ({
	formats: { mp4: 'MP4', mov: 'MOV' },
	minSeconds,
	maxSeconds,
	minPixels: 240,
	maxPixels: 4096,
	maxAspectRatio: 8,
	maxMegabytes: 100,
});

export const soundOf = (minSeconds: number, maxSeconds: number): MaterialLimits => ({
	formats: { wav: 'WAV', mp3: 'MP3' },
	minSeconds,
	maxSeconds,
	maxMegabytes: 15,
});

const MAX_SEED = 2_147_483_647;

/** The settings of the four models of 2.7, but for what each says of its own. */
export const SETTINGS_27 = {
	negativePrompt: { maxCharacters: 500 },
	quality: { values: ['720p', '1080p'], default: '720p' },
	seed: { min: 1, max: MAX_SEED },
	promptExtend: { default: false },
	callbackUrl: { maxCharacters: 2048 },
} as const satisfies Partial<Settings>;

export const prompt27 = (needed: boolean) => ({ maxCharacters: 5000, needed });
export const DURATION_27 = { min: 2, max: 15, default: 5 } as const;
export const SHAPES = ['16:9', '9:16', '1:1', '4:3', '3:4'] as const;

/** The settings of the models of 3.0 and 3.0 prime. */
export const SETTINGS_30 = {
	quality: { values: ['480p', '720p', '1080p'], default: '720p' },
	aspectRatio: { values: ['adaptive', ...SHAPES], default: 'adaptive' },
	durationSeconds: { min: 2, max: 30, default: 5, open: 'smart' },
	generateAudio: { default: true },
	seed: { min: 0, max: MAX_SEED },
	callbackUrl: { maxCharacters: 2048 },
} as const satisfies Partial<Settings>;

export const prompt30 = (needed: boolean) => ({ maxCharacters: 20_000, needed });
/** What a video of 3.0 whose length the model chooses is reserved for. */
export const BILLING_30 = { openUpToSeconds: 30 } as const;
