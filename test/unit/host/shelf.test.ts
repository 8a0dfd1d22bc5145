/** Videos that an execution has kept, as they are read again after a pause. */
import { shelfOf } from '../../../nodes/WanVideo/host/shelf';
import { aCompletedState, TASK_ID, VIDEO_URL } from '../../support/builders';
import { fakeContext } from '../../support/fakeContext';

const data = {};
const shelf = (executionId: string) =>
	shelfOf(fakeContext({ executionId, members: { getContext: () => data } }));

it('come back with all that their row says, in the same execution only', () => {
	const last = { ...aCompletedState(), raw: { id: TASK_ID, usage: { credits_reserved: 27.2 } } };
	const file = { id: 'filesystem:1', data: 'filesystem', mimeType: 'video/mp4' };
	const facts = { durationSeconds: 5, hasAudio: true };
	shelf('7').put('cat.mp4', {
		...{ end: 'completed', taskId: TASK_ID, earlierTaskIds: [], videoUrl: VIDEO_URL },
		...{ last, file, facts },
	});
	expect(shelf('7').get(TASK_ID, 'cat.mp4')).toMatchObject({
		...{ taskId: TASK_ID, videoUrl: VIDEO_URL, file, facts, creditsReserved: 27.2 },
	});
	expect(shelf('8').get(TASK_ID, 'cat.mp4')).toBeUndefined();
	expect(shelf('7').get(TASK_ID, 'dog.mp4')).toBeUndefined();
});
