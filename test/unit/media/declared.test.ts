/** A file is declared as what its bytes are, whatever n8n or the user called it. */
import { declaredAs } from '../../../nodes/WanVideo/media/declared';
import { bufferSource } from '../../../nodes/WanVideo/media/source';
import { bytesOf } from './corpus';

const JPEG = 'cases/jpeg-zeros-behind.jpg';

it.each([
	['no type, no ending', JPEG, '', 'photo', 'image/jpeg', 'photo.jpg'],
	['an octet stream', JPEG, 'application/octet-stream', 'photo.bin', 'image/jpeg', 'photo.jpg'],
	['a type that is none', JPEG, 'image/jpg', 'photo.jpg', 'image/jpeg', 'photo.jpg'],
	['an old type', JPEG, 'image/pjpeg', 'photo.JPEG', 'image/jpeg', 'photo.JPEG'],
	['the type of another', JPEG, 'image/png', 'photo.png', 'image/jpeg', 'photo.jpg'],
	['a dot in its name', JPEG, 'image/jpeg', 'photo v1.2', 'image/jpeg', 'photo v1.2.jpg'],
	['a MOV as MP4', 'valid/mov/faststart.mov', 'video/mp4', 'a.mp4', 'video/quicktime', 'a.mov'],
	['an MP3 as a file', 'valid/mp3/cbr-bare.mp3', '', 'file', 'audio/mpeg', 'file.mp3'],
	[
		'a WAV of another type',
		'valid/wav/adpcm_ima_wav.wav',
		'audio/x-wav',
		'a.wav',
		'audio/wav',
		'a.wav',
	],
	['a page', 'invalid/kinds/page.mp4', 'text/html', 'a.html', 'text/html', 'a.html'],
])('%s', async (_label, file, mimeType, name, type, called) => {
	const source = bufferSource(bytesOf(file));
	expect(await declaredAs(source, { name, mimeType })).toEqual({ name: called, mimeType: type });
});
