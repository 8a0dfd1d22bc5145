/**
 * Nothing that is legal is refused: requests within EvoLink's rules, dressed as workflows deliver them
 * (numbers as text, blanks and quotes around addresses, any prompt), come out as they were meant.
 */
import fc from 'fast-check';

import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import { MATERIALS, MODES, MODE_NAMES } from '../../support/imageToVideo';
import type { RequestField } from '../../../nodes/WanVideo/wan/request';
import { rawRequest } from '../../support/builders';
import { runs } from '../../support/thorough';

const address = fc
	.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['http', 'https'] })
	.filter((url) => !/[\s,;]https?:\/\//i.test(url));
const around = fc.constantFrom('', ' ', '\n', '\u00A0', '\u200B', '\uFEFF');
const quotes = fc.constantFrom(['', ''], ['"', '"'], ["'", "'"], ['“', '”'], ['<', '>']);
const dressedAddress = fc
	.tuple(address, around, around, quotes)
	.map(([url, before, after, [open, close]]) => ({
		meant: url,
		given: `${before}${open}${url}${close}${after}`,
	}));

const wholeNumber = (min: number, max: number) =>
	fc
		.tuple(fc.integer({ min, max }), fc.constantFrom('number', 'text', 'blanks', 'fraction'))
		.map(([meant, dress]) => ({
			meant,
			given:
				dress === 'number'
					? meant
					: { text: `${meant}`, blanks: ` ${meant}\n`, fraction: `${meant}.0` }[dress],
		}));

/** Texts of people: letters of any script, with braces, dollars and brackets among them. */
const prompt = fc
	.oneof(
		fc.string({ unit: 'grapheme' }),
		fc
			.array(
				fc.constantFrom('A cat', '{', '}', '$', '[', ']', 'object', 'json', '5', '猫', '\n', ' '),
			)
			.map((parts) => parts.join('')),
	)
	.filter(
		(text) => text.trim() !== '' && !/\{\{|\[object|^\s*(undefined|null|NaN)\s*$|^\s*\$/.test(text),
	);

const request = fc.constantFrom(...MODE_NAMES).chain((mode) => {
	const { materials } = MODES[mode];
	const given = MATERIALS.filter((name) => materials[name] !== 'refused');
	const optional = given.filter((name) => materials[name] === 'optional');
	return fc.record(
		{
			mode: fc.constant({ meant: mode, given: mode }),
			...Object.fromEntries(given.map((name) => [name, dressedAddress])),
			prompt: prompt.map((text) => ({ meant: text, given: text })),
			negativePrompt: prompt.map((text) => ({ meant: text, given: text })),
			durationSeconds: wholeNumber(2, 15),
			quality: fc
				.constantFrom('720p', '1080p')
				.chain((meant) => around.map((blank) => ({ meant, given: `${blank.trim()}${meant} ` }))),
			seed: wholeNumber(1, 2_147_483_647),
			promptExtend: fc.constantFrom(
				{ meant: true, given: true },
				{ meant: true, given: 'true' },
				{ meant: false, given: 'False' },
			),
		},
		{
			requiredKeys: [
				'mode',
				...given.filter((name) => !optional.includes(name)),
			] as unknown as Array<'mode'>,
		},
	);
});

describe('a legal request', () => {
	it('is sent as it was meant, whether its fields are fixed or expressions', () => {
		fc.assert(
			fc.property(request, fc.boolean(), (fields, isExpression) => {
				const entries = Object.entries(
					fields as Record<string, { meant: unknown; given: unknown }>,
				);
				const pick = (side: 'given' | 'meant') =>
					Object.fromEntries(entries.map(([name, value]) => [name, value[side]]));
				const names = entries.map(([name]) => name as RequestField);
				const expressions = new Set(isExpression ? names : []);
				const result = checkRequest(rawRequest(pick('given')), { expressions });
				const { materials, ...settings } = rawRequest(pick('meant'));
				expect(result).toMatchObject({ ok: true, request: { ...settings, materials } });
			}),
			{ numRuns: runs(500) },
		);
	});
});
