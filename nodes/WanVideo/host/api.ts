/** The EvoLink API with the node's credential: answers of any status are values, and so is no answer. */
import type { ICredentialsDecrypted, ICredentialTestFunctions } from 'n8n-workflow';

import {
	type Credential,
	credentialProblem,
	isSurelyWrong,
	readCredentialFields,
} from '../evolink/credential';
import type { ApiPort, ApiRequest, Hindrance, HttpResult } from '../evolink/apiPort';
import { redactorOf } from '../evolink/redact';
import { endWhenSilent, isStream, readAnswerBody } from './answerBody';
import { type ApiCaller, CREDENTIAL, getInTest, sendWithKey } from './http';
import { causeOf, type Trouble, troubleOf } from './networkCause';
import { nodeOf } from './ownNode';
import { uploadForm } from './uploadForm';

/**
 * The API with the node's credential. Answers of any status are values; nothing is sent twice. All that needs
 * n8n's context (the credential, its expressions) is read here: what goes wrong with it is known before a request.
 */
export async function apiPort(context: ApiCaller): Promise<ApiPort> {
	const credential = await readCredential(context);
	const { apiKey } = credential;
	return {
		redact: redactorOf(apiKey),
		send: async (request) => await sendWithCredential(context, credential, request),
	};
}

/** The credential as the user filled it in, without what was copied along. */
export async function readCredential(context: ApiCaller): Promise<Credential> {
	return readCredentialFields(await context.getCredentials<Record<string, unknown>>(CREDENTIAL));
}

async function sendWithCredential(
	context: ApiCaller,
	credential: Credential,
	asked: ApiRequest,
): Promise<HttpResult> {
	const { method, path, body, file, headers, timeoutMs, endsAfterMs, endsOnStop, host } = asked;
	const problem = credentialProblem(credential, host ?? 'api');
	if (problem !== undefined) {
		return { answered: false, sent: 'no', reason: problem, hindrance: 'credential' };
	}
	const end = AbortSignal.timeout(endsAfterMs);
	const stop = endsOnStop ? stopOf(context) : undefined;
	const silent = new AbortController();
	const signal = AbortSignal.any([end, silent.signal, ...(stop === undefined ? [] : [stop])]);
	const baseUrl = credential.hosts[host ?? 'api'];
	const request = { method, url: `${baseUrl}${path}`, json: true, timeout: timeoutMs };
	const tooLate = `no whole answer came within ${Math.ceil(endsAfterMs / 1000)} seconds`;
	// A file that n8n's store has lost is no trouble of the network: that throws.
	const form = file && (await uploadForm(file));
	try {
		const {
			status,
			headers: received,
			body: content,
		} = await sendWithKey(
			endedBy(context, signal),
			{
				...{ ...request, abortSignal: signal },
				headers: { ...headers, ...form?.headers },
				...(body !== undefined && { body }),
				...(form !== undefined && { body: form.body }),
			},
			{ credentialsDecrypted: decrypted(context, credential) },
		);
		if (isStream(content)) endWhenSilent(content, timeoutMs, () => silent.abort());
		const read = await readAnswerBody(content, signal);
		if (!read.whole) {
			const reason = end.aborted ? tooLate : read.reason;
			return {
				answered: false,
				sent: 'unknown',
				reason,
				heard: read.heard,
				httpStatus: status,
			};
		}
		return {
			answered: true,
			answer: { status, headers: received, body: read.content },
		};
	} catch (error) {
		const { reason } = causeOf(error);
		return (
			unsent(error, baseUrl) ?? {
				answered: false,
				sent: 'unknown',
				reason: end.aborted ? tooLate : reason,
			}
		);
	} finally {
		form?.close();
	}
}

/** The result of a request that certainly never left; undefined where that is not certain. */
function unsent(error: unknown, baseUrl: string): HttpResult | undefined {
	const { sent, reason } = causeOf(error);
	if (sent === 'unknown') return undefined;
	const hindrance = hindranceOf(troubleOf(error), baseUrl);
	return { answered: false, sent, reason, ...(hindrance !== undefined && { hindrance }) };
}

function hindranceOf(trouble: Trouble | undefined, baseUrl: string): Hindrance | undefined {
	if (trouble === undefined || trouble === 'certificate' || trouble === 'package') return trouble;
	if (trouble === 'forbidden') return 'nobodyThere';
	return isSurelyWrong(baseUrl, trouble) ? 'nobodyThere' : undefined;
}

/** Longest silence of a host that the credential's test asks, in milliseconds. */
const TEST_TIMEOUT_MS = 15_000;

/** The same port for the test of a credential, where n8n offers its older helper only: one GET at a time, ended by silence. */
export function apiPortOfTest(
	context: ICredentialTestFunctions,
	fields: Readonly<Record<string, unknown>>,
): ApiPort {
	const credential = readCredentialFields(fields);
	const { apiKey, hosts } = credential;
	return {
		redact: redactorOf(apiKey),
		async send({ path, host = 'api' }) {
			const reason = credentialProblem(credential, host);
			if (reason !== undefined)
				return { answered: false, sent: 'no', reason, hindrance: 'credential' };
			try {
				const { status, headers, body } = await getInTest(context, `${hosts[host]}${path}`, {
					headers: { Authorization: `Bearer ${apiKey}`, Accept: 'application/json' },
					timeout: TEST_TIMEOUT_MS,
				});
				const read = await readAnswerBody(body, AbortSignal.timeout(TEST_TIMEOUT_MS));
				if (!read.whole) return { answered: false, sent: 'unknown', reason: read.reason };
				return {
					answered: true,
					answer: { status, headers, body: read.content },
				};
			} catch (error) {
				return unsent(error, hosts[host]) ?? { answered: false, ...causeOf(error) };
			}
		},
	};
}

function stopOf(context: ApiCaller): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/** Tells one account from another: n8n's ID of the credential, never the key. */
export function accountOf(context: ApiCaller): string {
	const { id, name } = nodeOf(context).credentials?.[CREDENTIAL] ?? {};
	return id ?? name ?? '';
}

/**
 * The credential as n8n's helper takes it, so that it does not read it again: n8n takes away what it reads
 * credentials with when the work around a call ends (2.41), and the call would break off before it is sent.
 */
function decrypted(context: ApiCaller, { apiKey, hosts }: Credential): ICredentialsDecrypted {
	const { id = null, name = CREDENTIAL } = nodeOf(context).credentials?.[CREDENTIAL] ?? {};
	return {
		id: id ?? '',
		name,
		type: CREDENTIAL,
		data: { apiKey, baseUrl: hosts.api, filesUrl: hosts.files },
	};
}

/** The same context to n8n's request helper, which takes the signal that ends a request from there (see ApiRequest). */
function endedBy<Caller extends ApiCaller>(context: Caller, signal: AbortSignal): Caller {
	return new Proxy(context, {
		get(target, name): unknown {
			return name === 'getExecutionCancelSignal' ? () => signal : Reflect.get(target, name, target);
		},
	});
}
