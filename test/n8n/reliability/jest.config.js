/** What only a real n8n can show, and takes long: `npm run test:reliability`, which sets up what it needs. */
const n8n = require('../jest.config.js');

module.exports = {
	...n8n,
	rootDir: '../../..',
	roots: ['<rootDir>/test/n8n/reliability'],
	testPathIgnorePatterns: ['/node_modules/'],
	testTimeout: 1_800_000,
};
