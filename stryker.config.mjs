// Mutation tests of the rooms where money is spent (npm run mutants). The report is in .lab/mutants/.
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tests of many runs: with them a mutant takes half a minute, and they kill few that the others leave. */
const long = [
	...['property', 'scheduleBatch', 'scheduleFamily', 'trouble', 'generation/window.test'],
	...['prepareJobs', 'host/videos', 'host/films', 'host/fileSource', 'host/remoteFile'],
].map((name) => `unit/.*${name}`);

/** What scripts/mutants.mjs wants of this round. */
const {
	name,
	mutate,
	tests,
	long: hasLong,
} = JSON.parse(readFileSync(process.env.MUTANTS_ROUND, 'utf8'));

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	plugins: [`${process.env.STRYKER_JEST_RUNNER}/dist/src/index.js`],
	testRunner: 'jest',
	mutate,
	// Only unit tests: a mutant is worth a second, not an engine. The test of the import graph reads files as they are.
	jest: {
		configFile: 'jest.config.js',
		enableFindRelatedTests: true,
		config: {
			// All that a test may lead through, or the tests of a file are not found.
			roots: ['<rootDir>/nodes', '<rootDir>/test/unit', '<rootDir>/test/support'],
			testMatch: [`<rootDir>/${tests}/**/*.test.ts`],
			testPathIgnorePatterns: [
				'/node_modules/',
				'architecture.test',
				'unit/media/',
				'unit/scripts/',
				'unit/examples',
				...(hasLong ? [] : long),
			],
		},
	},
	coverageAnalysis: 'perTest',
	// What runs when a file is loaded is in every test of it: such a change costs a minute, and is a table's most of the time.
	ignoreStatic: true,
	// What only changes words that people read is judged by eye.
	mutator: { excludedMutations: ['StringLiteral'] },
	ignorePatterns: ['.lab', 'dist', 'docs', 'bench/*.md', 'test/e2e', 'test/media', 'tools'],
	concurrency: 2,
	timeoutMS: 4_000,
	// Outside of the project: the lint walks all of it.
	tempDirName: join(tmpdir(), 'wan-video-mutants'),
	reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	htmlReporter: { fileName: `.lab/mutants/${name}.html` },
	jsonReporter: { fileName: `.lab/mutants/${name}.json` },
	disableTypeChecks: false,
};
