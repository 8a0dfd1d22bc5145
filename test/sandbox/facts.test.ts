/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The contract's tables agree with each other, every entry says where it comes from, and the
// README lists every switch with its default.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	HTTP_ERRORS,
	listFacts,
	MATERIAL_FIELDS,
	type MaterialField,
	type Need,
	price,
	TASK_STATES,
	wan27ImageToVideo,
} from '../../sandbox/contract';
import { CHECK_STEPS, defaultSwitches, setSwitches, SWITCHES } from '../../sandbox/switches';

const { fields, legalSets, modes } = wan27ImageToVideo;
type Modes = Readonly<Partial<Record<MaterialField, Need>>>;
const README = readFileSync(join(__dirname, '..', '..', 'sandbox', 'README.md'), 'utf8');

describe('the contract', () => {
	it('marks every fact with a source', () => {
		const facts = listFacts();
		expect(facts.length).toBeGreaterThan(80);
		for (const { mark, source } of facts) {
			expect(['documented', 'observed', 'assumed']).toContain(mark);
			expect(source).not.toBe('');
		}
	});

	const I2V = 'MODELS.wan2.7-image-to-video';
	it.each([
		`${I2V}.modes.first_frame`,
		`${I2V}.fields.duration`,
		`${I2V}.materials.image_start`,
		'EXPIRY.resultLinkMs',
	])('%s is documented', (path) => {
		expect(listFacts()).toContainEqual(expect.objectContaining({ path, mark: 'documented' }));
	});

	it('the modes allow exactly the six legal sets', () => {
		const allowed = Object.values<Modes>(modes).flatMap((mode) => {
			const required = MATERIAL_FIELDS.filter((name) => mode[name] === 'required');
			const optional = MATERIAL_FIELDS.filter((name) => mode[name] === 'optional');
			return [required, ...optional.map((name) => [...required, name])];
		});
		const text = (set: readonly string[]): string => [...set].sort().join();
		const legal = legalSets.map(({ materials }) => text(materials));
		expect(allowed.map(text).sort()).toEqual(legal.sort());
	});

	it('the field table names the modes of the mode table', () => {
		expect(fields.generation_mode.enum).toEqual(Object.keys(modes));
	});

	it('final states lead nowhere', () => {
		for (const { final, next } of Object.values(TASK_STATES)) {
			expect(next.length === 0).toBe(final);
		}
	});

	it.each([
		[2, '720p', 10.88],
		[5, '720p', 27.2],
		[5, '1080p', 45.424],
		[15, '1080p', 136.272],
	])('%i s at %s cost %d credits', (seconds, quality, credits) => {
		expect(price(wan27ImageToVideo, { output: seconds, input: 0 }, quality)).toBe(credits);
	});

	it('only the credits page has numbers as codes', () => {
		for (const { body } of Object.values(HTTP_ERRORS.credits)) {
			expect(typeof body.error.code).toBe('number');
		}
		for (const { body } of [
			...Object.values(HTTP_ERRORS.submit),
			...Object.values(HTTP_ERRORS.look),
		]) {
			expect(typeof body.error.code).toBe('string');
		}
	});
});

describe('switches', () => {
	it.each(Object.entries(SWITCHES))('the README lists %s with its default', (name, entry) => {
		const row = README.split('\n').find((line) => line.startsWith(`| \`${name}\``));
		expect(row).toContain(`\`${entry.default}\``);
		if (Array.isArray(entry.allowed)) {
			for (const value of entry.allowed) expect(row).toContain(`\`${value}\``);
		}
	});

	it.each([
		['an unknown name', { coffee: 'hot' }],
		['a value that is not allowed', { dataUrls: 'perhaps' }],
		['a text for a number', { tasksInFlight: 'many' }],
		['an order without all steps', { checkOrder: 'auth,json' }],
		[
			'an order with fields before json',
			{ checkOrder: 'fields,json,auth,model,materials,balance,rate' },
		],
	])('%s is refused', (_label, change) => {
		expect(() => setSwitches(defaultSwitches(), change)).toThrow();
	});

	it('another order of all steps is taken', () => {
		const switches = defaultSwitches();
		const checkOrder = ['rate', ...CHECK_STEPS.slice(0, -1)].join();
		setSwitches(switches, { checkOrder });
		expect(switches.checkOrder).toBe(checkOrder);
	});
});
