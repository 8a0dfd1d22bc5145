/** What is said while a run goes on: server log, browser console of a manual run, and the execution's custom data. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Notices } from '../generation/ports';

/**
 * n8n keeps ten keys of custom data per execution, and puts an error into its log for each value above 255
 * characters. These hold about fifty task IDs, and leave two keys to the workflow.
 */
const CUSTOM_DATA_KEYS = 8;
const CUSTOM_DATA_CHARACTERS = 254;

/** Notices of one run of the node. */
export function notices(context: IExecuteFunctions): Notices {
	const node = context.getNode().name;
	const known = new Map<string, string>();

	/** Adds to what earlier runs of the node and other nodes wrote: one key is filled after the other. */
	function remember(taskId: string): void {
		// n8n 1.x has no custom data on the context; there the log has to do.
		const { customData } = context;
		if (customData === undefined) return;
		for (let key = 1; key <= CUSTOM_DATA_KEYS; key += 1) {
			const name = `wanVideoTasks${key}`;
			const before = customData.get(name);
			const longer = before ? `${before},${taskId}` : taskId;
			if (longer.length > CUSTOM_DATA_CHARACTERS) continue;
			customData.set(name, longer);
			return;
		}
	}

	/** Each place on its own: where one fails, the others still have the ID. */
	function inEach(...places: Array<() => void>): void {
		for (const say of places) {
			try {
				say();
			} catch {
				// What is said is a help to the user, and never a reason for an item to fail.
			}
		}
	}

	return {
		submitted(item, taskId) {
			// A stopped or killed execution keeps neither output nor context: this line is then the only trace of a paid task.
			const line = `Wan Video ("${node}"): submitted task ${taskId} for item ${item}`;
			inEach(
				() =>
					context.logger.info(line, {
						...{ taskId, itemIndex: item },
						executionId: context.getExecutionId(),
					}),
				() => context.sendMessageToUI(`Item ${item}: submitted task ${taskId}`),
				() => remember(taskId),
			);
		},
		state(item, taskId, status, progress) {
			const words = progress === undefined ? status : `${status}, ${progress} %`;
			if (known.get(taskId) === words) return;
			known.set(taskId, words);
			context.sendMessageToUI(`Item ${item}: task ${taskId} is ${words}`);
		},
	};
}
