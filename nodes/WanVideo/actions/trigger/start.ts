/**
 * The start of the workflow, after the callback was answered: once for each task, with its video where that
 * is wanted. It runs where the workflow runs, so in queue mode on a worker and never in the webhook process.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { deliver } from '../../generation/deliver';
import { stoppedError } from '../../host/errors';
import { readOptions, readSwitch, textSetting } from '../../host/parameters';
import { followPorts } from '../../host/makePorts';
import { reasonOf } from '../../host/reason';
import { isFirstStart } from '../../host/starts';
import { RESULT_LINK_HOURS } from '../../wan/resultLink';
import { withoutGaps } from '../rows';
import { OPTIONS } from '../options';
import { readOutputField } from '../rowPlan';
import { videoFileName } from '../videoFileName';
import { waitOptions } from '../waitOptions';
import { download } from './triggerParameters';

/** The item of the callback, with its video. One that cannot be fetched does not keep the workflow from starting. */
export async function startWorkflow(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const isWanted = orElse(true, () => readSwitch(context, download, 0));
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
	const ports = await followPorts(context).catch(reasonOf);
	// E.g. the credential is gone meanwhile.
	if (typeof ports === 'string') return { json: { ...json, downloadProblem: ports } };
	const { client, videos, clock, stop } = ports;
	const livesUntil = typeof expiresAt === 'string' ? Date.parse(expiresAt) : NaN;
	const delivery = await deliver(
		{
			fileName: videoFileName(
				orElse('', () => fileNameOf(context)),
				taskId,
			),
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
			const field = orElse('data', () => readOutputField(context, 0));
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

function fileNameOf(context: IExecuteFunctions): string {
	const { displayName } = waitOptions.fileName;
	return textSetting(readOptions(context, OPTIONS, 0).fileName, displayName, '');
}

/** The callback is answered and does not come again: a setting that cannot be used costs nobody the video. */
function orElse<T>(fallback: T, read: () => T): T {
	try {
		return read();
	} catch {
		return fallback;
	}
}
