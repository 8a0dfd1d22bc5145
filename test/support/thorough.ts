/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// How much is tried: at home a test run should stay short, `.ci/run` tries all (THOROUGH=1). Of the tests here that is a
// share; a file that begins with `// @thorough` is left out of `npm test` whole (scripts/test.mjs). `npx jest` runs each.

export const thorough = process.env.THOROUGH === '1';

/** At home every `every`th case, the first among them. */
export function someOf<T>(cases: readonly T[], every: number): T[] {
	return thorough ? [...cases] : cases.filter((_, index) => index % every === 0);
}

/** At home a quarter of so many runs. */
export function runs(count: number): number {
	return thorough ? count : Math.ceil(count / 4);
}
