/** File: Upload. A file of an item gets an address at EvoLink, for 72 hours. Free of charge. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { sideBySide } from '../../generation/sideBySide';
import type { FileClient } from '../../evolink/files';
import { type Complaint, errorRow, failureComplaint, itemError } from '../../host/errors';
import { ItemFiles } from '../../host/files';
import { filesOf, loadFile } from '../../host/materials';
import { rawParameter, SettingError, textSetting } from '../../host/parameters';
import { inItemOrder, isoTime, withoutGaps } from '../rows';
import { eachItem } from '../task/eachItem';

const parameters: INodeProperties[] = [
	{
		displayName: 'Input Data Field Name',
		name: 'binaryField',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input field containing the file to upload',
		description:
			'Name of the field that holds the file. EvoLink names JPEG, PNG, GIF and WEBP as the types that it takes; it may refuse others.',
	},
];

export const description = updateDisplayOptions(
	{ show: { resource: ['file'], operation: ['upload'] } },
	parameters,
);

const AT_ONCE = 3;

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const files = new ItemFiles(context);
	const storage = await filesOf(context);
	const wanted: Array<{ item: number; field: string }> = [];
	const refused = eachItem(context, (item) => {
		const field = textSetting(rawParameter(context, 'binaryField', item), '');
		if (field === '') throw new SettingError("'Input Data Field Name' is empty. Fill it in.");
		wanted.push({ item, field });
	});
	const rows = await sideBySide(wanted, AT_ONCE, async ({ item, field }) => {
		const row = await uploadOne(files, storage, item, field);
		if (row.ok) return { json: row.value, pairedItem: { item } };
		if (!context.continueOnFail()) throw itemError(context, row.complaint, item);
		return { json: errorRow(row.complaint), pairedItem: { item } };
	});
	return inItemOrder(rows, refused);
}

type Uploaded = { ok: true; value: IDataObject } | { ok: false; complaint: Complaint };

async function uploadOne(
	files: ItemFiles,
	storage: FileClient,
	item: number,
	field: string,
): Promise<Uploaded> {
	const found = await files.look(item, field);
	if (!found.ok) {
		const message = `'Input Data Field Name': ${found.reason}`;
		return { ok: false, complaint: { message, details: 'Nothing was uploaded.' } };
	}
	const answer = await storage.upload(await loadFile(files, found.value.address));
	if (!answer.ok) {
		const { failure } = answer;
		return {
			ok: false,
			complaint: failureComplaint({ end: 'failed', failure, earlierTaskIds: [] }),
		};
	}
	const { fileId, fileName, bytes, mimeType, url, expiresAt } = answer.value;
	const row = { fileUrl: url, expiresAt: isoTime(expiresAt), fileId, fileName, bytes, mimeType };
	return { ok: true, value: withoutGaps(row) };
}
