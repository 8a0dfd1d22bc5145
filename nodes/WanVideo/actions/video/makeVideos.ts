/** What 'Video: Generate' and 'Video: Submit' do: check all items, submit them, and follow what is to be waited for. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { run } from '../../generation/run';
import { generationPorts } from '../../host/ports';
import { scopeOf } from '../../host/scope';
import { joined } from '../../host/toolCalls';
import { settle } from '../settle';
import { checkAndPrepare, type PreparationNeeds } from './requests';

export interface MakeSettings extends Pick<PreparationNeeds, 'readWait' | 'pausing'> {
	/** Tasks under way at once. */
	concurrency: number;
}

/** The items to return; none when the execution pauses. Throws what stands for the run as a whole. */
export async function makeVideos(
	context: IExecuteFunctions,
	{ readWait, concurrency, pausing }: MakeSettings,
): Promise<INodeExecutionData[]> {
	const scope = scopeOf(context);
	const prepared = await checkAndPrepare(context, scope, readWait, pausing);
	const { requests } = prepared;
	const settings = {
		...{ executionId: scope.executionId, concurrency },
		keepGoing: context.continueOnFail(),
		...(pausing?.rule && { pause: pausing.rule }),
	};
	const ports = await generationPorts(context, scope);
	const work = async () => await run(requests, settings, ports);
	const outcomes = await joined(context, requests, work);
	return await settle(context, { ...prepared, outcomes, ...(pausing && { pausing }) });
}
