/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** Links of media hosts: which redirects are followed, and which are not. */
import { Readable } from 'node:stream';

import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { openMedia } from '../../../nodes/WanVideo/host/media';
import { fakeContext } from '../../support/fakeContext';

const VIDEO = 'https://media.example.com/a.mp4';

/** n8n with media hosts that redirect, each address once, and with n8n's filter where it has one. */
function hosts(redirects: Record<string, string>, forbidden?: string) {
	const asked: string[] = [];
	const open: Readable[] = [];
	const filter = {
		validateUrl: async (url: URL) =>
			await Promise.resolve(
				url.hostname === forbidden
					? { ok: false, error: Object.assign(new Error('no'), { name: 'SsrfBlockedIpError' }) }
					: { ok: true },
			),
	};
	const context: IExecuteFunctions = fakeContext({
		helpers: {
			httpRequest: async ({ url, headers }: IHttpRequestOptions) => {
				asked.push(url);
				expect(headers).not.toHaveProperty('Authorization');
				const location = redirects[url];
				const body = Readable.from([Buffer.from('x')]);
				open.push(body);
				return await Promise.resolve({
					statusCode: location === undefined ? 200 : 302,
					headers: location === undefined ? { 'content-type': 'video/mp4' } : { location },
					body,
				});
			},
			...(forbidden !== undefined && { getSecureEgressFilter: () => filter }),
		},
	});
	return { context, asked, open };
}

it.each([
	['to another host', 'https://cdn.example.com/b.mp4'],
	['to a path', '/b.mp4'],
])('a redirect %s is followed', async (_label, location) => {
	const { context, asked, open } = hosts({ [VIDEO]: location });
	expect(await openMedia(context, VIDEO)).toMatchObject({ ok: true, value: { status: 200 } });
	expect(asked).toEqual([VIDEO, new URL(location, VIDEO).toString()]);
	expect(open.map(({ destroyed }) => destroyed)).toEqual([true, false]);
});

it.each([
	...['http://127.0.0.1/a', 'http://169.254.169.254/latest/meta-data', 'http://[::1]:9/'],
	...['http://localhost:5678/', 'http://redis:6379/', 'http://n8n.svc.cluster.local/'],
	...['http://0x7f000001/', 'http://2130706433/', 'http://127.1/', 'http://[::ffff:10.0.0.1]/'],
	...['//10.0.0.8/a', 'http://user:pw@192.168.0.1/'],
])('a redirect from outside to %s is not followed', async (location) => {
	const { context, asked, open } = hosts({ [VIDEO]: location });
	expect(await openMedia(context, VIDEO)).toEqual({
		ok: false,
		reason: 'the media host redirects into the network of n8n',
	});
	expect(asked).toEqual([VIDEO]);
	expect(open[0].destroyed).toBe(true);
});

it('a redirect to a name that leads inside is not followed where n8n sees it', async () => {
	const location = 'https://rebound.example.com/a';
	const { context, asked } = hosts({ [VIDEO]: location }, 'rebound.example.com');
	expect(await openMedia(context, VIDEO)).toMatchObject({ ok: false });
	expect(asked).toEqual([VIDEO]);
});

it('nor does the second of two lead there', async () => {
	const cdn = 'https://cdn.example.com/b';
	const { context, asked } = hosts({ [VIDEO]: cdn, [cdn]: 'http://10.0.0.1/' });
	expect(await openMedia(context, VIDEO)).toMatchObject({ ok: false });
	expect(asked).toEqual([VIDEO, cdn]);
});

it.each(['file:///etc/passwd', 'data:video/mp4;base64,AAAA', 'ftp://example.com/a'])(
	'a redirect to %s leads nowhere',
	async (location) => {
		const { context, asked } = hosts({ [VIDEO]: location });
		expect(await openMedia(context, VIDEO)).toEqual({
			ok: false,
			reason: 'the media host redirects to what is no web address',
		});
		expect(asked).toHaveLength(1);
	},
);

it('within the network that the credential leads to, redirects are followed', async () => {
	const inside = 'http://127.0.0.1:8787/media/a.mp4';
	const { context, asked } = hosts({ [inside]: 'http://localhost:8787/media/b.mp4' });
	expect(await openMedia(context, inside)).toMatchObject({ ok: true });
	expect(asked).toHaveLength(2);
});

it('redirects in a circle come to an end', async () => {
	const { context, asked } = hosts({ [VIDEO]: VIDEO });
	expect(await openMedia(context, VIDEO)).toMatchObject({ ok: true, value: { status: 302 } });
	expect(asked).toHaveLength(6);
});
