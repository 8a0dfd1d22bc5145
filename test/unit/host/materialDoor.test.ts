/** How many materials of one place are read at once. */
import type { ItemFiles } from '../../../nodes/WanVideo/host/itemFiles';
import { materialDoor } from '../../../nodes/WanVideo/host/materialDoor';
import { fakeContext } from '../../support/fakeContext';

it.each([
	[false, { lane: 'files', atOnce: 6 }],
	[true, { lane: 'held files', atOnce: 1 }],
])('files that n8n gives out whole (%s) are read one at a time', async (isHeld, lane) => {
	const files = { get: () => ({ isHeld }) } as Partial<Record<string, unknown>>;
	const door = await materialDoor(fakeContext(), files as Partial<ItemFiles> as ItemFiles);
	expect(door.laneOf({ file: 'a' })).toEqual(lane);
});
