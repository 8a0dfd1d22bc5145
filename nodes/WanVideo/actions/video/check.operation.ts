/** Video: Check. The dry run: everything but the charge. Nothing is submitted and nothing is uploaded. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { toBody } from '../../evolink/wire';
import { ItemFiles } from '../../host/files';
import { optionsCollection } from '../optionsCollection';
import { withoutGaps } from '../rows';
import { checkItems } from './checkItems';
import { materialParameters } from './materials';
import { billedSeconds } from './requests';
import { requestOptions, settingParameters } from './settings';

const parameters: INodeProperties[] = [
	...materialParameters,
	...settingParameters,
	optionsCollection([
		requestOptions.callbackUrl,
		requestOptions.checkMaterials,
		requestOptions.promptExtend,
		requestOptions.negativePrompt,
		requestOptions.seed,
	]),
];

export const description = updateDisplayOptions(
	{ show: { resource: ['video'], operation: ['check'] } },
	parameters,
);

/** Problems are the answer here, so they are rows and never errors. */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const checked = await checkItems(context, new ItemFiles(context));
	return checked.map(({ item, result, facts }) => ({
		json: withoutGaps({
			ok: result.ok,
			generationMode: result.ok ? result.mode : undefined,
			billedSeconds: billedSeconds(result),
			problems: result.ok ? [] : result.problems.map(({ text }) => text),
			hints: result.hints,
			materials: facts,
			// A file stands in it by the hash of its content, until it is uploaded.
			body: result.ok ? toBody(result.request) : undefined,
		}),
		pairedItem: { item },
	}));
}
