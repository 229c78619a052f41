import type { INodeTypeDescription } from 'n8n-workflow';

/**
 * What the editor says beside a trigger that polls. n8n's own words call the event of a test a mock: ours
 * is real, and so is the buyer.
 *
 * @param newest what a test brings, as a seller says it: `Amazon order`
 */
export function testEventPanel(newest: string): INodeTypeDescription['triggerPanel'] {
	const test = `<b>While building your workflow</b>, click the button to fetch your newest ${newest}: <b>a real one</b>. Fetching sends nothing. <b>Executing the workflow writes to that buyer</b>, if it has a node that sends: switch on its option 'Validate Only' to try it out.`;
	const published = (first: string) =>
		`${test}<br /><br /><b>${first}</b> n8n then asks by itself, as often as 'Poll Times' says, and executes the workflow for what is new.`;
	return {
		executionsHelp: {
			inactive: published("Once you're happy with your workflow, publish it."),
			active: published('The workflow is published.'),
		},
	};
}
