// The end-to-end tests: real n8n servers, a real browser. Started by `npm run test:e2e`, which installs what they need.
const base = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	transform: base.transform,
	testEnvironment: 'node',
	roots: ['<rootDir>/test/e2e'],
	testTimeout: 240_000,
	// Two files at a time: tests mostly wait, and each has servers, ports and folders of its own.
	maxWorkers: 2,
};
