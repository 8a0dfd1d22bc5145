/** The one table against EvoLink's model page, copied by hand here, so that a slip in either is seen. */
import {
	LIMITS,
	MATERIAL_LIMITS,
	MATERIALS,
	MODEL_ID,
	MODE_NAMES,
	MODES,
} from '../../support/imageToVideo';
import { RESULT_LINK_HOURS } from '../../../nodes/WanVideo/wan/resultLink';
import { LABELS } from '../../../nodes/WanVideo/wan/request';

const image = {
	formats: { jpeg: 'JPEG', png: 'PNG (without transparency)', bmp: 'BMP', webp: 'WEBP' },
	minPixels: 240,
	maxPixels: 8000,
	maxAspectRatio: 8,
	maxMegabytes: 20,
};

describe('the table', () => {
	it('names the model', () => {
		expect(MODEL_ID).toBe('wan2.7-image-to-video');
	});

	it('has the three modes with what each needs, takes and refuses', () => {
		const rules = Object.fromEntries(MODE_NAMES.map((mode) => [mode, MODES[mode].materials]));
		expect(rules).toEqual({
			first_frame: {
				firstFrame: 'required',
				lastFrame: 'refused',
				clip: 'refused',
				drivingAudio: 'optional',
			},
			first_last_frame: {
				firstFrame: 'required',
				lastFrame: 'required',
				clip: 'refused',
				drivingAudio: 'optional',
			},
			video_continuation: {
				firstFrame: 'refused',
				lastFrame: 'optional',
				clip: 'required',
				drivingAudio: 'refused',
			},
		});
		expect(Object.keys(MODES)).toEqual([...MODE_NAMES]);
	});

	it('has the ranges, defaults and lengths of the settings', () => {
		expect(LIMITS).toEqual({
			prompt: { maxCharacters: 5000 },
			negativePrompt: { maxCharacters: 500 },
			durationSeconds: { min: 2, max: 15, default: 5 },
			quality: { values: ['720p', '1080p'], default: '720p' },
			seed: { min: 1, max: 2147483647 },
			callbackUrl: { maxCharacters: 2048 },
		});
	});

	it('has the limits of each material', () => {
		expect(MATERIAL_LIMITS).toEqual({
			firstFrame: image,
			lastFrame: image,
			clip: {
				formats: { mp4: 'MP4', mov: 'MOV' },
				minSeconds: 2,
				maxSeconds: 10,
				minPixels: 240,
				maxPixels: 4096,
				maxAspectRatio: 8,
				maxMegabytes: 100,
			},
			drivingAudio: {
				formats: { wav: 'WAV', mp3: 'MP3' },
				minSeconds: 2,
				maxSeconds: 30,
				maxMegabytes: 15,
			},
		});
	});

	it('keeps links for 24 hours', () => {
		expect(RESULT_LINK_HOURS).toBe(24);
	});

	it('has a label for every field, and each label once', () => {
		expect(MATERIALS.every((material) => material in LABELS)).toBe(true);
		expect(new Set(Object.values(LABELS)).size).toBe(Object.keys(LABELS).length);
	});
});
