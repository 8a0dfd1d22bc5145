/**
 * The start of the workflow, after the callback was answered: once for each task, with its video where that
 * is wanted. It runs where the workflow runs, so in queue mode on a worker and never in the webhook process.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { deliver } from '../../generation/deliver';
import { stoppedError } from '../../host/errors';
import { booleanSetting, optionsOf, rawParameter, textSetting } from '../../host/parameters';
import { followPorts } from '../../host/ports';
import { isFirstStart } from '../../host/starts';
import { RESULT_LINK_HOURS } from '../../wan/model';
import { withoutGaps } from '../rows';
import { DEFAULTS, videoFileName } from '../waiting';

/** The item of the callback, with its video. One that cannot be fetched does not keep the workflow from starting. */
export async function startWorkflow(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const isWanted = booleanSetting(rawParameter(context, 'download', 0), false);
	const rows: INodeExecutionData[] = [];
	for (const [item, { json }] of context.getInputData().entries()) {
		const { taskId } = json;
		if (typeof taskId === 'string' && !(await isFirstStart(context, taskId))) {
			context.logger.info(
				`Wan Video Trigger ("${context.getNode().name}"): task ${taskId} has started another execution already, so this one ends`,
			);
			continue;
		}
		rows.push({ ...(isWanted ? await withVideo(context, json) : { json }), pairedItem: { item } });
	}
	return rows;
}

async function withVideo(
	context: IExecuteFunctions,
	json: IDataObject,
): Promise<INodeExecutionData> {
	const { taskId, videoUrl, expiresAt } = json;
	if (typeof taskId !== 'string' || typeof videoUrl !== 'string') return { json };
	const { client, videos, clock, stop } = await followPorts(context);
	const livesUntil = typeof expiresAt === 'string' ? Date.parse(expiresAt) : NaN;
	const delivery = await deliver(
		{
			fileName: videoFileName(textSetting(optionsOf(context, 0).fileName, ''), taskId),
			videoUrl,
			...(!Number.isNaN(livesUntil) && {
				completedAfter: livesUntil - RESULT_LINK_HOURS * 3_600_000,
			}),
		},
		{ videos, look: async () => await client.look(taskId), clock, stop },
	);
	switch (delivery.end) {
		case 'delivered': {
			const { durationSeconds, width, height, hasAudio } = delivery.facts;
			const { task, ...simple } = json;
			const facts = { durationSeconds, width, height, hasAudio };
			const field = textSetting(
				rawParameter(context, 'outputBinaryField', 0),
				DEFAULTS.outputBinaryField,
			);
			return {
				json: withoutGaps({ ...simple, videoUrl: delivery.videoUrl, ...facts, task }),
				binary: { [field]: delivery.file },
			};
		}
		case 'undelivered':
			return { json: { ...json, videoUrl: delivery.videoUrl, downloadProblem: delivery.reason } };
		case 'stopped':
			throw stoppedError(context, [taskId], 0);
	}
}
