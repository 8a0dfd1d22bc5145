/** Lengths that follow a material: what is asked for, and the seconds that come of it. */
import { toBody } from '../../../nodes/WanVideo/evolink/wire';
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import { followsOf } from '../../../nodes/WanVideo/wan/follow';
import { followed, type Measure, wholeSeconds } from '../../../nodes/WanVideo/wan/followed';
import { MODELS } from '../../../nodes/WanVideo/wan/models';
import type { GenerationRequest, RawRequest } from '../../../nodes/WanVideo/wan/request';

const url = (name: string) => ({ url: `https://example.com/${name}` });
const TALKING: RawRequest = {
	...{ mode: 'first_frame', durationMode: 'asAudio', durationSeconds: 9 },
	materials: { firstFrame: url('face.jpg'), drivingAudio: url('voice.mp3') },
};
const LONGER: RawRequest = {
	...{ mode: 'video_continuation', durationMode: 'afterClip', durationSeconds: 5 },
	materials: { clip: url('clip.mp4') },
};

function requestOf(raw: RawRequest): GenerationRequest {
	const checked = checkRequest(raw);
	if (!checked.ok) throw new Error(checked.problems.map(({ text }) => text).join(' '));
	return checked.request;
}
const problemsOf = (raw: RawRequest) => {
	const checked = checkRequest(raw);
	return checked.ok ? [] : checked.problems.map(({ text }) => text);
};
const isLong = (durationSeconds?: number, partly?: string): Measure => ({
	facts: { format: 'mp3', durationSeconds, ...(partly !== undefined && { partly }) },
});
function secondsOf(raw: RawRequest, measure: Measure): number | string {
	const one = followed(requestOf(raw), measure);
	return one.ok ? (toBody(one.request).duration ?? 'none') : one.problem.text;
}

it.each([
	[2, 2],
	[2.01, 2],
	[2.099, 2],
	[2.1, 3],
	[5.1, 6],
	[8.32, 9],
	[14.999, 15],
	[15.09, 15],
	[0.5, 1],
])('%d s are %d whole seconds', (length, whole) => {
	expect(wholeSeconds(length)).toBe(whole);
});

it('image and text to video of 2.7 can follow their sound, image to video its clip, and no other model', () => {
	expect(MODELS.flatMap((model) => followsOf(model).map((word) => [model.id, word]))).toEqual([
		['wan2.7-image-to-video', 'asAudio'],
		['wan2.7-image-to-video', 'afterClip'],
		['wan2.7-text-to-video', 'asAudio'],
	]);
});

describe('as long as the audio', () => {
	it.each([
		[1.96, 2],
		[2.05, 2],
		[7.02, 7],
		[7.4, 8],
		[15.05, 15],
	])('%d s make a video of %d s, whatever stands in Duration', (length, seconds) => {
		expect(secondsOf(TALKING, isLong(length))).toBe(seconds);
	});

	it('the same in text to video', () => {
		const raw = {
			...{ model: 'wan2.7-text-to-video', prompt: 'x', durationMode: 'asAudio' },
			materials: { drivingAudio: url('voice.mp3') },
		};
		expect(secondsOf(raw, isLong(6.3))).toBe(7);
	});

	it('longer than the model can is refused with both numbers', () => {
		expect(secondsOf(TALKING, isLong(18.24))).toMatch(
			/'Driving Audio URL' is 18.24 s long, and Wan 2.7 Image to Video makes at most 15 s\. Cut it/,
		);
		expect(secondsOf(TALKING, isLong(16, 'more than 8 MB'))).toMatch(/at least 16 s long/);
	});

	it.each<[string, Measure, RegExp]>([
		['has no length', isLong(), /could not be read.*its header does not tell/],
		['was read in part', isLong(6, 'more than 8 MB'), /could not be read.*more than 8 MB/],
		['cannot be opened', { unknown: 'its host answers 404' }, /could not be read.*answers 404/],
	])('a sound that %s is refused, never guessed', (_, measure, words) => {
		expect(secondsOf(TALKING, measure)).toMatch(words);
	});

	it('needs a driving audio', () => {
		expect(problemsOf({ ...TALKING, materials: { firstFrame: url('a.jpg') } })).toEqual([
			"'Duration Mode' is 'As Long as the Audio', and 'Driving Audio URL' is not given. Give one, or choose 'Fixed' and enter the seconds.",
		]);
	});
});

describe('seconds to add', () => {
	it.each([
		[4.02, 5, 9],
		[4.2, 5, 10],
		[10.04, 5, 15],
		[2, 13, 15],
		[2, 1, 3],
		[9.95, '3', 13],
	])('a clip of %d s and %p more are %d s', (length, durationSeconds, sum) => {
		expect(secondsOf({ ...LONGER, durationSeconds }, isLong(length))).toBe(sum);
	});

	it.each([
		[
			8.3,
			7,
			/is 7, and 'Clip URL' is 8.3 s long: 16 s together, .* at most 15 s\. Add 6 s at most/,
		],
		[14.95, 1, /Nothing can be added/],
	])('a clip of %d s and %d more are refused', (length, durationSeconds, words) => {
		expect(secondsOf({ ...LONGER, durationSeconds }, isLong(length))).toMatch(words);
	});

	it.each([[0], [14], [2.5], ['']])('%p is no number of seconds to add', (durationSeconds) => {
		expect(problemsOf({ ...LONGER, durationSeconds }).join()).toMatch(
			/'Duration' .*whole number from (1 to 13|2 to 15)/,
		);
	});

	it('needs a clip', () => {
		const raw = { ...LONGER, mode: 'first_frame', materials: { firstFrame: url('a.jpg') } };
		expect(problemsOf(raw)).toEqual([expect.stringMatching(/'Clip URL' is not given/)]);
	});
});

it('what follows a material never goes out before its length is known', () => {
	expect(() => toBody(requestOf(TALKING))).toThrow(/not known/);
	expect(() => toBody(requestOf(LONGER))).toThrow(/not known/);
});

it.each([['asaudio'], ['asClipp'], [7], [null]])(
	'%p is no way to set the length',
	(durationMode) => {
		expect(problemsOf({ ...TALKING, durationMode }).join()).toMatch(
			/'Duration Mode' is .*one of: fixed, asAudio, afterClip/,
		);
	},
);

it('fixed sends what it always did', () => {
	const plain = { ...TALKING, durationMode: undefined };
	expect(toBody(requestOf({ ...TALKING, durationMode: 'fixed' }))).toEqual(
		toBody(requestOf(plain)),
	);
});
