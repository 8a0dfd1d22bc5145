// What the pages of Wan 3.0 repeat, and what its prime variants change: the price.

import { assumed, documented, observed, SOURCES, type Fact } from '../fact';
import type { Billing, Field, MaterialField, ModelContract } from '../model';
import * as wan27 from './wan27';

const { image, clip, sound, url, urls, model, callback } = wan27;
export { clip, image, model, sound, url, urls };

/** The pages say no limit in the schema; the text says that it is cut after 20000 characters. */
export const prompt = (fact: Fact, required: boolean): Field => ({
	type: 'string',
	required,
	maxLength: 20_000,
	overflow: 'truncated',
	...fact,
});

/** The settings that all six have alike. */
export const settings = (fact: Fact) =>
	({
		/** -1: the model chooses. */
		duration: { type: 'integer', required: false, default: 5, min: 2, max: 30, also: -1, ...fact },
		quality: {
			type: 'string',
			required: false,
			default: '720p',
			enum: ['480p', '720p', '1080p'],
			...fact,
		},
		aspect_ratio: {
			type: 'string',
			required: false,
			default: 'adaptive',
			enum: ['adaptive', '16:9', '9:16', '1:1', '4:3', '3:4'],
			...fact,
		},
		generate_audio: { type: 'boolean', required: false, default: true, ...fact },
		seed: { type: 'integer', required: false, min: 0, max: 2147483647, ...fact },
		callback_url: callback(fact),
	}) as const satisfies ModelContract['fields'];

/** The price list counts from 480p (2.55 credits); this is its 720p. */
export const billing: Billing = {
	perSecond: 5.1,
	factors: { '480p': 0.5, '720p': 1, '1080p': 2 },
	minimum: 5.1,
	reserveOpenSeconds: 30,
	...observed(SOURCES.pricing),
};

/** 3.9304 credits at 480p; the factors are 2.06 and 4.12 of that. */
const primeBilling: Billing = {
	perSecond: 8.096624,
	factors: { '480p': 1 / 2.06, '720p': 1, '1080p': 2 },
	minimum: 7.8608,
	reserveOpenSeconds: 30,
	...observed(SOURCES.pricing),
};

export const refusal = (fact: Fact) => ({ code: 'invalid_parameter', ...fact }) as const;

/** 480p 9:16 and 1:1 were seen; the rest is the table of 2.7 and the same area at 480p. */
export const sizes: NonNullable<ModelContract['sizes']> = {
	table: {
		'480p': {
			'16:9': [832, 480],
			'9:16': [480, 832],
			'1:1': [624, 624],
			'4:3': [720, 544],
			'3:4': [544, 720],
		},
		...wan27.sizes(assumed()).table,
	},
	...assumed('two sizes at 480p were seen in public notes of calls'),
};

export const videoDuration = { shown: true, ...documented(SOURCES.pages30) } as const;

/** The same page again for the prime variant: another name, another price. */
export function prime(of: ModelContract): ModelContract {
	const id = of.id.replace('wan3.0-', 'wan3.0-prime-');
	const fact = documented(SOURCES.prime30);
	const marked = <T extends Fact>(entry: T): T => ({ ...entry, ...fact });
	const all = <T extends Fact>(table: Readonly<Partial<Record<string, T>>>) =>
		Object.fromEntries(
			Object.entries(table).map(([name, entry]) => [name, entry && marked(entry)]),
		);
	const materials: Partial<Record<MaterialField, ModelContract['materials'][MaterialField]>> = all(
		of.materials,
	);
	const { inputCapSeconds } = of.billing;
	return {
		...of,
		id,
		page: fact,
		refusal: { ...of.refusal, ...assumed('as for 3.0; the pages of prime show none') },
		fields: { ...all(of.fields), model: model(fact, id) },
		materials: Object.fromEntries(
			Object.entries(materials).filter(([, limits]) => limits !== undefined),
		),
		rules: of.rules.map(marked),
		billing: { ...primeBilling, ...(inputCapSeconds === undefined ? {} : { inputCapSeconds }) },
	};
}
