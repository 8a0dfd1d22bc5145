/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What users do with the examples: they send a picture by a form, and put a node that reads their own table into a workflow.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { StoredWorkflow } from './rest';

/** The form of form-to-video as a browser sends it. */
export function pictureForm(file: string, type: string, prompt: string): FormData {
	const form = new FormData();
	form.append('field-0', new Blob([readFileSync(file)], { type }), basename(file));
	form.append('field-1', prompt);
	return form;
}

/** A row as Google Sheets gives it: numbered from the heading on, and its cells may be text. */
export const sheetRow = {
	row_number: 2,
	image: 'https://example.com/first_frame.jpg',
	prompt: 'Fog drifts in from the sea',
	seconds: '2',
};

/** Deletes the node Table and connects one of another name and type in its place. */
export function withOwnSheet(workflow: StoredWorkflow): StoredWorkflow {
	const parameters = { mode: 'raw', jsonOutput: JSON.stringify(sheetRow), options: {} };
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Table'
			? { ...node, name: 'Sheet', type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters }
			: node,
	);
	const { Start, Table, ...rest } = workflow.connections;
	const toSheet = JSON.parse(JSON.stringify(Start).replace('"Table"', '"Sheet"')) as unknown;
	return { ...workflow, nodes, connections: { ...rest, Start: toSheet, Sheet: Table } };
}
