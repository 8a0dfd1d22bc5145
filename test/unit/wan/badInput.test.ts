/**
 * Bad input of every kind in EvoLink's table of fields: each is refused before anything is sent, with
 * the field's label, what is wrong with it and what to do. One row, one mistake.
 */
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import { aRawRequest } from '../../support/builders';

const clipOnly = { mode: 'video_continuation', firstFrame: undefined };
const twoFrames = { mode: 'first_last_frame' };
const clip = 'https://example.com/clip.mp4';
const longUrl = `https://example.com/${'a'.repeat(2029)}`;
/** 1 x 1 GIF. */
const DATA = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';

/** What is wrong | the override | the label that must be named | a word of the advice. */
// prettier-ignore
const CASES: Array<[string, Record<string, unknown>, string, RegExp]> = [
	['a mode that does not exist', { mode: 'foo' }, 'Generation Mode', /first_frame, first_last_frame, video_continuation/],
	['a mode in capitals', { mode: 'FIRST_FRAME' }, 'Generation Mode', /one of/],
	['no mode', { mode: undefined }, 'Generation Mode', /one of/],
	['an empty mode', { mode: '' }, 'Generation Mode', /one of/],
	['a mode that is a number', { mode: 1 }, 'Generation Mode', /one of/],
	['a mode that is a list', { mode: ['first_frame'] }, 'Generation Mode', /one of/],

	['no first frame', { firstFrame: undefined }, 'First Frame URL', /Fill it in/],
	['a blank first frame', { firstFrame: '  ' }, 'First Frame URL', /Fill it in/],
	['a first frame that is no address', { firstFrame: 'cat.jpg' }, 'First Frame URL', /public http\(s\) address/],
	['a path of a file', { firstFrame: '/home/node/cat.jpg' }, 'First Frame URL', /public http\(s\) address/],
	['a data: URL', { firstFrame: DATA }, 'First Frame URL', /public http\(s\) address/],
	['an ftp address', { firstFrame: 'ftp://example.com/cat.jpg' }, 'First Frame URL', /public http\(s\) address/],
	['a file: address', { firstFrame: 'file:///tmp/cat.jpg' }, 'First Frame URL', /public http\(s\) address/],
	['a blob: address', { firstFrame: 'blob:https://example.com/1' }, 'First Frame URL', /public http\(s\) address/],
	['an address without a host', { firstFrame: 'https://' }, 'First Frame URL', /public http\(s\) address/],
	['three slashes in place of a host', { firstFrame: 'https:///first_frame.jpg' }, 'First Frame URL', /public http\(s\) address/],
	['one slash after the colon', { firstFrame: 'https:/example.com/a.jpg' }, 'First Frame URL', /public http\(s\) address/],
	['an address with a space in it', { firstFrame: 'https://example.com/my cat.jpg' }, 'First Frame URL', /public http\(s\) address/],
	['two addresses with a comma', { firstFrame: 'https://example.com/a.jpg, https://example.com/b.jpg' }, 'First Frame URL', /exactly one/],
	['two addresses on two lines', { firstFrame: 'https://example.com/a.jpg\nhttps://example.com/b.jpg' }, 'First Frame URL', /exactly one/],
	['two addresses with a semicolon', { firstFrame: 'https://example.com/a.jpg;https://example.com/b.jpg' }, 'First Frame URL', /exactly one/],
	['a list of one address', { firstFrame: ['https://example.com/a.jpg'] }, 'First Frame URL', /one image/],
	['a list of two addresses', { firstFrame: ['https://a.example', 'https://b.example'] }, 'First Frame URL', /one image/],
	['an object', { firstFrame: { url: 'https://example.com/a.jpg' } }, 'First Frame URL', /one image/],
	['a number', { firstFrame: 42 }, 'First Frame URL', /one image/],
	['a boolean', { firstFrame: true }, 'First Frame URL', /one image/],

	['no last frame where two are needed', twoFrames, 'Last Frame URL', /Fill it in/],
	['a last frame where none is taken', { lastFrame: 'https://example.com/l.jpg' }, 'Last Frame URL', /Empty it/],
	['an ftp last frame', { ...twoFrames, lastFrame: 'ftp://example.com/l.jpg' }, 'Last Frame URL', /one image/],
	['a list as last frame', { ...twoFrames, lastFrame: ['https://example.com/l.jpg'] }, 'Last Frame URL', /one image/],

	['no clip to continue', clipOnly, 'Clip URL', /Fill it in/],
	['a clip where none is taken', { clip }, 'Clip URL', /Video Continuation/],
	['a data: clip', { ...clipOnly, clip: 'data:video/mp4;base64,AAAA' }, 'Clip URL', /one video/],
	['two clips', { ...clipOnly, clip: `${clip},${clip}` }, 'Clip URL', /exactly one/],
	['a list of clips', { ...clipOnly, clip: [clip] }, 'Clip URL', /one video/],
	['a first frame beside a clip', { ...clipOnly, clip, firstFrame: 'https://example.com/a.jpg' }, 'First Frame URL', /Empty it/],

	['driving audio beside a clip', { ...clipOnly, clip, drivingAudio: 'https://example.com/a.mp3' }, 'Driving Audio URL', /Empty it/],
	['driving audio that is no address', { drivingAudio: 'voice.mp3' }, 'Driving Audio URL', /one audio file/],
	['two driving audios', { drivingAudio: 'https://example.com/a.mp3 https://example.com/b.mp3' }, 'Driving Audio URL', /exactly one/],
	['an object as driving audio', { drivingAudio: { url: 'https://example.com/a.mp3' } }, 'Driving Audio URL', /one audio file/],

	['a prompt that is a boolean', { prompt: true }, 'Prompt', /text/],
	['a prompt that is a list', { prompt: ['A cat'] }, 'Prompt', /text/],
	['a prompt that is an object', { prompt: { text: 'A cat' } }, 'Prompt', /text/],
	['a negative prompt that is a boolean', { negativePrompt: false }, 'Negative Prompt', /text/],
	['a negative prompt that is a list', { negativePrompt: ['blurry'] }, 'Negative Prompt', /text/],

	['a duration of 1', { durationSeconds: 1 }, 'Duration', /from 2 to 15 seconds/],
	['a duration of 16', { durationSeconds: 16 }, 'Duration', /from 2 to 15 seconds/],
	['a duration of 0', { durationSeconds: 0 }, 'Duration', /from 2 to 15 seconds/],
	['a negative duration', { durationSeconds: -5 }, 'Duration', /from 2 to 15 seconds/],
	['a duration of 5.5', { durationSeconds: 5.5 }, 'Duration', /whole number/],
	['a duration in hexadecimal', { durationSeconds: '0x5' }, 'Duration', /"0x5".*whole number/],
	['a duration with a power of ten', { durationSeconds: '1e1' }, 'Duration', /"1e1".*whole/],
	['a duration with its unit behind a blank', { durationSeconds: '5 seconds' }, 'Duration', /"5 seconds".*whole/],
	['a seed in hexadecimal', { seed: '0x2A' }, 'Seed', /"0x2A".*whole number/],
	['a duration of 5.5 as text', { durationSeconds: '5.5' }, 'Duration', /whole number/],
	['a duration in words', { durationSeconds: 'abc' }, 'Duration', /whole number/],
	['a duration with its unit', { durationSeconds: '5s' }, 'Duration', /whole number/],
	['a duration that is a boolean', { durationSeconds: true }, 'Duration', /whole number/],
	['a duration that is a list', { durationSeconds: [5] }, 'Duration', /whole number/],
	['a duration that is an object', { durationSeconds: { seconds: 5 } }, 'Duration', /whole number/],
	['a duration that is no number', { durationSeconds: Number.NaN }, 'Duration', /whole number/],
	['an endless duration', { durationSeconds: Infinity }, 'Duration', /whole number/],

	['quality 4k', { quality: '4k' }, 'Quality', /720p, 1080p/],
	['quality 480p', { quality: '480p' }, 'Quality', /720p, 1080p/],
	['quality in capitals', { quality: '1080P' }, 'Quality', /720p, 1080p/],
	['quality as a number', { quality: 720 }, 'Quality', /720p, 1080p/],

	['seed 0', { seed: 0 }, 'Seed', /from 1 to 2147483647.*random seed/],
	['a negative seed', { seed: -1 }, 'Seed', /from 1 to 2147483647/],
	['a seed that is too large', { seed: 2_147_483_648 }, 'Seed', /from 1 to 2147483647/],
	['a fractional seed', { seed: 1.5 }, 'Seed', /whole number/],
	['a seed in words', { seed: 'random' }, 'Seed', /whole number/],
	['a seed that is a boolean', { seed: true }, 'Seed', /whole number/],

	['prompt rewriting in words', { promptExtend: 'maybe' }, 'Extend Prompt', /true or false/],
	['prompt rewriting as a number', { promptExtend: 2 }, 'Extend Prompt', /true or false/],
	['prompt rewriting as a list', { promptExtend: [true] }, 'Extend Prompt', /true or false/],

	['an http callback', { callbackUrl: 'http://example.com/hook' }, 'Callback URL', /https/],
	['a callback that is no address', { callbackUrl: 'example.com/hook' }, 'Callback URL', /https/],
	['a callback without a host', { callbackUrl: 'https://' }, 'Callback URL', /https/],
	['a callback of 2049 characters', { callbackUrl: longUrl }, 'Callback URL', /2048/],
	['a callback that is a list', { callbackUrl: ['https://example.com/'] }, 'Callback URL', /text/],
	['a callback to 127.0.0.1', { callbackUrl: 'https://127.0.0.1/hook' }, 'Callback URL', /internal/],
	['a callback to 127.8.8.8', { callbackUrl: 'https://127.8.8.8/' }, 'Callback URL', /internal/],
	['a callback to 127.1', { callbackUrl: 'https://127.1/' }, 'Callback URL', /internal/],
	['a callback to 127.0.0.1 as one number', { callbackUrl: 'https://2130706433/' }, 'Callback URL', /internal/],
	['a callback to localhost', { callbackUrl: 'https://localhost:5678/webhook' }, 'Callback URL', /internal/],
	['a callback to localhost with a dot', { callbackUrl: 'https://localhost./webhook' }, 'Callback URL', /internal/],
	['a callback to 10.x', { callbackUrl: 'https://10.0.0.1/' }, 'Callback URL', /internal/],
	['a callback to 172.16.x', { callbackUrl: 'https://172.16.0.1/' }, 'Callback URL', /internal/],
	['a callback to 172.31.x', { callbackUrl: 'https://172.31.255.255/' }, 'Callback URL', /internal/],
	['a callback to 192.168.x', { callbackUrl: 'https://192.168.1.1/' }, 'Callback URL', /internal/],
	['a callback to 169.254.x', { callbackUrl: 'https://169.254.169.254/' }, 'Callback URL', /internal/],
	['a callback to 0.0.0.0', { callbackUrl: 'https://0.0.0.0/' }, 'Callback URL', /internal/],
	['a callback to ::1', { callbackUrl: 'https://[::1]/' }, 'Callback URL', /internal/],
	['a callback to fd00::', { callbackUrl: 'https://[fd00::1]/' }, 'Callback URL', /internal/],
	['a callback to a mapped address', { callbackUrl: 'https://[::ffff:10.0.0.1]/' }, 'Callback URL', /internal/],
];

describe('bad input', () => {
	it(`is a table of at least 45 kinds`, () => {
		expect(CASES.length).toBeGreaterThanOrEqual(45);
		expect(new Set(CASES.map(([label]) => label)).size).toBe(CASES.length);
	});

	it.each(CASES)('%s', (_label, override, label, advice) => {
		const result = checkRequest(aRawRequest(override));
		expect(result.ok).toBe(false);
		const texts = result.ok ? [] : result.problems.map(({ text }) => text);
		const named = texts.filter((text) => text.startsWith(`'${label}' `));
		expect(named).toHaveLength(1);
		expect(named[0]).toMatch(advice);
		expect(texts).toHaveLength(1);
		expect(named[0]).toMatch(/\.$/);
	});
});
