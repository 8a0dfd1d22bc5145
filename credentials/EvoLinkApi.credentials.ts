import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
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

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	// Free of charge, and it needs a valid key.
	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v1/credits' },
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'EvoLink does not accept this API key. Enter a valid one from evolink.ai/dashboard/keys.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: "This address does not answer like the EvoLink API. Check 'Base URL'.",
				},
			},
		],
	};
}
