/** What the user set: the one thing of a node by which a retry knows an item again after an upgrade. */
import type { INodeProperties } from 'n8n-workflow';

import { settingsAs010, settingsOf } from '../../../nodes/WanVideo/host/settings';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node';

const { properties } = new WanVideo().description;
const set = (parameters: object, known: INodeProperties[] = properties) =>
	settingsOf({ typeVersion: 1, parameters: { ...parameters } }, known);

const PROMPT = { prompt: 'A cat', firstFrameUrl: 'https://example.com/a.png' };

describe('what the user set', () => {
	it('is what differs from the defaults', () => {
		expect(set({ ...PROMPT, resource: 'video', operation: 'generate', duration: 5 })).toEqual(
			PROMPT,
		);
		expect(set({ ...PROMPT, operation: 'submit', duration: 6 })).toEqual({
			...PROMPT,
			operation: 'submit',
			duration: 6,
		});
	});

	it('is the same whether n8n has filled in the defaults or not', () => {
		const filled = { ...PROMPT, quality: '720p', options: {}, autoNotice: '', download: true };
		expect(set(filled)).toEqual(set(PROMPT));
	});

	it('goes by the default that counts in the mode', () => {
		// In Auto the first frame's default is None, in the other modes there is no such choice.
		expect(set({ generationMode: 'auto', firstFrameSource: 'url' })).toHaveProperty(
			'firstFrameSource',
			'url',
		);
		expect(set({ firstFrameSource: 'url' })).not.toHaveProperty('firstFrameSource');
	});

	it('has every option that was added, also one at its default', () => {
		expect(set({ options: { seed: 42 } })).toEqual({ options: { seed: 42 } });
	});

	it('is nothing that a parameter of another mode or operation still holds', () => {
		expect(set({ clipUrl: 'https://example.com/a.mp4', taskId: 'x' })).toEqual({});
	});

	it('has expressions as they stand', () => {
		expect(set({ duration: '={{ $json.seconds }}' })).toEqual({ duration: '={{ $json.seconds }}' });
	});

	it('is not changed by what a later release adds', () => {
		const later: INodeProperties[] = [
			{ displayName: 'A', name: 'aspectRatio', type: 'options', default: '16:9', options: [] },
			{ displayName: 'B', name: 'extra', type: 'fixedCollection', default: {}, options: [] },
			{ displayName: 'C', name: 'words', type: 'notice', default: '' },
		];
		const filled = { ...PROMPT, aspectRatio: '16:9', extra: {}, words: '' };
		expect(set(filled, [...properties, ...later])).toEqual(set(PROMPT));
		expect(set({ ...filled, aspectRatio: '1:1' }, [...properties, ...later])).toEqual({
			...PROMPT,
			aspectRatio: '1:1',
		});
	});
});

describe('what 0.1.0 hashed', () => {
	it('has the defaults and nothing that came later, unless it was set', () => {
		const filled = { ...PROMPT, duration: 5, autoNotice: '', aspectRatio: '16:9', model: 'x' };
		expect(settingsAs010(filled, { ...PROMPT, model: 'x' })).toEqual({
			...PROMPT,
			duration: 5,
			autoNotice: '',
			model: 'x',
		});
	});
});
