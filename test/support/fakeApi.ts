/** An HTTP port that answers as told and remembers what it was asked to send. */
import type { ApiPort, ApiRequest, HttpResult } from '../../nodes/WanVideo/evolink/apiPort';
import { redactorOf } from '../../nodes/WanVideo/evolink/redact';

/** Shaped like a real key: sk- and 48 characters. */
export const KEY = `sk-${'0123456789abcdef'.repeat(3)}`;

export class FakeApi implements ApiPort {
	readonly sent: ApiRequest[] = [];

	constructor(private readonly result: HttpResult) {}

	async send(request: ApiRequest): Promise<HttpResult> {
		await Promise.resolve();
		this.sent.push(request);
		return this.result;
	}

	redact(text: string): string {
		return redactorOf(KEY)(text);
	}
}

/** An answer with a status and a body. */
export function answered(
	status: number,
	body: unknown,
	headers: Readonly<Record<string, string>> = {},
): HttpResult {
	return { answered: true, answer: { status, headers, body } };
}

/** No answer. */
export function silent(sent: 'no' | 'unknown', reason = 'the connection was reset'): HttpResult {
	return { answered: false, sent, reason };
}
