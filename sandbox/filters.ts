// The ffmpeg filter graphs behind the sandbox's videos, as text. Only filters that both a current
// ffmpeg and the npm package's build of 2018 have (so no xfade).

export const FRAMES_PER_SECOND = 30;
/** Pictures of a cross-fade per second; each is shown twice, nobody sees it, and it is cheaper. */
const FADE_FRAMES_PER_SECOND = 15;
/** How far a still picture is zoomed into by the end. */
const ZOOM = 0.12;

export interface Size {
	readonly width: number;
	readonly height: number;
}

/** The output size: the long side by quality, the shape of the material, both sides even. */
export function outputSize(material: Size, quality: string): Size {
	const longSide = quality === '1080p' ? 1920 : 1280;
	const factor = longSide / Math.max(material.width, material.height);
	const even = (pixels: number): number => Math.max(2, Math.round((pixels * factor) / 2) * 2);
	return { width: even(material.width), height: even(material.height) };
}

/** A size with the shape of a material and the area of another size, both sides even. */
export function shapedLike(material: Size, area: Size): Size {
	const factor = Math.sqrt((area.width * area.height) / (material.width * material.height));
	const even = (pixels: number): number => Math.max(2, Math.round((pixels * factor) / 2) * 2);
	return { width: even(material.width), height: even(material.height) };
}

const frames = (seconds: number): number => Math.round(seconds * FRAMES_PER_SECOND);
const cover = ({ width, height }: Size): string =>
	`scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height},setsar=1`;
const centre = "x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'";
const ending = (seconds: number): string =>
	`fps=${FRAMES_PER_SECOND},trim=end_frame=${frames(seconds)},format=yuv420p[video]`;

/** Input 0 is a picture: a slow zoom that begins with exactly that picture. */
export function zoomGraph(size: Size, seconds: number): string {
	const { width, height } = size;
	// Twice the size before the zoom, so that its steps of whole pixels are not seen. `on` begins
	// at 0 or 1 depending on the age of ffmpeg.
	return (
		`[0:v]${cover({ width: width * 2, height: height * 2 })},` +
		`zoompan=z='1+${ZOOM}*max(on-1,0)/${frames(seconds)}':${centre}:d=${frames(seconds) + 1}:` +
		`s=${width}x${height}:fps=${FRAMES_PER_SECOND},${ending(seconds)}`
	);
}

/** Inputs 0 and 1 are pictures: the first turns into the second. */
export function crossFadeGraph(size: Size, seconds: number): string {
	const held = `loop=-1:1:0,settb=1/${FADE_FRAMES_PER_SECOND},setpts=N,trim=duration=${seconds + 1}`;
	return (
		`[0:v]${cover(size)},format=yuv420p,${held}[first];` +
		`[1:v]${cover(size)},format=yuva420p,${held},fade=t=in:st=0:d=${seconds}:alpha=1[last];` +
		`[first][last]overlay=shortest=1,${ending(seconds)}`
	);
}

/** Input 0 is a clip: it plays, then its last picture is zoomed into. */
export function continuationGraph(size: Size, clipSeconds: number, seconds: number): string {
	const from = frames(clipSeconds);
	const zoomed = Math.max(1, frames(seconds) - from);
	return (
		`[0:v]${cover(size)},fps=${FRAMES_PER_SECOND},` +
		`tpad=stop_mode=clone:stop_duration=${seconds - clipSeconds + 1},` +
		`zoompan=z='1+${ZOOM}*max(on-${from},0)/${zoomed}':${centre}:d=1:` +
		`s=${size.width}x${size.height}:fps=${FRAMES_PER_SECOND},${ending(seconds)}`
	);
}

/** Input 0 is a clip, input 1 a picture: the clip plays, then its last picture turns into it. */
export function continuationToFrameGraph(size: Size, clipSeconds: number, seconds: number): string {
	const restSeconds = seconds - clipSeconds;
	return (
		`[0:v]${cover(size)},fps=${FRAMES_PER_SECOND},format=yuv420p,` +
		`tpad=stop_mode=clone:stop_duration=${restSeconds + 1}[clip];` +
		`[1:v]${cover(size)},format=yuva420p,loop=-1:1:0,settb=1/${FRAMES_PER_SECOND},setpts=N,` +
		`trim=duration=${seconds + 1},fade=t=in:st=${clipSeconds}:d=${restSeconds}:alpha=1[last];` +
		`[clip][last]overlay=shortest=1,${ending(seconds)}`
	);
}

/** Input 0 is a title card wider than the picture: it is passed slowly from left to right. */
export function titleGraph(size: Size, seconds: number, refs: readonly Ref[]): string {
	const { width, height } = size;
	const wide = Math.round(width * 1.12);
	const moving =
		`[0:v]scale=${wide}:${height}:flags=neighbor,setsar=1,format=yuv420p,${still(seconds)},` +
		`crop=${width}:${height}:'(iw-${width})*t/${seconds}':0[base]`;
	return `${moving};${overlays(size, refs)}${ending(seconds)}`;
}

/** Input 0 is a picture that the video starts from, the rest is seen in it. */
export function pictureWithRefsGraph(size: Size, seconds: number, refs: readonly Ref[]): string {
	return `[0:v]${cover(size)},format=yuv420p,${still(seconds)}[base];${overlays(size, refs)}${ending(seconds)}`;
}

/** Input 0 is a clip: its colours turn and a frame is drawn around it, so that the change is seen. */
export function editGraph(size: Size, seconds: number, refs: readonly Ref[]): string {
	const edge = Math.round(Math.min(size.width, size.height) / 40);
	const changed =
		`[0:v]${cover(size)},fps=${FRAMES_PER_SECOND},hue=h=150:s=1.6,` +
		`drawbox=x=0:y=0:w=${size.width}:h=${size.height}:color=yellow:t=${edge},` +
		`tpad=stop_mode=clone:stop_duration=1[base]`;
	return `${changed};${overlays(size, refs)}${ending(seconds)}`;
}

/** A reference that is seen in the picture: the index of its input. */
export interface Ref {
	readonly input: number;
	readonly moves: boolean;
}

const still = (seconds: number): string =>
	`loop=-1:1:0,setpts=N/(${FRAMES_PER_SECOND}*TB),fps=${FRAMES_PER_SECOND},trim=duration=${seconds + 1}`;

/** References side by side in the lower half, each swaying a little; the last picture of each stays. */
function overlays({ width, height }: Size, refs: readonly Ref[]): string {
	if (refs.length === 0) return '[base]null,';
	const box = { width: Math.floor(width / (refs.length + 1)), height: Math.floor(height * 0.42) };
	const gap = Math.floor((width - box.width * refs.length) / (refs.length + 1));
	const even = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);
	const scaled = refs.map(({ input, moves }, at) => {
		const fit = `scale=${even(box.width)}:${even(box.height)}:force_original_aspect_ratio=increase,crop=${even(box.width)}:${even(box.height)},setsar=1,format=yuv420p`;
		return `[${input}:v]${fit}${moves ? `,fps=${FRAMES_PER_SECOND}` : ''}[ref${at}]`;
	});
	const laid = refs.map((_ref, at) => {
		const from = at === 0 ? '[base]' : `[laid${at - 1}]`;
		const x = gap + at * (box.width + gap);
		const y = Math.floor(height * 0.52);
		const sway = Math.max(2, Math.floor(height / 60));
		const to = at === refs.length - 1 ? '' : `[laid${at}];`;
		return `${from}[ref${at}]overlay=x=${x}:y='${y}+${sway}*sin(3*t+${at})'${to}`;
	});
	return `${scaled.join(';')};${laid.join('')},`;
}
