// The engine tests run on the n8n-core of package.json (2.x). With ENGINE_FOLDER, the folder of an
// installed n8n of another line, they run on that one: `ENGINE_FOLDER=... npx jest test/engine`.
const engine = process.env.ENGINE_FOLDER && require('node:path').resolve(process.env.ENGINE_FOLDER);

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	// Only test/: jest must not crawl dist, .lab or the n8n installs in it.
	roots: ['<rootDir>/test'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	setupFiles: ['<rootDir>/test/support/offline.ts'],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{ jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
		],
	},
	...(engine && {
		moduleNameMapper: {
			'^(n8n-core|n8n-workflow|reflect-metadata|zod)$': `${engine}/node_modules/$1`,
		},
		forceExit: true, // n8n-core 1.x leaves timers behind
	}),
	// For what hangs; CI installs n8n beside the tests.
	testTimeout: 180_000,
	// Two cores have work for three: the clock of an engine test waits for silence.
	maxWorkers: Math.max(3, require('node:os').availableParallelism()),
};
