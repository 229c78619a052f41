/** The tests of one room, for `npm run test:mutation`, which names them. */
const all = require('../../jest.config.js');

module.exports = {
	...all,
	rootDir: '../..',
	maxWorkers: 1,
	testMatch: JSON.parse(process.env.MUTATION_TESTS).map((pattern) => `<rootDir>/test/${pattern}`),
};
