/** Fields of n8n that its types do not tell of. */

/** What an object has under a name; nothing where there is no object. */
export function fieldOf(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
