/** What a run that n8n lost left of an item, after what the journal says of it. */
import { INTERRUPTED, inherited } from '../../../nodes/WanVideo/generation/inheritance';
import { anEntry, TASK_ID } from '../../support/builders';

const heir = { request: 'request-0', intent: 'intent-0', key: 'key', executionId: '8' };
const interrupted = anEntry('intended', { failure: { ...INTERRUPTED } });
const lost = { taskId: TASK_ID };

it('is followed where nothing is known of it', () => {
	expect(inherited(lost, heir, 0)).toMatchObject({ stage: 'submitted', taskId: TASK_ID });
	expect(inherited({}, heir, 0)).toMatchObject({
		...{ stage: 'intended', failure: { kind: 'interrupted' } },
	});
});

it('is followed once its ID is known, and stays as it is until then', () => {
	expect(inherited(lost, heir, 0, interrupted)).toMatchObject({
		...{ stage: 'submitted', taskId: TASK_ID, request: 'request-0' },
	});
	expect(inherited({}, heir, 0, interrupted)).toBeUndefined();
});

it('is nothing to an entry about another request: the user has edited the node since', () => {
	const other = { ...heir, request: 'request-1', intent: 'intent-1' };
	expect(inherited(lost, other, 0, interrupted)).toBeUndefined();
});

it('is nothing to a task that is known to have failed', () => {
	expect(inherited(lost, heir, 0, anEntry('ended', { taskId: TASK_ID }))).toBeUndefined();
});
