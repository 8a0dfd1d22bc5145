/** How a file is declared when it is sent somewhere: type and ending as its bytes show, whatever it was called before. */
import type { MediaFormat } from './facts';
import { formatOf } from './probe';
import type { ByteSource } from './source';

/** The registered type, and the endings that say the same; the first is given to what has another. */
const DECLARED: Partial<Record<MediaFormat, readonly [string, string, ...string[]]>> = {
	jpeg: ['image/jpeg', 'jpg', 'jpeg', 'jpe', 'jfif'],
	png: ['image/png', 'png'],
	bmp: ['image/bmp', 'bmp', 'dib'],
	webp: ['image/webp', 'webp'],
	gif: ['image/gif', 'gif'],
	tiff: ['image/tiff', 'tif', 'tiff'],
	heic: ['image/heic', 'heic', 'heif'],
	avif: ['image/avif', 'avif'],
	wav: ['audio/wav', 'wav', 'wave'],
	mp3: ['audio/mpeg', 'mp3'],
	aac: ['audio/aac', 'aac'],
	flac: ['audio/flac', 'flac'],
	ogg: ['audio/ogg', 'ogg', 'oga', 'opus'],
	mp4: ['video/mp4', 'mp4', 'm4v'],
	mov: ['video/quicktime', 'mov', 'qt'],
	webm: ['video/webm', 'webm'],
};

/** Name and type of a file by its first bytes; what they do not tell stays as it was. Never throws. */
export async function declaredAs(
	source: ByteSource,
	{ name, mimeType }: { name: string; mimeType: string },
): Promise<{ name: string; mimeType: string }> {
	const format = await formatOf(source);
	const declared = format === undefined ? undefined : DECLARED[format];
	if (declared === undefined) return { name, mimeType };
	const [type, ...endings] = declared;
	const [base, ending] = /^(.+)\.([A-Za-z0-9]{1,5})$/.exec(name)?.slice(1) ?? [name, ''];
	const fits = endings.includes(ending.toLowerCase());
	// A dot may belong to the name itself, as in "v1.2".
	const stem = isEnding(ending) ? base : name;
	return { name: fits ? name : `${stem}.${endings[0]}`, mimeType: type };
}

function isEnding(text: string): boolean {
	const known = Object.values(DECLARED).flatMap(([, ...endings]) => endings);
	return [...known, '3gp', 'bin', 'dat', 'tmp', 'file', 'html', 'txt', 'json'].includes(
		text.toLowerCase(),
	);
}
