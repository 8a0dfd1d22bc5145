/** Ties n8n's side of the ports together for one run of the node. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { evoLinkClient } from '../evolink/client';
import type { FollowPorts, Ports } from '../generation/ports';
import { clock } from './clock';
import { apiPort, type BodyStream } from './http';
import { notices } from './notices';
import type { Scope } from './scope';
import { shelfOf } from './shelf';
import { journalOf } from './toolCalls';
import { videoPort } from './videos';

/** Everything that following tasks needs. */
export async function followPorts(
	context: IExecuteFunctions,
): Promise<FollowPorts<IBinaryData, BodyStream>> {
	return {
		client: evoLinkClient(await apiPort(context)),
		videos: videoPort(context),
		shelf: shelfOf(context),
		clock,
		// Outside an engine (in some tests) there is no signal, and so no Stop either.
		stop: context.getExecutionCancelSignal() ?? { aborted: false },
		notices: notices(context),
	};
}

/** Everything that making videos needs. */
export async function generationPorts(
	context: IExecuteFunctions,
	scope: Scope,
): Promise<Ports<IBinaryData, BodyStream>> {
	return {
		...(await followPorts(context)),
		journal: journalOf(context),
		newKey: () => scope.newKey(),
	};
}
