/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	// Only test/: jest must not crawl dist, .lab or the n8n installs in it.
	roots: ['<rootDir>/test'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{ jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
		],
	},
	testTimeout: 20_000,
	maxWorkers: 2,
};
