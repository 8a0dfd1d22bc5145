import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

/** A Bearer key. The two addresses let a gateway or the sandbox stand in for EvoLink. */
export class EvoLinkApi implements ICredentialType {
	name = 'evoLinkApi';

	displayName = 'EvoLink API';

	icon = { light: 'file:../icons/wan.svg', dark: 'file:../icons/wan.dark.svg' } as const;

	documentationUrl = 'https://docs.evolink.ai/en/quickstart';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. sk-...',
			hint: 'Create one at <a href="https://evolink.ai/dashboard/keys" target="_blank">evolink.ai/dashboard/keys</a>',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.evolink.ai',
			description:
				"Address of EvoLink. Leave it as it is, unless you use a server of your own in between or this package's local test server (the sandbox).",
		},
		{
			displayName: 'Files URL',
			name: 'filesUrl',
			type: 'string',
			default: 'https://files-api.evolink.ai',
			description:
				"Address of EvoLink's file storage. Leave it as it is, unless you use a server of your own in between or this package's local test server (the sandbox).",
		},
	];

	// A function, not an expression: n8n 2.41 takes away what it resolves expressions with when the work around
	// a call ends, and a submit would break off before it is sent. The test is the nodes' (host/credentialTest.ts).
	async authenticate(
		{ apiKey }: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const key = typeof apiKey === 'string' ? apiKey.trim().replace(/^bearer\s+/i, '') : '';
		return await Promise.resolve({
			...options,
			headers: { ...options.headers, Authorization: `Bearer ${key}` },
		});
	}
}
