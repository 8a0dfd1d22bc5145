// Pauses and updates of n8n take minutes, whatever the machine: their files begin early, beside one that keeps it busy.
const { default: Sequencer } = require('@jest/test-sequencer');

const first = ['install', 'editorLines', 'queuePause', 'examples', 'pause', 'agent', 'queue'];

module.exports = class extends Sequencer {
	/** @param {Array<{ path: string }>} tests */
	sort(tests) {
		const place = ({ path }) => {
			const found = first.findIndex((name) => path.endsWith(`/${name}.test.ts`));
			return found === -1 ? first.length : found;
		};
		return [...tests].sort((a, b) => place(a) - place(b) || a.path.localeCompare(b.path));
	}
};
