// Makes test/media: files of every kind by real programs, cut and hostile ones by hand, and
// truth.json, what ffprobe, ImageMagick and exiftool say about them.
// Run by an author only, the files are committed: node tools/media-corpus/make.mjs
// Needs ffmpeg, ImageMagick, sox, webp, exiftool and heif-enc on PATH (Debian: ffmpeg imagemagick sox
// webp libimage-exiftool-perl libheif-examples).

import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { makeAudio } from './audio.mjs';
import { makeBroken } from './broken.mjs';
import { makeHostileBoxes } from './hostileBoxes.mjs';
import { makeImages } from './images.mjs';
import { makeKinds } from './kinds.mjs';
import { ROOT, SCRATCH, write } from './tools.mjs';
import { filesIn, truth } from './truth.mjs';
import { makeVideos } from './videos.mjs';

for (const folder of ['valid', 'invalid', 'hostile'])
	rmSync(join(ROOT, folder), { recursive: true, force: true });
const { photo } = makeImages();
makeAudio();
makeVideos(photo);
makeKinds(photo);
makeBroken();
makeHostileBoxes();
write('truth.json', `${JSON.stringify(truth(), null, '\t')}\n`);
rmSync(SCRATCH, { recursive: true });
for (const folder of ['valid', 'invalid', 'hostile']) {
	const files = filesIn(folder);
	const bytes = files.reduce((sum, name) => sum + statSync(join(ROOT, name)).size, 0);
	process.stdout.write(`${folder}: ${files.length} files, ${bytes} bytes\n`);
}
