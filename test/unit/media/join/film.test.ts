// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** Films from clips as the Wan family and others make them. ffmpeg is the judge: no message, every frame of every clip in order, sound in time at each seam. */
import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { type Film, type FilmVerdict, filmOf } from '../../../../nodes/WanVideo/media/join/film';
import { readClip } from '../../../../nodes/WanVideo/media/join/readClip';
import { mp4Proof } from '../../../../nodes/WanVideo/media/mp4';
import { streamSource } from '../../../../nodes/WanVideo/media/source';
import { decode, type Decoded, driftOf } from '../../../support/filmJudge';
import { clipFolder } from '../../../support/testClips';
import { runs, someOf } from '../../../support/thorough';

jest.setTimeout(60_000);
const clips = clipFolder();
afterAll(() => clips.remove());
let films = 0;
const judged = new Map<string, Promise<Decoded>>();

beforeAll(async () => {
	await clips.make('plain.mp4', { seconds: 3, more: ['-movflags', '+faststart'] });
	await clips.make('behind.mp4', { seconds: 2, hue: 60 });
	await clips.make('no-b-frames.mp4', { seconds: 2.3, hue: 120, more: ['-bf', '0', '-g', '30'] });
	await clips.make('24fps.mp4', { seconds: 2, fps: '24', hue: 180 });
	await clips.make('29.97fps.mp4', { seconds: 2.002, fps: '30000/1001', hue: 220 });
	await clips.make('16fps.mp4', { seconds: 2, fps: '16', hue: 240 });
	await clips.make('silent.mp4', { seconds: 2, hue: 30, sound: 'none' });
	await clips.make('44k.mp4', { seconds: 2, sound: { rate: 44_100, channels: 2 } });
	await clips.make('mono.mp4', { seconds: 2, sound: { rate: 48_000, channels: 1 } });
	await clips.make('large.mp4', { seconds: 1, size: '640x360' });
	await clips.make('tall.mp4', { seconds: 1, size: '180x320' });
	await clips.make('settings.mp4', {
		seconds: 2,
		more: ['-profile:v', 'main', '-bf', '0', '-x264-params', 'cabac=0:8x8dct=0'],
	});
	await clips.make('mpeg4.mp4', { seconds: 1, codec: 'mpeg4' });
	await clips.remux('90k.mp4', 'plain.mp4', '-video_track_timescale', '90000');
	await clips.remux('no-edits.mp4', 'plain.mp4', '-use_editlist', '0');
	await clips.remux('fragments.mp4', 'plain.mp4', '-movflags', '+frag_keyframe+empty_moov');
	await clips.remux('film.mov', 'plain.mp4');
	await clips.ffmpeg('cut.mp4', '-ss', '0.7', '-i', clips.path('plain.mp4'), '-c', 'copy');
	await clips.ffmpeg(
		'mp3.mp4',
		'-i',
		clips.path('plain.mp4'),
		'-c:v',
		'copy',
		'-c:a',
		'libmp3lame',
	);
	await clips.ffmpeg(
		'late.mp4',
		...['-i', clips.path('plain.mp4'), '-itsoffset', '0.3', '-i', clips.path('plain.mp4')],
		...['-map', '0:v', '-map', '1:a', '-c', 'copy'],
	);
	const uneven = ['-vf', "select='not(eq(mod(n,3),1))'", '-vsync', 'vfr', '-c:a', 'copy'];
	await clips.ffmpeg('uneven.mp4', '-i', clips.path('plain.mp4'), ...uneven);
}, 120_000);

/** Reads as n8n's file store is read: forward only, in pieces. */
const open = (name: string) => createReadStream(clips.path(name), { highWaterMark: 50_000 });

async function plan(names: readonly string[], knowsSize = true): Promise<FilmVerdict> {
	const read = [];
	for (const [i, name] of names.entries()) {
		const size = knowsSize ? statSync(clips.path(name)).size : undefined;
		const source = streamSource(open(name), size);
		const verdict = await readClip(source);
		await source.close();
		if (!verdict.ok)
			return { ok: false, problems: [`item ${i} cannot be joined: ${verdict.text}`] };
		read.push({ name: `item ${i}`, clip: verdict.clip });
	}
	return await filmOf(read, async () => await Promise.resolve());
}

async function joined(
	names: readonly string[],
	knowsSize = true,
): Promise<{ film: Film; file: string }> {
	const verdict = await plan(names, knowsSize);
	if (!verdict.ok) throw new Error(verdict.problems.join('. '));
	const file = clips.path(`film-${(films += 1)}.mp4`);
	const bytes = verdict.film.write(async (i) => await Promise.resolve(open(names[i])));
	await pipeline(Readable.from(bytes), createWriteStream(file));
	return { film: verdict.film, file };
}

async function judge(name: string): Promise<Decoded> {
	const known = judged.get(name) ?? decode(clips.path(name));
	judged.set(name, known);
	return await known;
}

const FILMS: Array<[what: string, names: string[], rate: number | undefined]> = [
	['what the model makes at one size', ['plain.mp4', 'behind.mp4', 'no-b-frames.mp4'], 48_000],
	[
		'other frame rates',
		['plain.mp4', '24fps.mp4', '29.97fps.mp4', '16fps.mp4', 'behind.mp4'],
		48_000,
	],
	[
		'with and without sound',
		['silent.mp4', 'plain.mp4', 'silent.mp4', 'behind.mp4', 'silent.mp4'],
		48_000,
	],
	['none with sound', ['silent.mp4', 'silent.mp4'], undefined],
	['44.1 kHz', ['44k.mp4', 'silent.mp4', '44k.mp4'], 44_100],
	['one channel', ['mono.mp4', 'silent.mp4', 'mono.mp4'], 48_000],
	['other time scales and edits', ['90k.mp4', 'no-edits.mp4', 'plain.mp4'], 48_000],
	['other settings of the encoder', ['plain.mp4', 'settings.mp4', 'plain.mp4'], 48_000],
	['late sound, uneven pictures', ['late.mp4', 'uneven.mp4', 'plain.mp4'], 48_000],
	['one clip', ['behind.mp4'], 48_000],
];
// Each is decoded as a whole.
it.each(someOf(FILMS, 4))(
	'joins %s',
	async (_, names, rate) => {
		const { film, file } = await joined(names);
		const result = await decode(file);
		const parts = await Promise.all(names.map(judge));
		expect(result.messages).toBe('');
		expect(result.frames).toEqual(parts.flatMap(({ frames }) => frames));
		expect(result.times.every((time, i) => i === 0 || time > result.times[i - 1])).toBe(true);
		const oneFrame = rate === undefined ? 0 : 1024 / rate;
		const apart = driftOf(result, parts).map(Math.abs);
		expect(apart).toHaveLength(2 * parts.filter(({ beeps }) => beeps.length > 0).length);
		for (const seconds of apart) expect(seconds).toBeLessThanOrEqual(oneFrame);
		if (rate !== undefined)
			expect(Math.abs(result.soundSeconds - film.durationSeconds)).toBeLessThan(oneFrame + 0.002);

		const bytes = readFileSync(file);
		expect(bytes).toHaveLength(film.bytes);
		expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
		const proof = mp4Proof();
		proof.push(bytes);
		const { durationSeconds, width, height, hasAudio } = film;
		expect(proof.end()).toMatchObject({
			whole: true,
			facts: {
				width,
				height,
				hasAudio,
				durationSeconds: expect.closeTo(durationSeconds, 2) as number,
			},
		});
		expect(film.hasAudio).toBe(rate !== undefined);
		// Where a clip begins stands its first picture.
		const firsts = parts.map(
			(_part, i) => parts.slice(0, i).flatMap(({ frames }) => frames).length,
		);
		film.startsAt.forEach((second, i) => expect(second).toBeCloseTo(result.times[firsts[i]], 2));
	},
	60_000,
);

it('joins the same where the size of the clips is not known', async () => {
	const names = ['plain.mp4', 'behind.mp4'];
	const known = readFileSync((await joined(names)).file);
	const unknown = readFileSync((await joined(names, false)).file);
	expect(unknown.equals(known)).toBe(true);
});

it('does not add up an error over many clips', async () => {
	const count = runs(24);
	const names = Array.from({ length: count }, () => 'no-b-frames.mp4');
	const { file } = await joined(names);
	const part = await judge('no-b-frames.mp4');
	const apart = driftOf(
		await decode(file),
		names.map(() => part),
	).map(Math.abs);
	expect(apart).toHaveLength(2 * count);
	expect(Math.max(...apart)).toBeLessThanOrEqual(1024 / 48_000);
}, 60_000);

it.each([
	[['plain.mp4', 'behind.mp4', 'large.mp4'], 'item 2 is 640 x 360, the others are 320 x 180'],
	[['tall.mp4', 'plain.mp4'], 'item 1 is 320 x 180, item 0 is 180 x 320'],
	[
		['plain.mp4', '44k.mp4', 'behind.mp4', '44k.mp4', 'plain.mp4'],
		'items 1 and 3 have sound of 44100 Hz, the others have sound of 48000 Hz',
	],
	[
		['plain.mp4', 'behind.mp4', 'mono.mp4'],
		'item 2 has sound of 1 channel, the others have sound of 2 channels',
	],
	[['plain.mp4', 'fragments.mp4'], 'item 1 cannot be joined: it is a fragmented MP4'],
	[['film.mov'], 'item 0 cannot be joined: it is a QuickTime film (MOV), not an MP4'],
	[['plain.mp4', 'cut.mp4'], 'item 1 cannot be joined: it was cut without being encoded anew'],
	[['mpeg4.mp4'], "item 0 cannot be joined: its pictures are 'mp4v'"],
	[['mp3.mp4'], 'item 0 cannot be joined: its sound is MP3, not AAC'],
])('refuses %j in words', async (names, words) => {
	const verdict = await plan(names);
	expect(verdict.ok ? [] : verdict.problems).toEqual([expect.stringContaining(words)]);
});
