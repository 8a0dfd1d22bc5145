// Second lint pass: n8n's node and credential rules in their newest version, and typescript-eslint
// with types. The first pass (eslint.config.mjs) has to stay n8n's default: package.json says strict.
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const typed = tseslint.configs.recommendedTypeChecked.map((config) => ({
	...config,
	files: ['**/*.ts'],
}));

export default tseslint.config(
	{ ignores: ['dist/**', '.lab/**', 'node_modules/**', 'coverage/**', '**/*.mjs', '**/*.js'] },
	...typed,
	{
		files: ['**/*.ts'],
		linterOptions: { reportUnusedDisableDirectives: 'off' },
		languageOptions: {
			parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
		},
		plugins: {
			'n8n-nodes-base': nodesBase,
			// Known by name only, so that the first pass's disable comments are no unknown rules here.
			'@n8n/community-nodes': {
				rules: {
					'no-restricted-imports': { create: () => ({}) },
					'no-restricted-globals': { create: () => ({}) },
					'no-dangerous-functions': { create: () => ({}) },
					'require-node-api-error': { create: () => ({}) },
				},
			},
		},
		rules: {
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
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
