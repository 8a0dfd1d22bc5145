/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Every example as n8n's editor shows it after the import, kept as a picture in examples/pictures/: no page error, and no
// node marked for a field that is missing. Whether nodes are known and values right, examples.test.ts shows by running them.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EditorLab } from './editorLab';
import { readExamples, type Workflow } from './examples';
import { prepared } from './prepared';
import { eventually } from './until';

const pictures = join(prepared.projectRoot, 'examples', 'pictures');
/** They are committed, and readers load all of them with one page. */
const maxPictureBytes = 150_000;
const examples = readExamples(join(prepared.projectRoot, 'examples'));

/** As it is when its user has chosen a credential for the model. */
const withModel = (workflow: Workflow, openAiApi: { id: string; name: string }): Workflow => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.type.startsWith('@n8n/') && /OpenAi/i.test(node.type)
			? { ...node, credentials: { openAiApi } }
			: node,
	),
});

/** The tests, in a lab that a file of tests has. */
export function picturesOfExamples(labNow: () => EditorLab): void {
	let openAiApi: { id: string; name: string };
	beforeAll(async () => {
		mkdirSync(pictures, { recursive: true });
		openAiApi = await labNow().session.call('POST', '/credentials', {
			...{ name: 'OpenAI', type: 'openAiApi', data: { apiKey: 'sk-none' } },
		});
	});

	it.each(examples)('$id', async ({ id, workflow }) => {
		const lab = labNow();
		const { editor } = lab;
		await lab.open(withModel(workflow, openAiApi));
		await eventually(async () => expect(await editor.nodesWithIssues()).toEqual([]));
		const file = join(pictures, `${id}.jpg`);
		await editor.canvasPicture(file);
		expect(statSync(file).size).toBeLessThan(maxPictureBytes);
		expect(editor.errors()).toEqual([]);
	});
}
