// What an execution leaves behind, as far as the tests look at it, and how to find the items and the video in it.

export interface BinaryRef {
	id?: string;
	data?: string;
	mimeType: string;
	fileName?: string;
	fileSize?: string;
}

export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, BinaryRef>;
	pairedItem?: unknown;
}

export interface NodeRun {
	executionStatus?: string;
	/** Milliseconds, by n8n's own clock. */
	executionTime?: number;
	error?: { message?: string; description?: string };
	data?: { main?: Array<Item[] | null> };
	hints?: Array<{ message: string }>;
}

export interface Execution {
	id?: string;
	status?: string;
	finished?: boolean;
	data: {
		resultData: {
			runData: Record<string, NodeRun[]>;
			lastNodeExecuted?: string;
			error?: { message?: string; description?: string };
		};
	};
}

/** The items of the last run of a node's first output; of the node that ran last when no name is given. */
export function itemsOf({ data }: Execution, nodeName?: string): Item[] {
	const name = nodeName ?? data.resultData.lastNodeExecuted ?? '';
	return data.resultData.runData[name]?.at(-1)?.data?.main?.[0] ?? [];
}

/** The one video of an execution. Anything else (none, several, an error) is an error that tells what was there. */
export function theVideo(execution: Execution): { item: Item; binary: BinaryRef } {
	const { error, runData } = execution.data.resultData;
	if (error)
		throw new Error(`The workflow failed: ${error.message} ${error.description ?? ''}`.trim());
	const videos = Object.values(runData)
		.flatMap((runs) => runs.at(-1)?.data?.main?.[0] ?? [])
		.flatMap((item) => Object.values(item.binary ?? {}).map((binary) => ({ item, binary })))
		.filter(({ binary }) => binary.mimeType === 'video/mp4');
	const distinct = [
		...new Map(videos.map((video) => [video.binary.id ?? video.binary.data, video])).values(),
	];
	if (distinct.length !== 1) {
		throw new Error(
			`Expected one video, found ${distinct.length} in ${Object.keys(runData).join(', ')}`,
		);
	}
	return distinct[0];
}
