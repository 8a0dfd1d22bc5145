// The end-to-end tests: real n8n servers, a real browser. Started by `npm run test:e2e`, which installs what they need.
const base = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	transform: base.transform,
	testEnvironment: 'node',
	roots: ['<rootDir>/test/e2e'],
	// For what hangs. A machine that is busy otherwise may take minutes to start n8n, and n8n to wake an execution.
	testTimeout: 480_000,
	testSequencer: './jest.e2e.sequencer.js',
	// Some files at a time: tests mostly wait, and each has servers, ports and folders of its own. Three at once keep two
	// cores about busy; E2E_WORKERS=2 where a machine is short of them.
	maxWorkers: Number(process.env.E2E_WORKERS ?? 3),
};
