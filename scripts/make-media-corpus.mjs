// Makes test/media: files of every kind by real programs, cut and hostile ones by hand, and
// truth.json, what ffprobe, ImageMagick and exiftool say about them.
// Run by an author only, the files are committed: node scripts/make-media-corpus.mjs
// Needs ffmpeg, ImageMagick, sox, webp, exiftool and heif-enc on PATH (Debian: ffmpeg imagemagick sox
// webp libimage-exiftool-perl libheif-examples).

import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { makeAudio } from './corpus/audio.mjs';
import { makeBroken } from './corpus/broken.mjs';
import { makeHostileBoxes } from './corpus/hostileBoxes.mjs';
import { makeImages } from './corpus/images.mjs';
import { makeKinds } from './corpus/kinds.mjs';
import { ROOT, SCRATCH, write } from './corpus/tools.mjs';
import { filesIn, truth } from './corpus/truth.mjs';
import { makeVideos } from './corpus/videos.mjs';

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
