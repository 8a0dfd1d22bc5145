/** What the EvoLink room needs of an HTTP client. host/ implements it; nothing else makes HTTP calls. */

/** A file to send as a form's `file` field. */
export interface UploadFile {
	name: string;
	mimeType: string;
	/** How many bytes it has. */
	bytes: number;
	/** Its bytes in pieces, from the beginning. Throws when they are not there any longer. */
	open: () => Promise<AsyncIterable<Uint8Array>>;
	/** Its bytes are in memory as a whole while they are sent. */
	isHeld: boolean;
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
	/** The end of the whole request in milliseconds, whatever still comes in then. */
	endsAfterMs: number;
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
	/** Parsed JSON, or the text where the body is no JSON, is nested too deep or was cut at the limit of size. */
	body: unknown;
}

/** Why a request never left. Without one of these the next try may get through. */
export type Hindrance = 'certificate' | 'credential' | 'nobodyThere' | 'package';

export type HttpResult =
	| { answered: true; answer: HttpAnswer }
	/** No answer, or not a whole one. `sent: 'no'` only where the request certainly never reached the other side. */
	| {
			answered: false;
			sent: 'no' | 'unknown';
			reason: string;
			hindrance?: Hindrance;
			/** What had come in before the answer broke off, without a word that may be cut in two. */
			heard?: string;
			httpStatus?: number;
	  };

export interface ApiPort {
	/** Sends one request with the credential, once: no retries, no redirects. Never throws for network trouble. */
	send(request: ApiRequest): Promise<HttpResult>;
	/** Takes the credential's key out of a foreign text. */
	redact(text: string): string;
}
