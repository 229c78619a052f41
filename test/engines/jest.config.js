/** Tests that run nodes in n8n's engine, in the engine of another n8n: `npm run test:engines`. */
const { join } = require('node:path');
const usual = require('../../jest.config.js');

const modules = process.env.OTHER_ENGINE;
/** All that the tests and the nodes name of n8n; what these need themselves lies beside them. */
const ofEngine = ['n8n-core', 'n8n-workflow', '@n8n/di', 'reflect-metadata'];

/** What sends, reads, takes files and polls. */
const files = [
	'Amazon/@(message|attachments|refusals|success|orderGetMany|AmazonOrderTrigger)',
	'Ebay/@(message|conversations|questions|refusals|EbayMessageTrigger|EbayOrderTrigger)',
	'Magalu/@(send|files|uploads|accepted|lostAnswers|transactions|openTicket|reading|readMessages|refusals|MagaluOrderTrigger)',
	'shared/@(run/perItem|send/preventDuplicates|http/olderN8n)',
	'triggers/@(amazon|ebay|magalu)',
	'keptFiles',
	'noText',
];

module.exports = {
	...usual,
	rootDir: '../..',
	testMatch: files.map((file) => `<rootDir>/test/nodes/${file}.test.mts`),
	moduleNameMapper: {
		[`^(${ofEngine.join('|')})(/.*)?$`]: join(modules, '$1$2'),
	},
	coverageThreshold: undefined,
	// The oldest engine leaves something open.
	forceExit: true,
};
