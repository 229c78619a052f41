/** One version of n8n after the other: `npm run test:versions`, which installs them. */
const n8n = require('../jest.config.js');

module.exports = {
	...n8n,
	rootDir: '../../..',
	roots: ['<rootDir>/test/n8n/versions'],
	testPathIgnorePatterns: ['/node_modules/'],
};
