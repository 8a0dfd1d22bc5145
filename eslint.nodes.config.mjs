// Second lint pass: n8n's node and credential rules in their newest version. The first pass (eslint.config.mjs) has to stay
// n8n's default: package.json says strict.
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/** Known by name only, so that the first pass's disable comments are no unknown rules here. */
const firstPass = [
	'no-restricted-imports',
	'no-restricted-globals',
	'no-dangerous-functions',
	'require-node-api-error',
];

export default tseslint.config(
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		linterOptions: { reportUnusedDisableDirectives: 'off' },
		languageOptions: { parser: tseslint.parser },
		plugins: {
			'n8n-nodes-base': nodesBase,
			'@n8n/community-nodes': {
				rules: Object.fromEntries(firstPass.map((name) => [name, { create: () => ({}) }])),
			},
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...nodesBase.configs.nodes.rules,
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...nodesBase.configs.credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
);
