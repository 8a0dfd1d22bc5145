// `npm start` with a real key: the examples' images have to be somewhere EvoLink can fetch them, so they go to EvoLink's own
// file storage (free, kept 72 hours) first. It is documented for images only, so clips and sound stay for the user to give.
import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

export const evoLinkUrls = {
	baseUrl: 'https://api.evolink.ai',
	filesUrl: 'https://files-api.evolink.ai',
};

/** @type {Readonly<Record<string, string>>} */
const imageTypes = { '.jpg': 'image/jpeg', '.png': 'image/png' };

/**
 * @param {string} file JPEG or PNG
 * @param {string} apiKey
 * @param {string} [filesUrl]
 * @returns {Promise<string>} its URL
 */
export async function uploadImage(file, apiKey, filesUrl = evoLinkUrls.filesUrl) {
	const form = new FormData();
	form.append(
		'file',
		new Blob([readFileSync(file)], { type: imageTypes[extname(file)] }),
		basename(file),
	);
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
 * Uploads the images that stand behind the examples' addresses.
 * @param {string[]} addresses the placeholders
 * @param {string} folder of their files
 * @param {string} apiKey
 * @param {string} [filesUrl]
 * @returns {Promise<Record<string, string>>} placeholder -> public address, for all that are images
 */
export async function uploadImages(addresses, folder, apiKey, filesUrl) {
	/** @type {Record<string, string>} */
	const uploaded = {};
	for (const address of addresses) {
		const file = join(folder, basename(address));
		if (extname(file) in imageTypes && existsSync(file))
			uploaded[address] = await uploadImage(file, apiKey, filesUrl);
	}
	return uploaded;
}
