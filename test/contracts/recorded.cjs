/** What is recorded of the simulator, to be held against the documents (`npm run check:models`). */

/** Nodes that ask nothing of what one of the documents describes. */
const withoutDocument = ['EbayOrderTrigger', 'EbayQuestionTrigger', 'MagaluOrderTrigger'];

/**
 * Tests that ask nothing of what a document describes, or nothing that others do not ask: those of a whole
 * day in minutes, of one function each, of the protocol that is checked as a model, and of nodes without one.
 */
const leftOut = [
	...['\\.days\\.', '/soak\\.', '/api/', 'shared/(auth|files|http)/', 'hostileAnswers'],
	...['shared/send/(neverTwice|severalProcesses)', `/(${withoutDocument.join('|')})\\.`],
];

/** All others of those that run nodes, and so ask the simulator. */
const recordedTests = `test/(?!.*(${leftOut.join('|')}))(nodes|security|reliability)/.*\\.test\\.mts$`;

module.exports = { recordedTests, withoutDocument };
