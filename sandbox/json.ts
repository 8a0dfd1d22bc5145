// The few questions about unknown JSON that the sandbox has to ask.

export type JsonRecord = Record<string, unknown>;

/** True for a JSON object (not an array, not null). */
export const isRecord = (value: unknown): value is JsonRecord =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value if it is a string, else undefined. */
export const asText = (value: unknown): string | undefined =>
	typeof value === 'string' ? value : undefined;

/** The parsed text, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		return value;
	} catch {
		return undefined;
	}
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string =>
	error instanceof Error ? error.message : String(error);
