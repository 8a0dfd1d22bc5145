/** Which tasks of a run wake a paused execution by EvoLink's callback. */

/** Of the tasks that are under way at once, so many wake the execution: the last ones submitted, as they tend to end last. */
const CALLBACKS_AT_ONCE = 5;

/** By the position of a job among `count`, with `atOnce` under way at once: the address by which its task wakes the execution, if it is to. */
export function wakersOf(
	wakeUrl: string | undefined,
	count: number,
	atOnce: number,
): (index: number) => string | undefined {
	if (wakeUrl === undefined) return () => undefined;
	return (index) => {
		const last = Math.min(count, (Math.floor(index / atOnce) + 1) * atOnce);
		return last - index <= CALLBACKS_AT_ONCE ? wakeUrl : undefined;
	};
}
