/** Video: Check. The dry run: everything but the charge. Nothing is submitted and nothing is uploaded. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

import { toBody } from '../../evolink/wire';
import { errorRow, itemError, unreadComplaint } from '../../host/errors';
import { ItemFiles } from '../../host/itemFiles';
import { standInOf } from '../../wan/materialSource';
import { optionsCollection } from '../optionsCollection';
import { withoutGaps } from '../rows';
import { billedFor } from './cap';
import { checkItems } from './checkItems';
import { inspectItems } from './inspectItems';
import { judgeItems } from './judgeItems';
import { ofOperation } from './byModel';
import { materialParameters } from './materialParameters';
import { modelParameter } from './modelParameter';
import { readItems } from './readItems';
import { requestOptions, settingParameters } from './settingParameters';
import { goesOnOnFail } from '../../host/scope';

const parameters: INodeProperties[] = [
	modelParameter,
	...materialParameters,
	...settingParameters,
	optionsCollection([
		requestOptions.callbackUrl,
		requestOptions.checkMaterials,
		requestOptions.checkPrompt,
		requestOptions.promptExtend,
		requestOptions.generateAudio,
		requestOptions.keepOriginalSound,
		requestOptions.negativePrompt,
		requestOptions.seed,
	]),
];

export const description = ofOperation('check', parameters);

/** Problems are the answer here, so they are rows and never errors. */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const files = new ItemFiles(context);
	const read = await readItems(context, files);
	const checked = checkItems(read);
	const inspected = await inspectItems(context, files, checked);
	return judgeItems(inspected).map(({ item, unread, result, facts, gave }) => {
		const pairedItem = { item };
		// What cannot be read is no answer about the request: it is the item's error, as in every operation.
		if (unread.length > 0) {
			const complaint = unreadComplaint(unread);
			if (!goesOnOnFail(context)) throw itemError(context, complaint, item);
			return { json: errorRow(complaint), pairedItem };
		}
		const { seconds, atMost } = billedFor({ result, facts });
		const open = `At most ${seconds} seconds are billed: how long the video or a clip is, is not known yet.`;
		const json = withoutGaps({
			ok: result.ok,
			model: result.ok ? result.request.model : undefined,
			generationMode: result.ok ? result.mode : undefined,
			billedSeconds: seconds,
			billedIsAtMost: atMost ? true : undefined,
			problems: result.ok ? [] : result.problems.map(({ text }) => text),
			hints: atMost ? [...result.hints, open] : result.hints,
			// What each expression gave, by the label of its field.
			expressions: Object.keys(gave).length === 0 ? undefined : gave,
			materials: facts,
			// A file stands in it by the hash of its content, until it is uploaded.
			body: result.ok ? toBody(result.request, standInOf) : undefined,
		});
		return { json, pairedItem };
	});
}
