/** The catalogue: every documented error of tasks becomes cause, charge, next step and EvoLink's own words. */
import { CATALOGUE, type FailureKind } from '../../../nodes/WanVideo/evolink/catalogue';
import {
	type Failure,
	failureAdvice,
	failureDetails,
	failureHeadline,
	givenUp,
	HEADLINE_MONEY,
	kindOfAnswer,
	taskFailure,
	isWorthSubmittingAgain,
} from '../../../nodes/WanVideo/evolink/failure';
import { tidy } from '../../../nodes/WanVideo/evolink/foreign';
import { aFailure, TASK_ID } from '../../support/builders';

/** The code in a failed task | kind | a word of the advice. Source: EvoLink's page of task error codes. */
const TASK_CODES: Array<[string, FailureKind, RegExp]> = [
	['content_policy_violation', 'contentPolicy', /Change the prompt or the materials/],
	['invalid_parameters', 'invalidRequest', /Change the field/],
	['image_processing_error', 'materialUnusable', /Check that every URL/],
	['image_dimension_mismatch', 'materialUnusable', /size/],
	['request_cancelled', 'cancelled', /again/],
	['generation_failed_no_content', 'generationFailed', /again/],
	['service_error', 'serviceTrouble', /again/],
	['generation_timeout', 'serviceTrouble', /again/],
	['resource_exhausted', 'serviceTrouble', /minutes/],
	['quota_exceeded', 'rateLimited', /later/],
	['service_unavailable', 'serviceTrouble', /minutes/],
	['unknown_error', 'generationFailed', /ask EvoLink/],
];

it("tells the labels of the fields that EvoLink names in its body's words", () => {
	const said = 'image_start and audio_urls: too large';
	const failure = { kind: 'invalidRequest', charged: 'no', said } as const;
	const details = failureDetails(failure);
	expect(failureHeadline(failure)).toMatch(/"'First Frame' and 'Driving Audio': too large"/);
	expect(details).toContain(`In EvoLink's words: "${said}".`);
});

it.each([
	['wan2.7-reference-video', 'video_urls[1]: too long', "Video 2 of 'Reference Clips': too long"],
	['wan2.7-reference-video', 'image_urls is required', "'Reference Images' is required"],
	['wan2.7-video-edit', 'video_urls[0]: too long', "'Clip': too long"],
	['wan3.0-reference-video', 'audio_urls[2]: too long', "Audio 3 of 'Reference Audio': too long"],
	['wan3.0-reference-video', 'model_params.file_url: too large', "'Document': too large"],
	['of another family', 'video_urls: too long', "'Clip': too long"],
])('of %s "%s" is told by the labels of its own fields', (model, said, told) => {
	const failure = { kind: 'invalidRequest', charged: 'no', said, model } as const;
	expect(failureHeadline(failure)).toContain(`"${told}"`);
});

describe('a failed task', () => {
	it.each(TASK_CODES)('%s is %s, free of charge, with advice', (code, kind, advice) => {
		const failure = taskFailure(TASK_ID, code, 'The words of EvoLink');
		expect(failure).toEqual({
			kind,
			charged: 'no',
			taskId: TASK_ID,
			code,
			said: 'The words of EvoLink',
		});
		expect(failureHeadline(failure)).toContain(CATALOGUE[kind].cause);
		expect(failureHeadline(failure)).toContain('"The words of EvoLink"');
		expect(failureHeadline(failure)).toContain(TASK_ID);
		expect(failureDetails(failure)).toMatch(advice);
		expect(failureDetails(failure)).toContain('Nothing was charged.');
		expect(failureDetails(failure)).toContain(code);
	});

	it.each([
		[{ charge_status: 'charged', refund_status: 'failed' }, 'unknown'],
		[{ charge_status: 'charged', refund_status: 'pending' }, 'unknown'],
		[{ charge_status: 'unknown', refund_status: 'unknown' }, 'unknown'],
		[{ charge_status: 'charged', refund_status: 'completed' }, 'no'],
		[{ charge_status: 'released', refund_status: 'not_required' }, 'no'],
		[{ charge_status: 'reserved' }, 'no'],
		[{}, 'no'],
	])('with the billing %j counts as charged: %s', (billing, charged) => {
		expect(taskFailure(TASK_ID, 'service_error', undefined, billing)).toMatchObject({ charged });
	});

	it('resource_not_found is an expired task, and whether that was paid nobody here knows', () => {
		const failure = taskFailure(TASK_ID, 'resource_not_found', undefined);
		expect(failure).toMatchObject({ kind: 'taskNotFound', charged: 'unknown' });
	});

	it.each([['never_heard_of'], ['500'], [''], ['constructor'], ['toString'], ['__proto__']])(
		'an unknown code is a failed generation: %j',
		(code) => {
			const failure = taskFailure(TASK_ID, code, undefined);
			expect(failure.kind).toBe('generationFailed');
			expect(failureHeadline(failure)).toContain(TASK_ID);
		},
	);

	it('worth submitting again are exactly the codes whose page says so', () => {
		const worth = TASK_CODES.map(([code]) => code).filter((code) =>
			isWorthSubmittingAgain(taskFailure(TASK_ID, code, undefined)),
		);
		expect(worth.sort()).toEqual([
			...['generation_failed_no_content', 'generation_timeout', 'quota_exceeded'],
			...['resource_exhausted', 'service_error', 'service_unavailable'],
		]);
		const failure = taskFailure(TASK_ID, 'service_error', undefined);
		for (const other of [{ kind: 'cancelled' }, { charged: 'unknown' }] as const)
			expect(isWorthSubmittingAgain({ ...failure, ...other })).toBe(false);
	});
});

describe('codes of HTTP answers', () => {
	it.each<[number, string, string, FailureKind]>([
		[402, 'insufficient_quota', '', 'outOfCredits'],
		[402, 'quota_exceeded', '', 'outOfCredits'],
		[402, 'key_daily_quota_exhausted', '', 'outOfCredits'],
		[403, 'unknown_error', '余额不足: 可用; insufficient credits', 'outOfCredits'],
		[403, 'insufficient_user_quota', '', 'outOfCredits'],
		[403, 'model_access_denied', '', 'modelNotAllowed'],
		[403, 'key_model_not_allowed', '', 'modelNotAllowed'],
		[404, 'model_not_found', '', 'modelNotAllowed'],
		[403, 'permission_denied', '', 'forbidden'],
		[403, 'ip_restricted', '', 'forbidden'],
		[403, 'content_filter', '', 'contentPolicy'],
		[400, 'moderation_blocked', '', 'contentPolicy'],
		[400, 'video_probe_failed', '', 'materialUnusable'],
		[400, 'invalid_media_url', '', 'materialUnusable'],
		[400, 'missing_video_urls', '', 'invalidRequest'],
		[400, '', '', 'invalidRequest'],
		[401, '401', '', 'unauthorized'],
		[403, 'key_expired', '', 'unauthorized'],
		[403, 'key_disabled', '', 'unauthorized'],
		[404, 'task_not_found', '', 'taskNotFound'],
		[404, '', 'Invalid URL (GET /x)', 'addressWrong'],
		[405, '', '', 'addressWrong'],
		[300, '', '', 'addressWrong'],
		[301, '', '', 'addressWrong'],
		[399, '', '', 'addressWrong'],
		[407, '', '', 'proxyRefused'],
		[451, '', '', 'forbidden'],
		[451, 'content_filter', '', 'contentPolicy'],
		[400, '', 'insufficient detail in the prompt', 'invalidRequest'],
		[408, '', '', 'serviceTrouble'],
		[413, '', '', 'invalidRequest'],
		[429, 'rate_limit_exceeded', '', 'rateLimited'],
		[500, 'internal_error', '', 'serviceTrouble'],
		[502, 'upstream_error', '', 'serviceTrouble'],
		[503, 'model_unavailable', '', 'serviceTrouble'],
		[400, 'constructor', '', 'invalidRequest'],
	])('%i %s %s is %s', (status, code, message, kind) => {
		expect(kindOfAnswer(status, code, message)).toBe(kind);
	});
});

describe('texts', () => {
	const kinds = Object.keys(CATALOGUE) as FailureKind[];
	const charges = ['no', 'yes', 'unknown'] as const;
	const all = kinds.flatMap((kind) => charges.map((charged) => ({ kind, charged })));

	it.each(all)('$kind, charged $charged: cause, charge and advice in whole sentences', (known) => {
		const failure: Failure = { ...known, taskId: TASK_ID };
		expect(failureHeadline(failure)).not.toMatch(/undefined|\.$/);
		const details = failureDetails(failure);
		const charge = {
			no: 'Nothing was charged.',
			yes: 'The task is paid for.',
			unknown: 'It may have been charged.',
		};
		expect(details).toContain(charge[known.charged]);
		// What is paid for is followed, never made anew.
		if (known.charged === 'yes') expect(details).toMatch(/Retry the execution|Only a new run/);
		else expect(details).toContain(CATALOGUE[known.kind].advice);
		expect(details).toContain(TASK_ID);
		expect(details).not.toMatch(/undefined|\.\.|\bjob\b/);
		expect(CATALOGUE[known.kind].advice).toMatch(/\.$/);
	});

	it('an unknown submit is never advised to run again: it says how to find out', () => {
		const details = failureDetails(aFailure({ kind: 'serviceTrouble', charged: 'unknown' }));
		expect(details).toMatch(/may be running and be charged/);
		expect(details).toMatch(/dashboard/);
		expect(details).toMatch(/Task: Wait/);
		expect(details).not.toMatch(/Run (the item )?again/);
	});

	it('hold exactly what is known', () => {
		const bare = aFailure({ kind: 'serviceTrouble', charged: 'no' });
		const { cause, advice } = CATALOGUE.serviceTrouble;
		expect(failureHeadline(bare)).toBe(cause);
		expect(failureDetails(bare)).toBe(`Nothing was charged. ${advice}`);
		const all = {
			...{ ...bare, taskId: TASK_ID, said: 'Busy', seen: 'processing, 40 %', httpStatus: 503 },
			...{ code: 'busy', retryAfterMs: 1_500 },
		};
		expect(failureHeadline(all)).toBe(`${cause}: "Busy" (task ${TASK_ID})`);
		expect(failureDetails(all)).toBe(
			`Nothing was charged. ${advice} EvoLink asks for a pause of 2 seconds. Task ID: ${TASK_ID}. ` +
				"EvoLink says of the task now: processing, 40 %. HTTP status: 503. EvoLink's code: busy.",
		);
		expect(failureAdvice(all)).toBe(advice);
	});

	it('say in the first line that it may have been charged, but not of a task that is only followed', () => {
		const unknown = aFailure({ kind: 'replyLost', charged: 'unknown' });
		expect(failureHeadline(unknown)).toBe(`${CATALOGUE.replyLost.cause}${HEADLINE_MONEY}`);
		const followed = { ...unknown, isFollowed: true } as const;
		expect(failureHeadline(followed)).toBe(CATALOGUE.replyLost.cause);
		expect(failureDetails(followed)).toMatch(/^Nothing was submitted: waiting/);
		expect(failureHeadline({ ...unknown, charged: 'no' })).toBe(CATALOGUE.replyLost.cause);
	});

	it('name the storage and its address where it is the storage that says it', () => {
		const failure = aFailure({ kind: 'notReached', charged: 'no' });
		const atFiles = { ...failure, atFiles: true } as const;
		expect(failureHeadline(failure)).toBe('EvoLink could not be reached');
		expect(failureHeadline(atFiles)).toBe("EvoLink's storage could not be reached");
		expect(failureAdvice(failure)).toContain("'Base URL'");
		expect(failureAdvice(atFiles)).toContain("'Files URL'");
		expect(failureAdvice(atFiles)).not.toContain("'Base URL'");
	});

	it('names the model that the key may not use; without one, the default', () => {
		const denied = (model?: string) =>
			failureHeadline(aFailure({ kind: 'modelNotAllowed', ...(model && { model }) }));
		const words = 'The API key has no access to the model';
		expect(denied('wan3.0-text-to-video')).toBe(`${words} Wan 3.0 Text to Video`);
		expect(denied()).toBe(`${words} Wan 2.7 Image to Video`);
	});

	it('of a task that ended and may have been charged begins with a look at it', () => {
		const ended = aFailure({ kind: 'generationFailed', charged: 'unknown', taskId: TASK_ID });
		expect(failureAdvice(ended)).toMatch(/^Look at the task with 'Task: Get' first.*run the item/i);
		expect(failureAdvice({ ...ended, kind: 'nodeTrouble' })).toMatch(/^Look at the task with/);
		expect(failureAdvice({ ...ended, charged: 'no' })).toMatch(/^Run the item again/);
		expect(failureAdvice({ ...ended, isFollowed: true })).toMatch(/^Run the item again/);
	});

	it('of a paid task say what to put right first, and not to run again', () => {
		const paid = (kind: FailureKind) =>
			failureAdvice(aFailure({ kind, charged: 'yes', taskId: TASK_ID }));
		const follow =
			"Retry the execution, or use 'Task: Wait' with the task ID: neither makes a new video.";
		expect(paid('serviceTrouble')).toBe(follow);
		expect(paid('outOfCredits')).toBe(
			`Top up the account, or raise the limit of the API key. 'Account: Get Credits' shows what is left. Then: ${follow}`,
		);
		expect(paid('packageRemoved')).toBe(
			`Install it again under Settings > Community nodes. Then: ${follow}`,
		);
		expect(paid('videoNotStored')).toBe(CATALOGUE.videoNotStored.advice);
	});

	it('of a page that says 404 in place of a look lead to the address, not to the task', () => {
		const page = aFailure({ kind: 'taskNotFound', foreign: true, taskId: TASK_ID });
		expect(givenUp(page)).toEqual({ ...page, kind: 'addressWrong' });
		for (const other of [
			aFailure({ kind: 'taskNotFound' }),
			aFailure({ kind: 'serviceTrouble', foreign: true }),
		])
			expect(givenUp(other)).toBe(other);
	});

	it('no advice leads into a second charge for a task that is paid for', () => {
		const paid: FailureKind[] = ['videoNotFetched', 'videoNotStored', 'linkExpired', 'noVideo'];
		for (const kind of paid) expect(CATALOGUE[kind].advice).not.toMatch(/^Run (the item )?again/);
	});

	it('an error of a look at a paid task is not answered with "Run the item again"', () => {
		const failure = aFailure({ kind: 'serviceTrouble', charged: 'yes', taskId: TASK_ID });
		expect(failureDetails(failure)).toMatch(/Retry the execution|Task: Wait/);
	});

	it.each([
		['control characters', 'a\u0000b\u001b[31mc', 'a b [31mc'],
		['line breaks', 'a\r\n\tb', 'a b'],
		['the American spelling', 'Task was canceled. Canceled!', 'Task was cancelled. cancelled!'],
		['spaces around', '  a  ', 'a'],
	])('%s are tidied', (_label, text, tidied) => {
		expect(tidy(text)).toBe(tidied);
	});

	it('foreign texts have at most 500 characters', () => {
		expect(tidy('x'.repeat(500))).toHaveLength(500);
		expect(tidy('x'.repeat(501))).toHaveLength(500);
		expect(tidy('x'.repeat(501))).toMatch(/x…$/);
	});
});
