/** Task IDs and file names as users give them. */
import { readTaskIds } from '../../../nodes/WanVideo/actions/task/taskIds';
import { videoFileName } from '../../../nodes/WanVideo/actions/videoFileName';
import { SettingError } from '../../../nodes/WanVideo/host/parameters';
import { TASK_ID } from '../../support/builders';

const OTHER = 'task-unified-1757169744-abcd1234';

describe('task IDs', () => {
	it.each([
		['one', TASK_ID, [TASK_ID]],
		['one with spaces around', ` ${TASK_ID}\n`, [TASK_ID]],
		['two with a comma', `${TASK_ID}, ${OTHER}`, [TASK_ID, OTHER]],
		['two with a semicolon', `${OTHER};${TASK_ID}`, [OTHER, TASK_ID]],
		['two on two lines', `${TASK_ID}\r\n${OTHER}`, [TASK_ID, OTHER]],
		['an array', [TASK_ID, OTHER], [TASK_ID, OTHER]],
		['an array of lists', [`${TASK_ID} ${OTHER}`], [TASK_ID, OTHER]],
		['one given twice', `${TASK_ID},${TASK_ID}`, [TASK_ID]],
		['a comma too many', `,${TASK_ID},,`, [TASK_ID]],
		['gaps in an array', [null, TASK_ID, undefined, ''], [TASK_ID]],
		['one of another kind', 'a.b:c_d-1', ['a.b:c_d-1']],
		['one with a slash, a colon and an umlaut', 'task-unified-1/a:ü', ['task-unified-1/a:ü']],
	])('%s', (_label, value, ids) => {
		expect(readTaskIds(value)).toEqual(ids);
	});

	it.each([[''], ['  '], [undefined], [null], [[]], [['']], [',;']])(
		'none in %j is told',
		(value) => {
			expect(() => readTaskIds(value)).toThrow(SettingError);
			expect(() => readTaskIds(value)).toThrow(/'Task ID' is empty/);
		},
	);

	it.each([
		['a number', 42],
		['an object', { taskId: TASK_ID }],
		['an array with an object', [TASK_ID, { id: OTHER }]],
		['a boolean', true],
		['a path', '../credits'],
		['an address', 'https://api.evolink.ai/v1/tasks/x'],
		['a query', `${TASK_ID}?x=1`],
		['Chinese characters', '任务'],
		['a sentence', 'the last one'],
		['a sentence with an ID in it', `the last one, ${TASK_ID} please`],
		['an ID with words after it', `${TASK_ID} of today`],
		['two dots, which are a folder in an address', '..'],
		['one dot', '.'],
		['129 characters', 'a'.repeat(129)],
	])('that are none are told: %s', (_label, value) => {
		expect(() => readTaskIds(value)).toThrow(SettingError);
		expect(() => readTaskIds(value)).toThrow(/'Task ID' holds .*no task ID/);
	});
});

describe('file names', () => {
	it.each([
		['by default from the task', '', `wan-${TASK_ID}.mp4`],
		['as wanted', 'cat.mp4', 'cat.mp4'],
		['with the ending that is missing', 'cat', 'cat.mp4'],
		['with the ending once', 'cat.MP4', 'cat.mp4'],
		['without folders', 'videos/2026\\cat.mp4', 'videos-2026-cat.mp4'],
		['without a way up', '../../etc/passwd', '..-..-etc-passwd.mp4'],
		['of the ending alone', '.mp4', `wan-${TASK_ID}.mp4`],
		['of spaces', '   ', `wan-${TASK_ID}.mp4`],
		['with dots inside', 'cat.v1.2', 'cat.v1.2.mp4'],
		['in Chinese', '猫', '猫.mp4'],
		['without line breaks', 'cat\r\nX: y\0.mp4', 'catX: y.mp4'],
		['without marks that turn the text', 'cat\u202egpj.\u2066mp4', 'catgpj.mp4'],
		['without half a character', 'cat\ud83d', 'cat.mp4'],
		['of 200 characters at most', 'x'.repeat(300), `${'x'.repeat(200)}.mp4`],
		['of what a disk takes', '猫'.repeat(200), `${'猫'.repeat(80)}.mp4`],
		['of line breaks alone', '\n\n', `wan-${TASK_ID}.mp4`],
	])('%s', (_label, wanted, name) => {
		expect(videoFileName(wanted, TASK_ID)).toBe(name);
	});

	it('tell tasks apart by default', () => {
		expect(videoFileName('', TASK_ID)).not.toBe(videoFileName('', OTHER));
	});

	it('made of a strange ID have no folders either', () => {
		expect(videoFileName('', '../../x y')).toBe('wan-..-..-x-y.mp4');
	});
});
