/** What the parameters of an item ask for: plain values and addresses, files as the hash of their content. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { ItemFiles } from '../../host/files';
import { optionsOf, rawParameter, textSetting } from '../../host/parameters';
import { isTool } from '../../host/scope';
import type { Problem } from '../../wan/check';
import { type Material, MATERIALS, MODES } from '../../wan/model';
import { LABELS, type RawRequest } from '../../wan/request';
import { FILE_LABELS, SOURCE_LABELS } from './materials';

export interface ReadRequest {
	raw: RawRequest;
	/** What could not even be read, e.g. a field without a file. */
	problems: Problem[];
	/** What the materials are called, by where they really came from. */
	names: Readonly<Partial<Record<Material, string>>>;
}

/** Reads one item. Parameters that do not apply count as not given. */
export async function readRequest(
	context: IExecuteFunctions,
	files: ItemFiles,
	item: number,
): Promise<ReadRequest> {
	const parameter = (name: string) => rawParameter(context, name, item);
	const options = optionsOf(context, item);
	const mode = parameter('generationMode');
	const tool = isTool(context);
	const problems: Problem[] = [];
	const materials: Partial<Record<Material, unknown>> = {};
	const names: Partial<Record<Material, string>> = {};
	for (const name of MATERIALS) {
		const source = parameter(`${name}Source`);
		if (source === 'binary') {
			const field = textSetting(parameter(`${name}BinaryField`), 'data');
			names[name] = `File '${field}' of '${SOURCE_LABELS[name]}'`;
			const found = await files.look(item, field);
			if (found.ok) materials[name] = found.value.address;
			else problems.push({ field: name, text: `'${FILE_LABELS[name]}': ${found.reason}` });
			continue;
		}
		const needed = isNeeded(name, mode);
		// Where the mode needs a material there is no None to choose; it is left from another mode.
		if (source === 'none' && !needed) continue;
		materials[name] = parameter(`${name}Url`);
		// A model fills in every argument, and leaves empty what it does not need.
		if (source === 'url' && !needed && isBlank(materials[name]) && !tool) {
			const text = `'${LABELS[name]}' is empty. Fill it in, or set its source to None.`;
			problems.push({ field: name, text });
		}
	}
	return {
		raw: {
			mode,
			...materials,
			prompt: parameter('prompt'),
			durationSeconds: parameter('duration'),
			quality: parameter('quality'),
			negativePrompt: options.negativePrompt,
			seed: options.seed,
			promptExtend: options.promptExtend,
			callbackUrl: options.callbackUrl,
		},
		problems,
		names,
	};
}

function isNeeded(name: Material, mode: unknown): boolean {
	return Object.entries(MODES).some(
		([value, { materials }]) => value === mode && materials[name] === 'required',
	);
}

function isBlank(value: unknown): boolean {
	return (
		value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
	);
}
