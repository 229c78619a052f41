/** The tests in a real n8n: `npm run test:n8n`, which sets up what they need. */
const fast = require('../../jest.config.js');

module.exports = {
	testEnvironment: 'node',
	rootDir: '../..',
	roots: ['<rootDir>/test/n8n'],
	testMatch: ['**/*.test.mts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/n8n/reliability/'],
	// n8n's own tree of packages is a hundred thousand files.
	modulePathIgnorePatterns: ['<rootDir>/test/n8n/node_modules/'],
	moduleFileExtensions: fast.moduleFileExtensions,
	transform: fast.transform,
	testTimeout: 180_000,
};
