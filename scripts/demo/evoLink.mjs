// `npm start` with a real key: the example's image has to be somewhere EvoLink can fetch it, so it goes to EvoLink's own
// file storage (free, kept 72 hours) first.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

export const evoLinkUrls = {
	baseUrl: 'https://api.evolink.ai',
	filesUrl: 'https://files-api.evolink.ai',
};

/** The address in the committed examples that stands for "an image of yours". */
const placeholder = 'https://example.com/first_frame.jpg';

/**
 * @param {string} file JPEG
 * @param {string} apiKey
 * @param {string} [filesUrl]
 * @returns {Promise<string>} its URL
 */
export async function uploadImage(file, apiKey, filesUrl = evoLinkUrls.filesUrl) {
	const form = new FormData();
	form.append('file', new Blob([readFileSync(file)], { type: 'image/jpeg' }), basename(file));
	const answer = await fetch(`${filesUrl}/api/v1/files/upload/stream`, {
		method: 'POST',
		headers: { authorization: `Bearer ${apiKey}` },
		body: form,
	}).catch(() => {
		throw new Error(`${filesUrl} cannot be reached`);
	});
	const text = await answer.text();
	const url = answer.ok ? JSON.parse(text).data?.file_url : undefined;
	if (typeof url !== 'string')
		throw new Error(`EvoLink refused the upload: ${answer.status} ${text.slice(0, 200)}`);
	return url;
}

/**
 * @param {import('../../test/e2e/support/index').Workflow} workflow
 * @param {string} url
 * @returns {import('../../test/e2e/support/index').Workflow} with the placeholder replaced where it is the first frame
 */
export const replaceFirstFrame = (workflow, url) => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.parameters.firstFrameUrl === placeholder
			? { ...node, parameters: { ...node.parameters, firstFrameUrl: url } }
			: node,
	),
});
