/** What the EvoLink room needs of an HTTP client. host/ implements it; nothing else makes HTTP calls. */

/** A file to send as a form's `file` field. */
export interface UploadFile {
	name: string;
	mimeType: string;
	bytes: Uint8Array<ArrayBuffer>;
}

export interface ApiRequest {
	/** The API, unless it says files. */
	host?: 'api' | 'files';
	method: 'GET' | 'POST';
	/** Path under the API's base URL, with a leading slash. */
	path: string;
	body?: object;
	/** Sent as a form instead of a body. */
	file?: UploadFile;
	headers?: Readonly<Record<string, string>>;
	/** Longest silence on the connection, in milliseconds. */
	timeoutMs: number;
	/**
	 * False for the paid POST: its answer carries the task ID, so a stop lets it finish
	 * instead of tearing it off and losing the ID of a task that is paid for.
	 */
	endsOnStop: boolean;
}

export interface HttpAnswer {
	status: number;
	/** Header names in lower case. */
	headers: Readonly<Record<string, string>>;
	/** Parsed JSON, or the text where the body is no JSON. */
	body: unknown;
}

export type HttpResult =
	| { answered: true; answer: HttpAnswer }
	/** No answer. `sent: 'no'` only where the request certainly never reached the other side. */
	| { answered: false; sent: 'no' | 'unknown'; reason: string };

export interface ApiPort {
	/** Sends one request with the credential, once: no retries, no redirects. Never throws for network trouble. */
	send(request: ApiRequest): Promise<HttpResult>;
	/** Takes the credential's key out of a foreign text. */
	redact(text: string): string;
}
