/**
 * Our tables, the nodes and the simulator against the marketplaces' own documents, which know nothing of us:
 * `npm run check:models -- FOLDER`. The documents are public (see CONTRIBUTING.md); nothing of them is kept here.
 */
import { parseArgs } from 'node:util';

import { blindSpots, readDocuments } from './documents.mts';
import { concluded, Group } from './findings.mts';
import { checkNodes } from './nodes.mts';
import { recordedTests } from './recorded.cjs';
import { checkSimulator } from './simulated.mts';
import { checkTables } from './tables.mts';

const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: { recorded: { type: 'boolean' } },
});
const [folder, part, tests = recordedTests] = positionals;
const wanted = (name: string) => part === undefined || part === name;

// What was started ends with this process.
process.once('SIGTERM', () => process.exit(1));

const documents = await readDocuments(folder);
for (const document of documents) {
	const group = new Group(`${document.file}: its schemas judge`, 'operations');
	group.checked = document.operations.length;
	for (const spot of blindSpots(document))
		group.add(`says nothing against a wrong answer: ${spot}`);
	group.print();
}
if (wanted('tables')) checkTables(folder);
const asked = wanted('nodes') ? await checkNodes(documents) : new Set<string>();
if (wanted('simulator'))
	await checkSimulator(documents, asked, values.recorded ? undefined : tests);

// What n8n's engine leaves running ends here.
process.exit(concluded(part === undefined) ? 0 : 1);
