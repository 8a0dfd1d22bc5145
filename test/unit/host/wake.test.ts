/** Waking by callback: when EvoLink is given an address at all, and who may use it. */
import type { IWebhookFunctions } from 'n8n-workflow';

import { receiveWake, wakeUrlOf } from '../../../nodes/WanVideo/host/wake';
import { fakeContext, NODE } from '../../support/fakeContext';

const SIGNED = 'https://n8n.example.com/webhook-waiting/7?signature=abc';
const EVOLINK = 'https://api.evolink.ai';

const urlFor = async (resumeUrl: string | undefined, baseUrl = EVOLINK, mode = 'trigger') =>
	await wakeUrlOf(
		fakeContext({
			members: {
				getMode: () => mode,
				getWorkflowDataProxy: () => ({ $execution: { resumeUrl } }),
				getCredentials: async () =>
					await Promise.resolve({ apiKey: 'sk-1', baseUrl, filesUrl: baseUrl }),
			},
		}),
	);

describe('the address for the callback', () => {
	it("is the execution's own, with a place for the node in it and a proof", async () => {
		const url = new URL((await urlFor(SIGNED)) ?? '');
		expect(url.origin).toBe('https://n8n.example.com');
		expect(url.pathname).toBe('/webhook-waiting/7/wan-video');
		expect(url.searchParams.get('signature')).toBe('abc');
		expect(url.searchParams.get('wan')).toMatch(/^[0-9a-f]{64}$/);
		expect(url.href).not.toContain('sk-1');
	});

	it.each([
		['without a signature, as in n8n 1.x', 'https://n8n.example.com/webhook-waiting/7'],
		['that is not encrypted', 'http://n8n.example.com/webhook-waiting/7?signature=a'],
		['of a machine inside a network', 'https://192.168.1.5/webhook-waiting/7?signature=a'],
		['of this machine', 'http://localhost:5678/webhook-waiting/7?signature=a'],
		['that is none', 'nowhere'],
		['that is not there', undefined],
	])('is not given for an address %s', async (_label, resumeUrl) => {
		expect(await urlFor(resumeUrl)).toBeUndefined();
	});

	it('may be local where the service of the credential is local too', async () => {
		const local = 'http://localhost:5678/webhook-waiting/7?signature=a';
		expect(await urlFor(local, 'http://127.0.0.1:8787')).toContain('/webhook-waiting/7/');
		expect(await urlFor(local, 'not an address')).toBeUndefined();
	});

	it('is not given in a manual run', async () => {
		expect(await urlFor(SIGNED, EVOLINK, 'manual')).toBeUndefined();
	});
});

describe('a call at that address', () => {
	interface Reply {
		status?: number;
		body?: unknown;
	}

	async function call(query: object, credential: () => object = () => ({ apiKey: 'sk-1' })) {
		const reply: Reply = {};
		const response = {
			status(status: number) {
				reply.status = status;
				return response;
			},
			json(body: unknown) {
				reply.body = body;
			},
		};
		const members = {
			getQueryData: () => query,
			getCredentials: async () => await Promise.resolve(credential()),
			getResponseObject: () => response,
			getExecutionId: () => '7',
			getNode: () => NODE,
		};
		const result = await receiveWake(members as object as IWebhookFunctions);
		return { reply, result };
	}
	const proof = async () => new URL((await urlFor(SIGNED)) ?? '').searchParams.get('wan');

	it('wakes the execution with the proof, and is answered by the node itself', async () => {
		const { reply, result } = await call({ signature: 'abc', wan: await proof() });
		expect(reply.status).toBe(200);
		expect(result).toEqual({ noWebhookResponse: true, workflowData: [] });
	});

	it.each([
		['a wrong proof', { wan: '0'.repeat(64) }, undefined],
		['a proof of another length', { wan: 'a' }, undefined],
		['no proof', {}, undefined],
		['several proofs', { wan: ['a', 'b'] }, undefined],
		['a credential without a key', { wan: 'a' }, () => ({})],
		[
			'a credential that is gone',
			{ wan: 'a' },
			() => {
				throw new Error('Credential not found');
			},
		],
	] as Array<[string, object, (() => object) | undefined]>)(
		'wakes nothing with %s, and never throws',
		async (...[, query, credential]) => {
			const { reply, result } = await call(query, credential);
			expect(reply.status).toBe(403);
			expect(result).toEqual({ noWebhookResponse: true });
		},
	);
});

it('has a proof that is good for its own node of its own execution', async () => {
	const proofOf = async (executionId: string, id: string) =>
		new URL(
			(await wakeUrlOf(
				fakeContext({
					executionId,
					node: { id },
					members: {
						getMode: () => 'trigger',
						getWorkflowDataProxy: () => ({ $execution: { resumeUrl: SIGNED } }),
						getCredentials: async () =>
							await Promise.resolve({ apiKey: 'sk-1', baseUrl: EVOLINK, filesUrl: '' }),
					},
				}),
			)) ?? '',
		).searchParams.get('wan');
	const proofs = [await proofOf('7', 'a'), await proofOf('7', 'b'), await proofOf('8', 'a')];
	expect(new Set(proofs).size).toBe(3);
});
