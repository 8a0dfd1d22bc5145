/** What a model reads: nothing that only a person at the editor can do, and a next step for each kind of failure. */
import { forModel, nextStepAfter } from '../../../nodes/WanVideo/actions/toolTexts';
import { CATALOGUE } from '../../../nodes/WanVideo/evolink/catalogue';

it.each([
	[
		"'Seed' must be a whole number from 1 to 2147483647. For a random seed remove the option.",
		"'Seed' must be a whole number from 1 to 2147483647. Leave it out for a random seed.",
	],
	[
		"'Clip URL' cannot be used in the mode First Frame. Empty it, or set 'Generation Mode' to Video Continuation. Nothing was charged.",
		"'Clip URL' cannot be used in the mode First Frame. Leave it empty, or choose another generation mode. Nothing was charged.",
	],
	[
		"The item has no file in the field 'data'. It has none. Enter the name of the field that holds the file.",
		"The item has no file in the field 'data'. It has none.",
	],
	['Nothing was sent. Retry this execution. It is open.', 'Nothing was sent. It is open.'],
	["It is there. Use 'Task: Wait' with its ID.", 'It is there.'],
	['One sentence', 'One sentence'],
])('%j becomes %j', (text, expected) => {
	expect(forModel(text)).toBe(expected);
});

const PAID = { isForGood: false };
const FOR_PEOPLE = /option|credential|execution|'(Task|Video|File|Account): |Tasks at Once/;

it.each(Object.keys(CATALOGUE))('says what a model can do after %s', (kind) => {
	for (const charged of ['no', 'yes', 'unknown'] as const) {
		for (const isForGood of [true, false]) {
			const step = nextStepAfter(charged, kind, { isForGood });
			expect(step).toMatch(/call|tell|ask/i);
			expect(step).not.toMatch(FOR_PEOPLE);
		}
	}
});

it('sends a model that only follows a task to another tool when it has failed', () => {
	for (const kind of ['generationFailed', 'serviceTrouble', 'rateLimited', 'contentPolicy']) {
		const step = (isForGood: boolean) => nextStepAfter('no', kind, { isForGood });
		expect(step(true)).toMatch(/stays so.* the tool that makes videos/);
		expect(step(false)).not.toMatch(/stays so/);
	}
});

it('never sends a model that may have paid to pay again', () => {
	for (const kind of [...Object.keys(CATALOGUE), undefined, 'of a later version']) {
		if (kind === 'submitUnderWay') continue;
		expect(nextStepAfter('unknown', kind, PAID)).toMatch(/Do not call this tool again/);
		expect(nextStepAfter('yes', kind, PAID)).toMatch(/Do not ask for it anew/);
	}
});
