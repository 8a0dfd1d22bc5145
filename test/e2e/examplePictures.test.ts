/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Every example as n8n's editor shows it after the import, kept as a picture in examples/pictures/: no page error, and no
// node marked for a field that is missing. Whether nodes are known and values right, examples.test.ts shows by running them.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openEditor, type Editor } from './support/editor';
import { localCredential, readExamples, withCredential } from './support/examples';
import { importAll } from './support/n8nCli';
import { installPackage } from './support/n8nInstall';
import { startN8n, type N8nServer } from './support/n8nServer';
import { freshFolder, newestInstall, prepared } from './support/prepared';
import { openSession, type StoredWorkflow } from './support/rest';
import { eventually } from './support/until';

const pictures = join(prepared.projectRoot, 'examples', 'pictures');
/** They are committed, and readers load all of them with one page. */
const maxPictureBytes = 150_000;
const examples = readExamples(join(prepared.projectRoot, 'examples'));

let server: N8nServer;
let editor: Editor;

beforeAll(async () => {
	mkdirSync(pictures, { recursive: true });
	const userFolder = freshFolder('pictures');
	installPackage(newestInstall, userFolder);
	const url = 'http://127.0.0.1:9';
	const credential = localCredential({ apiKey: 'sk-sandbox', baseUrl: url, filesUrl: url });
	const workflows = examples.map(({ workflow }) => withCredential(workflow, credential));
	await importAll({ install: newestInstall, userFolder }, [credential], workflows);
	server = await startN8n({ install: newestInstall, userFolder });
	const session = await openSession(server.url);
	const openAiApi = await session.call<{ id: string; name: string }>('POST', '/credentials', {
		...{ name: 'OpenAI', type: 'openAiApi', data: { apiKey: 'sk-none' } },
	});
	for (const id of ['agent-tool', 'agent-with-picture', 'script-to-portrait']) {
		const agent = await session.call<StoredWorkflow>('GET', `/workflows/${id}`);
		const nodes = agent.nodes.map((node) =>
			node.type.startsWith('@n8n/') && /OpenAi/i.test(node.type)
				? { ...node, credentials: { openAiApi } }
				: node,
		);
		await session.call('PATCH', `/workflows/${id}`, { nodes, versionId: agent.versionId });
	}
	editor = await openEditor(server.url);
});
afterAll(async () => {
	await editor?.close();
	await server?.stop();
});

it.each(examples.map(({ id }) => id))('%s', async (id) => {
	await editor.openWorkflow(id);
	await eventually(async () => expect(await editor.nodesWithIssues()).toEqual([]));
	const file = join(pictures, `${id}.jpg`);
	await editor.canvasPicture(file);
	expect(statSync(file).size).toBeLessThan(maxPictureBytes);
	expect(editor.errors()).toEqual([]);
});
