/** A material is an address or a file, and no text can be taken for the other. */
import { toBody } from '../../../nodes/WanVideo/evolink/wire';
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import { filesOf, sourceKey } from '../../../nodes/WanVideo/wan/materialSource';

const hash = 'a'.repeat(64);

it('refuses the stand-in of a file that is typed as an address', () => {
	const materials = { firstFrame: { url: `sha256:${hash}` } };
	const checked = checkRequest({ mode: 'first_frame', materials });
	expect(checked.ok ? [] : checked.problems).toEqual([
		{
			field: 'firstFrame',
			text: expect.stringMatching(/^'First Frame URL' is "sha256:.*begins with sha256:/) as string,
		},
	]);
});

it('refuses an object that looks like a file where an address is wanted', () => {
	const materials = { firstFrame: { url: { file: hash } } };
	expect(checkRequest({ mode: 'first_frame', materials }).ok).toBe(false);
});

it('makes no body while a file has no address', () => {
	const checked = checkRequest({ mode: 'first_frame', materials: { firstFrame: { file: hash } } });
	if (!checked.ok) throw new Error('A file is a first frame.');
	expect(() => toBody(checked.request)).toThrow(/no address yet/);
	expect(toBody(checked.request, () => 'https://files.example.com/1')).toMatchObject({
		image_start: 'https://files.example.com/1',
	});
});

it('names each file once, and tells a file from an address of the same letters', () => {
	const file = { file: hash };
	expect(filesOf({ firstFrame: file, lastFrame: file, clip: { url: hash } })).toEqual([hash]);
	expect(sourceKey(file)).not.toBe(sourceKey({ url: hash }));
});
