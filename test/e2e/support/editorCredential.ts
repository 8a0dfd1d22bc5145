// n8n's dialog of a credential, as a person fills it in: fields by their labels, and what it says of the connection.
import type { Page } from 'playwright-core';
import { byTestId } from './editorPicture';
import { until } from './until';

export interface CredentialDialog {
	open(id: string): Promise<void>;
	/** Types into a field, in place of what is in it. */
	fill(label: string, value: string): Promise<void>;
	/** Saves, which tests the connection, and gives what the dialog says of it, with all details. */
	save(): Promise<string>;
	picture(file: string): Promise<void>;
}

/** n8n's answer to a test of the connection. */
interface Tested {
	status: string;
	message: string;
}

const SUCCESS = 'tested successfully';
const FAILURE = /Couldn.t connect with these settings/;
const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

export function openCredentialDialog(page: Page, url: string): CredentialDialog {
	const dialog = page.locator(byTestId('credential-edit-dialog'));
	const more = dialog.getByText(/^More details$/i).first();
	// It stands in the head of the window, outside of the dialog's content.
	const saveButton = page.locator(byTestId('credential-save-button')).locator('button');
	/** The answer to the next test of the connection that is asked for, not to one that is under way. */
	const nextAnswer = async () => {
		const asked = await page.waitForRequest((one) => one.url().endsWith('/credentials/test'));
		return (await (await asked.response())?.json()) as { data: Tested };
	};
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
	return {
		async open(id) {
			// n8n tests the connection when the dialog opens.
			const answer = nextAnswer();
			await page.goto(`${url}/home/credentials/${id}`);
			await says((await answer).data);
		},
		async fill(label, value) {
			const field = dialog
				.locator(byTestId('credential-connection-parameter'))
				.filter({ hasText: label })
				.first();
			await field.locator('input').first().fill(value);
		},
		async save() {
			// The button is there when n8n has taken in what was typed, and gives way to the word "Saved".
			await saveButton.waitFor();
			const answer = nextAnswer();
			await saveButton.click();
			const said = await says((await answer).data);
			// What is typed before n8n is through counts as saved with what was there, and is never tested.
			await saveButton.waitFor({ state: 'detached' });
			return said;
		},
		async picture(file) {
			await dialog.screenshot({ path: file, type: 'jpeg', quality: 80 });
		},
	};
}
