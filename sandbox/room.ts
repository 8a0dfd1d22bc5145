/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What the routes share: the running parts of one sandbox, and the shape of a request as they
// see it.

import type { IncomingHttpHeaders } from 'node:http';
import type { Accounts, ApiKey } from './accounts';
import type { Clock } from './clock';
import type { Fault, Faults } from './faults';
import type { MaterialFetcher } from './fetchMaterial';
import type { MaterialReader } from './materials';
import type { Renderer } from './render';
import type { Reply } from './reply';
import type { RequestLog } from './requestLog';
import type { Switches } from './switches';
import type { Uploads } from './uploads';
import type { World } from './world';

export interface Room {
	/** Where the sandbox listens, without a slash at the end. */
	readonly url: string;
	readonly options: {
		readonly video: 'rendered' | 'sample';
		readonly materials: 'read' | 'trust';
		readonly estimatedSeconds: number;
	};
	readonly clock: Clock;
	readonly accounts: Accounts;
	readonly world: World;
	readonly switches: Switches;
	readonly faults: Faults;
	readonly log: RequestLog;
	readonly uploads: Uploads;
	readonly fetcher: MaterialFetcher;
	readonly reader: MaterialReader;
	readonly renderer: Renderer;
	/** Tasks by `<key> <Idempotency-Key>`. */
	readonly replays: Map<string, { readonly taskId: string; readonly body: string }>;
}

export interface Request {
	readonly method: string;
	/** Path and query as an URL on the sandbox itself. */
	readonly url: URL;
	readonly headers: IncomingHttpHeaders;
	readonly content: Buffer;
	/** The planned fault that strikes this request; transport faults are carried out later. */
	readonly fault: Fault | undefined;
}

/** An answer, and the task whose client will not know it if the answer is lost. */
export interface Answer {
	readonly reply: Reply;
	readonly createdTaskId?: string;
}

/** The key a request came with; undefined if there is none, it is unknown, or it is not active. */
export function keyOf(room: Room, request: Request): ApiKey | undefined {
	const sent = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
	const key = sent === undefined ? undefined : room.accounts.find(sent);
	return key?.state === 'active' ? key : undefined;
}
