/** File: Upload. A file of an item gets an address at EvoLink, for 72 hours. Free of charge. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { sideBySide } from '../../generation/sideBySide';
import type { FileClient } from '../../evolink/fileClient';
import type { UploadFile } from '../../evolink/apiPort';
import type { Fetched, StopSignal } from '../../generation/ports';
import { uploadPatiently } from '../../generation/uploads';
import { clock } from '../../host/clock';
import { type Complaint, errorRow, failureComplaint, itemError } from '../../host/errors';
import { asBinary, type GivenFile, ItemFiles } from '../../host/itemFiles';
import { filesOf, loadFile } from '../../host/materialDoor';
import { reasonOf } from '../../host/reason';
import { readParameter, SettingError, textSetting } from '../../host/parameters';
import { shown } from '../../wan/shown';
import { inItemOrder, isoTime, withoutGaps } from '../rows';
import { eachItem } from '../task/eachItem';
import { goesOnOnFail } from '../../host/scope';

const binaryField: INodeProperties = {
	displayName: 'Input Data Field Name',
	name: 'binaryField',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the file to upload',
	description:
		'Name of the field that holds the file. EvoLink names JPEG, PNG, GIF and WEBP as the types that it takes; it may refuse others.',
};

const parameters: INodeProperties[] = [binaryField];

export const description = updateDisplayOptions(
	{ show: { resource: ['file'], operation: ['upload'] } },
	parameters,
);

const AT_ONCE = 3;

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const files = new ItemFiles(context);
	const storage = await filesOf(context);
	const wanted: Array<{ item: number; field: string | GivenFile }> = [];
	const refused = eachItem(context, (item) => {
		const { displayName } = binaryField;
		const given = readParameter(context, binaryField, item);
		const field = asBinary(given) ?? textSetting(given, displayName, '');
		if (field === '')
			throw new SettingError(
				`'${displayName}' is empty. ${files.filesIn(item)} Enter the name of the field.`,
			);
		wanted.push({ item, field });
	});
	const stop = context.getExecutionCancelSignal() ?? { aborted: false };
	const rows = await sideBySide(wanted, AT_ONCE, async ({ item, field }) => {
		const row = await uploadOne(files, { storage, stop }, item, field);
		if (row.ok) return { json: row.value, pairedItem: { item } };
		if (!goesOnOnFail(context)) throw itemError(context, row.complaint, item);
		return { json: errorRow(row.complaint), pairedItem: { item } };
	});
	return inItemOrder(rows, refused);
}

/** A file that was there a moment ago may be gone, e.g. pruned: the item's trouble, not the run's. */
async function loaded(files: ItemFiles, hash: string): Promise<Fetched<UploadFile>> {
	try {
		return { ok: true, value: await loadFile(files, hash) };
	} catch (error) {
		return { ok: false, reason: reasonOf(error) };
	}
}

type Uploaded = { ok: true; value: IDataObject } | { ok: false; complaint: Complaint };

async function uploadOne(
	files: ItemFiles,
	{ storage, stop }: { storage: FileClient; stop: StopSignal },
	item: number,
	field: string | GivenFile,
): Promise<Uploaded> {
	const found = await files.look(item, field);
	if (!found.ok) {
		const message = `'Input Data Field Name': ${found.reason}`;
		return { ok: false, complaint: { message, details: 'Nothing was uploaded.' } };
	}
	const file = await loaded(files, found.value.hash);
	const unreadable = (reason: string): Uploaded => {
		const message = `'${binaryField.displayName}': the file ${typeof field === 'string' ? `in the field '${field}'` : shown(field.fileName)} cannot be read (${reason}).`;
		return { ok: false, complaint: { message, details: 'Nothing was uploaded.' } };
	};
	if (!file.ok) return unreadable(file.reason);
	const sent = uploadPatiently(file.value, { files: storage, clock, stop });
	const answer = await sent.catch(reasonOf);
	if (typeof answer === 'string') return unreadable(answer);
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
