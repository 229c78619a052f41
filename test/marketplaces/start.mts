/** `node --import tsx test/marketplaces/start.mts [--port 8099]`: the simulator with its demo state. */
import { parseArgs } from 'node:util';

import { startSimulator } from './simulator.mts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8099' } } });
const simulator = await startSimulator({ port: Number(values.port) });

console.log(`What the buyer received: ${simulator.origin}/`);
for (const { prefix } of simulator.services) console.log(`  ${simulator.origin}${prefix}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => void simulator.close());
}
