// What a line of the contract is worth: every entry of the tables in this folder says whether
// EvoLink documents it, whether it was only seen in code that talks to EvoLink, or whether it is
// our assumption, and where it was read.

export type Mark = 'documented' | 'observed' | 'assumed';

/** The provenance that every entry of the contract carries. */
export interface Fact {
	readonly mark: Mark;
	readonly source: string;
}

/** Short names for the places the contract was read from. */
export const SOURCES = {
	model: 'EvoLink docs, page "Wan2.7 Image to Video"',
	text27: 'EvoLink docs, page "Wan2.7 Text to Video"',
	reference27: 'EvoLink docs, page "Wan2.7 Reference Video"',
	edit27: 'EvoLink docs, page "Wan2.7 Video Edit"',
	pages27: 'EvoLink docs, the pages of Wan2.7',
	image30: 'EvoLink docs, page "Wan3.0 Image to Video"',
	text30: 'EvoLink docs, page "Wan3.0 Text to Video"',
	reference30: 'EvoLink docs, page "Wan3.0 Reference Video"',
	pages30: 'EvoLink docs, the pages of Wan3.0',
	prime30: 'EvoLink docs, the pages of Wan3.0 Prime',
	task: 'EvoLink docs, page "Get task detail"',
	taskErrors: 'EvoLink docs, page "Error codes"',
	credits: 'EvoLink docs, page "Get credits"',
	upload: 'EvoLink docs, pages "Upload stream", "Upload base64", "Upload url"',
	quota: 'EvoLink docs, page "Quota"',
	cli: "code of EvoLink's command line client",
	media: "code of EvoLink's media MCP server and its skill pages",
	pricing: "EvoLink's public pricing rules, snapshot of 2026-10-10",
	guess: 'no source found',
} as const;

/** A fact that EvoLink's documentation states. */
export const documented = (source: string): Fact => ({ mark: 'documented', source });
/** A fact seen in public code that talks to EvoLink. */
export const observed = (source: string): Fact => ({ mark: 'observed', source });
/** A reading of our own; `why` says what it rests on. */
export const assumed = (why: string = SOURCES.guess): Fact => ({ mark: 'assumed', source: why });
