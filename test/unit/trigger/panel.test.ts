// The trigger's panel in the editor: what it asks for fits the state that the workflow is in.
import { WanVideoTrigger } from '../../../nodes/WanVideo/WanVideoTrigger.node';

describe("the trigger's panel", () => {
	const { triggerPanel } = new WanVideoTrigger().description;
	const hint = typeof triggerPanel === 'object' ? triggerPanel.activationHint : undefined;

	it('asks for publishing only what is not published, and tells both what to enter where', () => {
		expect(hint).toEqual({
			inactive: expect.stringMatching(
				/^Publish this workflow .*'Callback URL'.*production URL/,
			) as string,
			active: expect.stringMatching(
				/^This workflow answers .*'Callback URL'.*production URL/,
			) as string,
		});
	});
});
