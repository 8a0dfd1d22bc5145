// The check of a submit, step by step in the order of the switch `checkOrder`. The first step that
// says no gives the answer.

import type { ApiKey } from '../accounts';
import { MODELS, type ModelContract, price } from '../contract';
import { errorReply, tooMany } from '../errorReply';
import { isRecord, parseJson, type JsonRecord } from '../json';
import type { ReadMaterials } from '../materials';
import { json, type Reply } from '../reply';
import { keyOf, type Request, type Room } from '../room';
import { reservedSeconds } from '../seconds';
import { checkSubmission, type Submission } from '../submission';
import type { TaskFailure } from '../world';

const MINUTE_MS = 60_000;

/** A submit that passed. */
export interface Accepted {
	readonly key: ApiKey;
	readonly body: JsonRecord;
	readonly submission: Submission;
	readonly materials: ReadMaterials;
	/** What is wrong with a material, where that only shows later. */
	readonly laterFailure: TaskFailure | undefined;
}

export class SubmitCheck {
	#key: ApiKey | undefined;
	#body: JsonRecord | undefined;
	#contract: ModelContract | undefined;
	#submission: Submission | undefined;
	#materials: ReadMaterials = [];
	#laterFailure: TaskFailure | undefined;

	readonly #steps: Readonly<Record<string, () => Reply | undefined | Promise<Reply | undefined>>> =
		{
			auth: () => this.#auth(),
			json: () => this.#json(),
			model: () => this.#model(),
			fields: () => this.#fields(),
			materials: () => this.#readMaterials(),
			balance: () => this.#balance(),
			rate: () => this.#rate(),
		};

	constructor(
		private readonly room: Room,
		private readonly request: Request,
	) {
		// Known from the start, so that steps before `auth` can use it; `auth` alone refuses.
		this.#key = keyOf(room, request);
	}

	/** Runs all steps. */
	async run(): Promise<Accepted | { refusal: Reply }> {
		for (const step of this.room.switches.checkOrder.split(',')) {
			const refusal = await this.#steps[step]?.();
			if (refusal !== undefined) return { refusal };
		}
		if (!this.#key || !this.#body || !this.#submission) throw new Error('a step is missing');
		return {
			key: this.#key,
			body: this.#body,
			submission: this.#submission,
			materials: this.#materials,
			laterFailure: this.#laterFailure,
		};
	}

	#refuse(status: number, detail?: string): Reply {
		// The pages of Wan 3.0 have another code for a 400.
		const code = status === 400 ? this.#contract?.refusal.code : undefined;
		return errorReply(this.room.switches, 'submit', status, detail, {}, code);
	}

	#auth(): Reply | undefined {
		return this.#key === undefined ? this.#refuse(401) : undefined;
	}

	#json(): Reply | undefined {
		const value = parseJson(this.request.content.toString('utf8'));
		if (!isRecord(value)) return this.#refuse(400, 'the body must be a JSON object');
		this.#body = value;
		const model = String(value.model);
		this.#contract = Object.hasOwn(MODELS, model) ? MODELS[model] : undefined;
		return undefined;
	}

	#model(): Reply | undefined {
		const model = this.#body?.model;
		if (model === undefined) return this.#refuse(400, 'model is required');
		if (typeof model !== 'string') return this.#refuse(400, 'model must be a string');
		const { unknownModelAnswer } = this.room.switches;
		if (this.#contract === undefined) {
			if (unknownModelAnswer === '400') return this.#refuse(400, `unknown model ${model}`);
			const code = unknownModelAnswer === '403' ? 'model_access_denied' : 'model_unavailable';
			return json(Number(unknownModelAnswer), noAccess(model, code));
		}
		const allowed = this.#key?.models;
		if (!allowed || allowed.includes(model)) return undefined;
		return json(403, noAccess(model, 'model_access_denied'));
	}

	#fields(): Reply | undefined {
		if (this.#contract === undefined) return undefined;
		const checked = checkSubmission(this.#contract, this.#body ?? {}, this.room.switches);
		if ('problem' in checked) return this.#refuse(400, checked.problem);
		this.#submission = checked.submission;
		return undefined;
	}

	async #readMaterials(): Promise<Reply | undefined> {
		if (this.#submission === undefined || this.room.options.materials === 'trust') return undefined;
		const read = await this.room.reader.read(this.#submission);
		if ('materials' in read) {
			this.#materials = read.materials;
			return undefined;
		}
		if (this.room.switches.materialsChecked === 'later') {
			this.#laterFailure = read.problem;
			return undefined;
		}
		return this.#refuse(400, read.problem.message);
	}

	#balance(): Reply | undefined {
		const key = this.#key;
		if (key === undefined || this.#submission === undefined) return undefined;
		const { model, quality } = this.#submission;
		const seconds = reservedSeconds(this.#submission, this.#materials, this.room.switches);
		const needed = price(model, seconds, quality);
		const cover = this.room.accounts.cover(key);
		if (cover >= needed) return undefined;
		if (this.room.switches.balanceAnswer === '402') return this.#refuse(402);
		const message = `insufficient credits: ${cover} left, ${needed} needed`;
		return json(403, { error: { code: 'unknown_error', message, type: 'new_api_error' } });
	}

	#rate(): Reply | undefined {
		const key = this.#key;
		if (key === undefined) return undefined;
		const { switches, world, clock } = this.room;
		const { submitsPerMinute, tasksInFlight } = switches;
		const sinceMs = clock.now() - MINUTE_MS;
		const recent = (): number =>
			world.tasks.filter((task) => task.key === key && task.createdMs > sinceMs).length;
		const tooFast = submitsPerMinute > 0 && recent() >= submitsPerMinute;
		const tooMuch = tasksInFlight > 0 && world.inFlight(key) >= tasksInFlight;
		return tooFast || tooMuch ? tooMany(switches, 'submit') : undefined;
	}
}

const noAccess = (model: string, code: string) => ({
	error: {
		code,
		message: `Token does not have access to model: ${model}`,
		type: 'invalid_request_error',
	},
});
