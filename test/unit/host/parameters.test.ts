/** Parameters as expressions deliver them: one reader for every switch, and whatever throws is told by the label. */
import {
	booleanSetting,
	numberSetting,
	readOptions,
	readParameter,
	SettingError,
} from '../../../nodes/WanVideo/host/parameters';
import { descriptionOf, messageOf, reasonOf } from '../../../nodes/WanVideo/host/reason';
import { fakeContext } from '../../support/fakeContext';

describe('a switch', () => {
	it.each([
		[true, true],
		['true', true],
		['TRUE', true],
		[' Yes ', true],
		['1', true],
		[1, true],
		[false, false],
		['FALSE', false],
		['no', false],
		['No', false],
		['0', false],
		[0, false],
	])('%j is %j, whatever the default', (value, expected) => {
		expect(booleanSetting(value, 'Download', true)).toBe(expected);
		expect(booleanSetting(value, 'Download', false)).toBe(expected);
	});

	it.each([[undefined], [null], [''], ['  ']])('%j is the default', (value) => {
		expect(booleanSetting(value, 'Download', true)).toBe(true);
		expect(booleanSetting(value, 'Download', false)).toBe(false);
	});

	it.each([['maybe'], [2], [-1], ['2'], [{}], [[]], [['true']], [NaN]])(
		'%j is refused by its label',
		(value) => {
			expect(() => booleanSetting(value, 'Download', true)).toThrow(
				/^'Download' is .+, but must be true or false/,
			);
		},
	);
});

describe('a number', () => {
	const range = { label: 'Submit Again on Failure', min: 0, max: 3, whole: true, fallback: 1 };

	it.each([
		...([0, 1, 2, 3] as const).map((value) => [value, value] as const),
		...([' 2 ', '2', '+2', '2.0', '02', '\u00a02'] as const).map((text) => [text, 2] as const),
		...(['', '  ', '\u00a0', null, undefined] as const).map((nothing) => [nothing, 1] as const),
		...(['-0', -0] as const).map((zero) => [zero, 0] as const),
	])('%j is %j', (value, expected) => {
		expect(Object.is(numberSetting(value, range), expected)).toBe(true);
	});

	it.each([
		...['0x2', '0b1', '0o1', '2e0', '1e3', '2 times', 'two', '2,0', '1_0', '½', '２', 'NaN', '-1'],
		...[true, false, NaN, Infinity, -Infinity, 1.5, '1.5', 4, [], [2], {}, new Date(1)],
	])('%j is refused by its label, whatever becomes of it elsewhere', (value) => {
		expect(() => numberSetting(value, range)).toThrow(
			/^'Submit Again on Failure' is .+, but must be a whole number from 0 to 3\.$/,
		);
	});
});

const throwing = (thrown: unknown) =>
	fakeContext({
		members: {
			getNodeParameter: () => {
				throw thrown;
			},
		},
	});
const duration = { name: 'duration', displayName: 'Duration' };

describe('a parameter that throws', () => {
	it('is told by its label, with the reason behind it', () => {
		expect(() =>
			readParameter(throwing(new Error('cannot convert to number')), duration, 0),
		).toThrow("'Duration' could not be read: cannot convert to number. Correct its expression.");
		expect(() => readParameter(throwing('words'), duration, 0)).toThrow(SettingError);
	});

	it('is one as well when the value does it, as it is looked into', () => {
		const value = {
			get url() {
				throw new Error('no bridge');
			},
		};
		const context = fakeContext({ parameters: { duration: [value] } });
		expect(() => readParameter(context, duration, 0)).toThrow(/'Duration' .*no bridge/);
	});

	it('among the options is told by its own label', () => {
		const context = fakeContext({
			members: {
				getNodeParameter: (name: string) => {
					if (name === 'options') return { seed: '={{ x }}', fileName: 'a' };
					if (name === 'options.seed') throw new Error('no x');
					return 'a';
				},
			},
		});
		const known = [{ name: 'seed', displayName: 'Seed' }];
		expect(() => readOptions(context, known, 0)).toThrow(/^'Seed' could not be read: no x/);
	});
});

describe('a reason', () => {
	it('is cut, and takes what n8n adds', () => {
		const error = Object.assign(new Error('access to env vars denied'), {
			description: 'Ask the administrator.',
		});
		expect(reasonOf(error)).toBe('access to env vars denied. Ask the administrator');
		expect(reasonOf(new Error('x'.repeat(5000))).length).toBeLessThan(400);
		expect(descriptionOf(Object.assign(new Error('same'), { description: 'same.' }))).toBe(
			undefined,
		);
	});

	it('is found without throwing, whatever was thrown', () => {
		const odd = {
			get message() {
				throw new Error('again');
			},
		};
		for (const thrown of [undefined, null, {}, odd])
			expect(messageOf(thrown)).toBe('unknown reason');
	});
});
