const { default: Sequencer } = require('@jest/test-sequencer');

/** Short files that take long. */
const long = /[\\/]reliability[\\/]|\.days\.|hostileAnswers|[\\/]package[\\/]/;

/** jest begins with the largest files where it knows no times yet: a core would wait for the last of these. */
module.exports = class extends Sequencer {
	sort(tests) {
		const sorted = super.sort(tests);
		const isLong = ({ path }) => long.test(path);
		return [...sorted.filter(isLong), ...sorted.filter((one) => !isLong(one))];
	}
};
