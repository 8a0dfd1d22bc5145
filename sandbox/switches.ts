// What EvoLink's documentation leaves open, as named switches with a default. The README lists
// them in a table, and a test compares that table with this file.

type Allowed = readonly string[] | 'number' | 'order';
interface Switch<Value extends string | number> {
	readonly default: Value;
	readonly allowed: Allowed;
	readonly about: string;
}

/** The steps of a submit's check; `checkOrder` may put them in any order with json before fields. */
export const CHECK_STEPS = ['auth', 'json', 'model', 'fields', 'materials', 'balance', 'rate'];

const text = <const Value extends string>(
	allowed: readonly [Value, ...Value[]],
	about: string,
): Switch<Value> => ({ default: allowed[0], allowed, about });
const number = (value: number, about: string): Switch<number> => ({
	default: value,
	allowed: 'number',
	about,
});

/** Every switch; the first allowed value of a text switch is its default. */
export const SWITCHES = {
	checkOrder: {
		default: CHECK_STEPS.join(','),
		allowed: 'order',
		about: 'the order in which a submit is checked',
	} as Switch<string>,
	materialsChecked: text(['submit', 'later'], 'a bad material: 400 at submit, or a failed task'),
	unknownFields: text(['refused', 'ignored'], 'a field that is not in the contract'),
	emptyFields: text(['refused', 'ignored'], '`null`, `""` and `[]` in optional fields'),
	numericStrings: text(['refused', 'accepted'], '`"5"` where a number is asked'),
	dataUrls: text(['refused', 'accepted'], '`data:` URLs as materials'),
	pngAlpha: text(['refused', 'accepted'], 'a PNG with an alpha channel or tRNS'),
	clipToleranceSeconds: number(0.05, 'how much longer than `duration` a clip may be'),
	unknownModelAnswer: text(['403', '404', '400', '503'], 'status for an unknown model name'),
	balanceAnswer: text(['402', '403'], 'status when the credits do not cover the task'),
	callbackUrls: text(['strict', 'local'], '`local` also allows http and private addresses'),
	callbackTimeoutMs: number(10_000, 'real time a callback receiver has'),
	idempotencyKey: text(['ignored', 'honoured'], 'the header `Idempotency-Key` on a submit'),
	submitsPerMinute: number(0, 'more than this many submits in a minute get 429 (0: no limit)'),
	submitAnswerMs: number(0, 'real time until the answer to a submit that is accepted'),
	tasksInFlight: number(0, 'more than this many unfinished tasks get 429 (0: no limit)'),
	retryAfterSeconds: number(0, '`Retry-After` on those 429 answers (0: not sent)'),
	errorCode: text(['string', 'number'], '`error.code` as a name or as the HTTP status'),
	taskInfo: text(['present', 'missing'], '`task_info` in a task'),
	canCancel: text(['present', 'missing'], '`task_info.can_cancel`'),
	object: text(['present', 'missing'], '`object` in a task'),
	finishedTaskUsage: text(['missing', 'present'], '`usage` in a finished task'),
	failedTask: text(['full', 'sparse'], '`sparse`: no `created`, `type`, `error.type`'),
	cancelledSpelling: text(['cancelled', 'canceled'], 'the state of a cancelled task'),
	expiredLinkStatus: text(['403', '404', '410'], 'answer of a result link after 24 hours'),
	expiredUploadStatus: text(['404', '403', '410'], 'answer of an uploaded file after 72 hours'),
	linkAfterExpiry: text(['dead', 'renewed'], 'the link of a look later than 24 hours'),
	lookLagSeconds: number(
		0,
		'a task younger than this is 404 for looks: a copy that lags (0: none)',
	),
	taskRetentionHours: number(0, 'after this a finished task is 404 (0: kept)'),
	mediaRange: text(['on', 'off'], 'whether media answers Range requests with 206'),
	uploadTypes: text(
		['observed', 'documented', 'any'],
		'`documented`: four image types; `observed`: audio and video too',
	),
	uploadErrorStatus: text(['200', 'matching'], 'HTTP status of a refused upload'),
	uploadMaxFiles: number(2000, 'stored files per account'),
	clipLengthAtSubmit: text(
		['known', 'unknown'],
		'whether the reserve counts the real length of clips, or their cap',
	),
	editCutBilled: text(
		['whole', 'kept'],
		'input seconds of an edit that cuts its clip: all, or what is kept',
	),
	fileWithoutPrompt: text(['accepted', 'refused'], 'a document without a prompt'),
	smartSeconds: number(6, 'the length that the model chooses with `duration` -1'),
	smartWithClips: text(['accepted', 'refused'], '`duration` -1 together with clips'),
	videoDuration: text(['present', 'missing'], '`task_info.video_duration` of Wan 3.0'),
	soundWithoutAudio: text(['tone', 'silence', 'none'], 'sound track when no audio is given'),
} as const;

type Tables = typeof SWITCHES;
export type SwitchName = keyof Tables;
export type Switches = {
	-readonly [Name in SwitchName]: Tables[Name] extends Switch<infer Value> ? Value : never;
};

const isSwitchName = (name: string): name is SwitchName => name in SWITCHES;
const NAMES = Object.keys(SWITCHES).filter(isSwitchName);

function put<Name extends SwitchName>(into: Partial<Switches>, name: Name, value: unknown): void {
	const { allowed } = SWITCHES[name];
	const wanted = allowed === 'number' ? Number(value) : String(value);
	if (!isAllowed(allowed, wanted)) {
		const choice = typeof allowed === 'string' ? allowed : allowed.join(' | ');
		throw new Error(`Switch ${name} cannot be "${String(value)}"; allowed: ${choice}`);
	}
	Object.assign(into, { [name]: wanted });
}

function isAllowed(allowed: Allowed, value: string | number): boolean {
	if (allowed === 'number') return Number.isFinite(value) && Number(value) >= 0;
	if (allowed !== 'order') return allowed.includes(String(value));
	const steps = String(value).split(',');
	return (
		[...steps].sort().join() === [...CHECK_STEPS].sort().join() &&
		['model', 'fields', 'materials', 'balance'].every(
			(step) => steps.indexOf('json') < steps.indexOf(step),
		) &&
		steps.indexOf('fields') < steps.indexOf('materials') &&
		steps.indexOf('fields') < steps.indexOf('balance')
	);
}

/** All switches at their defaults. */
export function defaultSwitches(): Switches {
	const values: Partial<Switches> = {};
	for (const name of NAMES) put(values, name, SWITCHES[name].default);
	if (!isComplete(values)) throw new Error('a switch has no default');
	return values;
}

const isComplete = (values: Partial<Switches>): values is Switches =>
	NAMES.every((name) => values[name] !== undefined);

/** Sets switches by name; throws on an unknown name or a value that is not allowed. */
export function setSwitches(switches: Switches, changes: Readonly<Record<string, unknown>>): void {
	for (const [name, value] of Object.entries(changes)) {
		if (!isSwitchName(name)) throw new Error(`There is no switch "${name}"`);
		put(switches, name, value);
	}
}
