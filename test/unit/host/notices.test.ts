/** The ID of a paid task is said in three places; one that fails keeps it from none of the others. */
import { notices } from '../../../nodes/WanVideo/host/notices';
import { TASK_ID } from '../../support/builders';
import { fakeContext } from '../../support/fakeContext';

it.each(['logger', 'sendMessageToUI', 'customData'])('is told though %s fails', (broken) => {
	const told: string[] = [];
	const place = (name: string) => (text: string) => {
		if (name === broken) throw new Error(`${name} is full`);
		told.push(`${name}: ${text}`);
	};
	const context = fakeContext({
		members: {
			logger: { info: place('logger') },
			sendMessageToUI: place('sendMessageToUI'),
			customData: {
				get: () => undefined,
				set: (_key: string, text: string) => place('customData')(text),
			},
		},
	});
	notices(context).submitted(3, TASK_ID);
	expect(told).toHaveLength(2);
	for (const text of told) expect(text).toContain(TASK_ID);
});
