/** Whether clips can become one film without being encoded anew, and if not, which of them differs in what. */
import { silentFrame } from './aac';
import type { Clip } from './clip';

/** A clip with the name that the user knows it by, e.g. "item 3". */
export interface NamedClip {
	name: string;
	clip: Clip;
}

interface Trait {
	/** Of one clip; clips must have the same. Undefined: the trait does not apply. */
	of: (clip: Clip) => string | undefined;
	/** E.g. "is 720 x 1280". */
	words: (value: string) => string;
}

const TRAITS: readonly Trait[] = [
	{
		of: ({ picture: { width, height } }) => `${width} x ${height}`,
		words: (size) => `is ${size}`,
	},
	{ of: ({ picture: { family } }) => family, words: (family) => `is ${family}` },
	{ of: ({ picture: { matrix } }) => turnOf(matrix), words: () => 'is turned in another way' },
	{
		of: ({ picture: { pixelShape } }) => pixelShape,
		words: (shape) => `has pixels of the shape ${shape}`,
	},
	{
		// What stands in the stream may differ; how it is packed may not.
		of: ({ picture: { inStream, settings } }) =>
			inStream === undefined ? settings.join(' ') : `packed in ${inStream.lengthBytes}`,
		words: () => 'is encoded with other settings',
	},
	{ of: ({ sound }) => sound && String(sound.objectType), words: () => 'has another kind of AAC' },
	{ of: ({ sound }) => sound && String(sound.rate), words: (rate) => `has sound of ${rate} Hz` },
	{
		of: ({ sound }) => sound && String(sound.channels),
		words: (channels) => `has sound of ${channels === '1' ? '1 channel' : `${channels} channels`}`,
	},
];

/** E.g. "Item 3 is 720 x 1280, the others are 1280 x 720"; none where the clips fit together. */
export function differences(clips: readonly NamedClip[]): string[] {
	const found = TRAITS.flatMap((trait) => difference(clips, trait) ?? []);
	const silent = clips.filter(({ clip }) => clip.sound === undefined);
	const heard = clips.find(({ clip }) => clip.sound !== undefined)?.clip.sound;
	if (heard !== undefined && silent.length > 0 && silentFrame(heard) === undefined)
		found.push(
			`${listed(silent.map(({ name }) => name))} without sound, and silence of the kind that the others have cannot be made`,
		);
	return found;
}

function difference(clips: readonly NamedClip[], { of, words }: Trait): string | undefined {
	const groups = new Map<string, string[]>();
	for (const { name, clip } of clips) {
		const value = of(clip);
		if (value === undefined) continue;
		const group = groups.get(value);
		if (group === undefined) groups.set(value, [name]);
		else group.push(name);
	}
	if (groups.size < 2) return undefined;
	const [usual, ...odd] = [...groups].sort(([, a], [, b]) => b.length - a.length);
	const parts = odd.map(([value, names]) => `${listed(names)} ${verb(words(value), names.length)}`);
	const [value, names] = usual;
	const rest = names.length === 1 ? names[0] : 'the others';
	const same = words(value);
	const isTelling = odd.every(([other]) => words(other) !== same);
	return [
		...parts,
		...(isTelling ? [`${rest} ${verb(same, names.length)}`] : [`unlike ${rest}`]),
	].join(', ');
}

/** The part of the matrix that turns; the rest moves the picture to where it is seen again. */
function turnOf(matrix: Uint8Array): string {
	return [...matrix.subarray(0, 8), ...matrix.subarray(12, 20)].join(' ');
}

/** "items 1, 2 and 3". */
function listed(names: readonly string[]): string {
	const many = names.length > 1 && names.every((name) => name.startsWith('item '));
	const words = many ? names.map((name) => name.slice('item '.length)) : names;
	const list = words.join(', ').replace(/, ([^,]*)$/, ' and $1');
	return many ? `items ${list}` : list;
}

function verb(words: string, count: number): string {
	return count === 1 ? words : words.replace(/^is /, 'are ').replace(/^has /, 'have ');
}
