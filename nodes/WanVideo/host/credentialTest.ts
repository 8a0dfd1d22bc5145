/** The test of a credential, in the words that a run would use: the key, the API and the file storage. Free of charge. */
import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { evoLinkClient } from '../evolink/client';
import type { FailureKind } from '../evolink/catalogue';
import { failureAdvice, type Failure, failureHeadline } from '../evolink/failure';
import { fileClient } from '../evolink/fileClient';
import { apiPortOfTest } from './api';

/** What the storage may answer without that anything in the credential is wrong. */
const NOT_OF_THE_CREDENTIAL: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'rateLimited',
	'serviceTrouble',
	'storageRefused',
	'outOfCredits',
	'forbidden',
]);

/** Asks the API for the credits and the storage for its quota. Throws nothing. */
export async function testEvoLinkCredential(
	this: ICredentialTestFunctions,
	{ data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const port = apiPortOfTest(this, data ?? {});
	const credits = await evoLinkClient(port).credits();
	if (!credits.ok) return failed(credits.failure, '');
	const quota = await fileClient(port).quota();
	if (quota.ok || NOT_OF_THE_CREDENTIAL.has(quota.failure.kind))
		return { status: 'OK', message: 'Connection successful!' };
	return failed(quota.failure, "The API answers, but the file storage at 'Files URL' does not. ");
}

function failed(failure: Failure, before: string): INodeCredentialTestResult {
	const message = `${before}${failureHeadline(failure)}. ${failureAdvice(failure)}`;
	return { status: 'Error', message };
}
