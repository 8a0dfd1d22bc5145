/** The request as 0.1.0 hashed it: entries of stored executions are found by these very hashes, made with 0.1.0. */
import { fingerprint } from '../../../nodes/WanVideo/generation/fingerprint';
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import type { RawRequest } from '../../../nodes/WanVideo/wan/request';
import { requestOf010 } from '../../../nodes/WanVideo/wan/requestOf010';

const GOLDEN: Array<[string, RawRequest, string]> = [
	[
		'an address',
		{
			mode: 'first_frame',
			materials: { firstFrame: { url: ' https://example.com/first_frame.jpg ' } },
			...{ prompt: 'A cat', durationSeconds: '5', quality: '720p' },
		},
		'0bd062a9267824c825dfeb3bb2388fb1dc82c08bdf3a6ccfe97b69cccc06920d',
	],
	[
		'a file, an address and every setting',
		{
			mode: 'auto',
			materials: {
				clip: { file: 'a'.repeat(64) },
				lastFrame: { url: 'https://example.com/l.png' },
			},
			...{ prompt: 'A cat', negativePrompt: 'blurry', durationSeconds: 15, quality: '1080p' },
			...{ seed: 42, promptExtend: false, callbackUrl: 'https://example.com/h' },
		},
		'f371b759728954f3f66ac7e65781a9276003bde67a17b4ba2c248c8fc23f39a1',
	],
	[
		'two files and an address',
		{
			mode: 'first_last_frame',
			materials: {
				firstFrame: { file: '0123456789abcdef'.repeat(4) },
				lastFrame: { file: 'b'.repeat(64) },
				drivingAudio: { url: 'https://example.com/a.mp3' },
			},
		},
		'e5ad44434fed6cb0d0b4ca9d8fa23127acd310482bc509bcd7d0bc473cb59449',
	],
];

it.each(GOLDEN)('of %s has the hash of 0.1.0', (_label, raw, hash) => {
	const checked = checkRequest(raw);
	expect(checked.ok && fingerprint(requestOf010(checked.request))).toBe(hash);
});
