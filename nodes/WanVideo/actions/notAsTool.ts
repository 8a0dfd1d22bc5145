/** Where a parameter is out of place: a tool of an AI agent gets no files, is shown short rows, and waits in one way only. */
import type { IDisplayOptions } from 'n8n-workflow';

export const NOT_AS_TOOL: IDisplayOptions = { hide: { '@tool': [true] } };
