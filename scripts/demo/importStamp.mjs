// Whether the credential and the examples in a user folder are the ones that would be imported now. Importing takes seconds
// and would undo what the user changed in the editor, so it happens only when the project's side has changed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} userFolder */
const stampOf = (userFolder) => join(userFolder, 'imported.sha256');

/** @param {object} credential @param {object[]} workflows */
const digest = (credential, workflows) =>
	createHash('sha256')
		.update(JSON.stringify([credential, workflows]))
		.digest('hex');

/** @param {string} userFolder @param {object} credential @param {object[]} workflows @returns {boolean} */
export const wasImported = (userFolder, credential, workflows) =>
	existsSync(stampOf(userFolder)) &&
	readFileSync(stampOf(userFolder), 'utf8') === digest(credential, workflows);

/** @param {string} userFolder @param {object} credential @param {object[]} workflows */
export const rememberImport = (userFolder, credential, workflows) =>
	writeFileSync(stampOf(userFolder), digest(credential, workflows));
