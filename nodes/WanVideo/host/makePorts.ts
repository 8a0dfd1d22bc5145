/** Ties n8n's side of the ports together for one run of the node. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { evoLinkClient } from '../evolink/client';
import type { Claims } from '../generation/claims';
import { fingerprint } from '../generation/fingerprint';
import type { FollowPorts, KeyPurpose, Ports } from '../generation/ports';
import { clock } from './clock';
import { experienceOf } from './accountExperience';
import { apiPort } from './api';
import type { BodyStream } from './media';
import { ownName } from './lineage';
import { notices } from './notices';
import { isTool, type Scope } from './scope';
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
		experience: experienceOf(context),
	};
}

/** Everything that making videos needs. */
export async function generationPorts(
	context: IExecuteFunctions,
	scope: Scope,
	claims?: Claims,
): Promise<Ports<IBinaryData, BodyStream>> {
	return {
		...(await followPorts(context)),
		journal: journalOf(context),
		newKey: (purpose) => keyFor(context, purpose) ?? scope.newKey(),
		claims,
	};
}

/**
 * The same key for the same POST of a run that n8n lost: an EvoLink that honours it makes no second task. It is
 * a second guard where even the claim was lost; nothing relies on it, as EvoLink does not document it.
 */
function keyFor(context: IExecuteFunctions, purpose: KeyPurpose): string | undefined {
	try {
		// Each call of a tool is a try of its own.
		const name = isTool(context) ? undefined : ownName(context);
		const { id } = context.getNode();
		return name === undefined ? undefined : fingerprint({ name, node: id, ...purpose });
	} catch {
		return undefined;
	}
}
