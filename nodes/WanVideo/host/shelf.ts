/**
 * Videos that this execution has kept, remembered beside the journal. Only files that n8n's store holds
 * under an ID: in memory mode the file itself would be written into the execution once more.
 */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { parseTask } from '../evolink/schemas';
import { readTaskState } from '../evolink/taskState';
import type { Shelf } from '../generation/ports';
import { recordsIn } from './journalStore';

const shelved = z.object({
	/** Files belong to an execution: n8n deletes them with it, so another one fetches them anew. */
	executionId: z.string(),
	videoUrl: z.string(),
	linkLivesUntil: z.number().optional(),
	file: z
		.object({ id: z.string(), data: z.string(), mimeType: z.string() })
		.catchall(z.union([z.string(), z.number(), z.undefined()])),
	facts: z.object({
		width: z.number().optional(),
		height: z.number().optional(),
		durationSeconds: z.number().optional(),
		hasAudio: z.boolean(),
	}),
	task: z.unknown(),
});

/** The shelf of the node in this execution. */
export function shelfOf(context: IExecuteFunctions): Shelf<IBinaryData> {
	const records = recordsIn(context, 'wanVideoVideos');
	const executionId = context.getExecutionId();
	return {
		get(taskId, fileName) {
			const found = shelved.safeParse(records.read(placeOf(taskId, fileName)));
			if (!found.success || found.data.executionId !== executionId) return undefined;
			const { file, facts, videoUrl, linkLivesUntil } = found.data;
			const answer = parseTask(found.data.task);
			const last = answer && readTaskState(taskId, answer, (text) => text);
			const creditsReserved = last?.creditsReserved;
			return {
				end: 'completed',
				taskId,
				earlierTaskIds: [],
				...(last !== undefined && { last }),
				...(creditsReserved !== undefined && { creditsReserved }),
				videoUrl,
				...(linkLivesUntil !== undefined && { linkLivesUntil }),
				file,
				facts,
			};
		},
		put(fileName, { taskId, last, file, facts, videoUrl, linkLivesUntil }) {
			if (file?.id === undefined) return;
			const record = { executionId, videoUrl, linkLivesUntil, file, facts, task: last?.raw };
			records.write(placeOf(taskId, fileName), record);
		},
	};
}

function placeOf(taskId: string, fileName: string): string {
	return `${taskId}/${fileName}`;
}
