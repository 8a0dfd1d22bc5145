// Everything that steers the sandbox, over HTTP under /_sandbox, for programs in other processes.
// The same things can be done directly on the object that startSandbox returns.

import { isRecord, messageOf, parseJson, type JsonRecord } from '../json';
import { exampleAddresses } from '../publicFiles';
import { json, type Reply } from '../reply';
import type { Request } from '../room';
import type { Sandbox } from '../sandbox';
import { asFaultPlan, asNewKey } from './adminInput';

/** Answers a request under /_sandbox; undefined when there is no such call. */
export async function admin(sandbox: Sandbox, request: Request): Promise<Reply | undefined> {
	const call = `${request.method} ${request.url.pathname.replace('/_sandbox/', '')}`;
	try {
		const value = await answer(sandbox, call, request);
		return value === undefined ? undefined : json(200, value);
	} catch (error) {
		return json(400, { error: { message: messageOf(error) } });
	}
}

async function answer(sandbox: Sandbox, call: string, request: Request): Promise<unknown> {
	switch (call) {
		case 'GET health':
			return { ok: true, url: sandbox.url, tasks: sandbox.ledger().length };
		case 'GET examples':
			return exampleAddresses(sandbox.url);
		case 'GET ledger':
			return sandbox.ledger();
		case 'GET requests':
			return sandbox.requests();
		case 'GET violations':
			return sandbox.violations();
		case 'GET callbacks':
			return sandbox.callbacks();
		case 'GET clock':
			return clockOf(sandbox);
		case 'POST clock':
			return moveClock(sandbox, bodyOf(request));
		case 'GET faults':
			return sandbox.pendingFaults();
		case 'POST faults':
			for (const plan of listOf(request)) sandbox.plan(asFaultPlan(plan));
			return sandbox.pendingFaults();
		case 'DELETE faults':
			sandbox.clearFaults();
			return [];
		case 'GET switches':
			return sandbox.switches();
		case 'POST switches':
			sandbox.setSwitches(bodyOf(request));
			return sandbox.switches();
		case 'POST credits':
			sandbox.setCredits(numberOf(bodyOf(request), 'credits'));
			return { ok: true };
		case 'POST keys':
			sandbox.addKey(asNewKey(bodyOf(request)));
			return { ok: true };
		case 'POST reset':
			await sandbox.reset();
			return { ok: true };
		default:
			return undefined;
	}
}

const clockOf = ({ clock }: Sandbox): JsonRecord => ({ mode: clock.mode, now: clock.now() });

async function moveClock(sandbox: Sandbox, body: JsonRecord): Promise<JsonRecord> {
	const { mode } = body;
	if (mode !== undefined && mode !== 'real' && mode !== 'manual') {
		throw new Error('mode must be real or manual');
	}
	if (mode !== undefined) sandbox.clock.setMode(mode);
	if (body.advanceMs !== undefined) await sandbox.clock.advance(numberOf(body, 'advanceMs'));
	return clockOf(sandbox);
}

function bodyOf({ content }: Request): JsonRecord {
	const value = parseJson(content.toString('utf8'));
	if (!isRecord(value)) throw new Error('the body must be a JSON object');
	return value;
}

/** One plan or a list of plans. */
function listOf({ content }: Request): unknown[] {
	const value = parseJson(content.toString('utf8'));
	return Array.isArray(value) ? value : [value];
}

function numberOf(body: JsonRecord, name: string): number {
	const value = body[name];
	if (typeof value !== 'number') throw new Error(`${name} must be a number`);
	return value;
}
