/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in the browser and in Node, outside n8n */
// n8n's dialog of a credential, as a person fills it in: fields by their labels, and what it says of the connection.
import type { Page, Request } from 'playwright-core';
import { byTestId, settledClick } from './editorPage';
import { until } from './until';

export interface CredentialDialog {
	open(id: string): Promise<void>;
	/** Types into a field, in place of what is in it, and leaves it. */
	fill(label: string, value: string): Promise<void>;
	/**
	 * Saves until nothing is unsaved, each of which tests the connection, and gives what the dialog says of the last test, with
	 * all details. What was typed is proven to have been saved and tested: it stood in the requests.
	 */
	save(): Promise<string>;
	picture(file: string): Promise<void>;
}

/** n8n's answer to a test of the connection. */
interface Tested {
	status: string;
	message: string;
}

type Fields = Record<string, unknown>;

const SUCCESS = 'tested successfully';
const FAILURE = /Couldn.t connect with these settings/;
const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
/** n8n takes in a text so long after the last key, in milliseconds. */
const TAKEN_IN_MS = 200;
/** How often a person would save the same before calling it broken. */
const SAVES = 5;

export function openCredentialDialog(page: Page, url: string): CredentialDialog {
	const dialog = page.locator(byTestId('credential-edit-dialog'));
	const more = dialog.getByText(/^More details$/i).first();
	// It stands in the head of the window, outside of the dialog's content; "Saved" is a word and no button.
	const saveButton = page.locator(byTestId('credential-save-button')).locator('button');
	/** What has left the dialog since it was opened, oldest first. */
	const saves: Request[] = [];
	const tests: Request[] = [];
	page.on('request', (request) => {
		const { pathname } = new URL(request.url());
		if (request.method() === 'PATCH' && /\/credentials\/[^/]+$/.test(pathname)) saves.push(request);
		if (request.method() === 'POST' && pathname.endsWith('/credentials/test')) tests.push(request);
	});
	/** What was typed since the last save, by label. */
	const typed = new Map<string, string>();

	const next = async (what: string, all: Request[], seen: number) =>
		await until(what, async () => await Promise.resolve(all.at(seen)));
	const answerOf = async (test: Request) =>
		((await (await test.response())?.json()) as { data: Tested }).data;
	const holdsTyped = (fields: Fields = {}) =>
		[...typed.values()].every((value) => Object.values(fields).includes(value));

	/**
	 * What the dialog says when it says this. The banner of the test before may still be there, and may be taken away with its
	 * details opened: so each look begins anew, until the words of this answer are in sight and those of another are not.
	 */
	const says = async ({ status, message }: Tested) =>
		await until(`the dialog to say "${message}"`, async () => {
			const text = await dialog.innerText();
			const isGood = status === 'OK';
			if (text.includes(SUCCESS) === isGood && FAILURE.test(text) === !isGood)
				if (isGood || inOneLine(text).includes(inOneLine(message))) return text;
			if (await more.isVisible()) await more.click({ timeout: 2_000 });
			return undefined;
		});

	const type = async (label: string, value: string) => {
		const field = dialog
			.locator(byTestId('credential-connection-parameter'))
			.filter({ hasText: label })
			.first()
			.locator('input')
			.first();
		await field.fill(value);
		await field.blur();
		// Until n8n has taken it in, nothing in sight tells; a timer of the same page that begins later and is longer ends later.
		await page.evaluate(
			async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
			1.5 * TAKEN_IN_MS,
		);
	};

	/** Presses the button and waits until n8n is through with it. */
	const saveOnce = async () => {
		const [savesBefore, testsBefore] = [saves.length, tests.length];
		await settledClick(saveButton, async () => await Promise.resolve(saves.length > savesBefore));
		const save = await next('n8n to save', saves, savesBefore);
		const test = await next('n8n to test the connection', tests, testsBefore);
		const answer = await answerOf(test);
		// While n8n is busy the button is there, and off.
		await until('n8n to be through', async () =>
			(await saveButton.isHidden()) || (await saveButton.isEnabled()) ? true : undefined,
		);
		const { data } = save.postDataJSON() as { data?: Fields };
		const { credentials } = test.postDataJSON() as { credentials: { data?: Fields } };
		return { answer, isWhole: holdsTyped(data) && holdsTyped(credentials.data) };
	};

	return {
		async open(id) {
			typed.clear();
			const before = tests.length;
			await page.goto(`${url}/home/credentials/${id}`);
			// n8n tests the connection when the dialog opens.
			await says(await answerOf(await next('n8n to test the connection', tests, before)));
		},
		async fill(label, value) {
			await type(label, value);
			typed.set(label, value);
		},
		async save() {
			for (let count = 1; count <= SAVES; count += 1) {
				const { answer, isWhole } = await saveOnce();
				const isUnsaved = await saveButton.isVisible();
				if (isWhole && !isUnsaved) {
					typed.clear();
					return await says(answer);
				}
				// n8n takes for saved what came while it saved: it has to be touched again.
				if (!isUnsaved)
					for (const [label, value] of typed) {
						await type(label, `${value}.`);
						await type(label, value);
					}
			}
			throw new Error(`n8n has not saved what was typed, in ${SAVES} times`);
		},
		async picture(file) {
			await dialog.screenshot({ path: file, type: 'jpeg', quality: 80 });
		},
	};
}
