import { amazonMessaging, messageForm } from '../../engine/amazon.mts';
import { fileOf, runNode } from '../../engine/engine.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

let simulator: Simulator;
beforeAll(async () => { simulator = await startSimulator(); });
afterAll(async () => await simulator.close());

test('sends', async () => {
	const result = await runNode(amazonMessaging(simulator), {
		parameters: messageForm('111-1111111-1111111', 'warranty', { attachments: { file: [{ binaryPropertyName: 'data', fileName: '' }] } }),
		items: [{ json: {}, binary: { data: fileOf('%PDF-1.4 hello', 'garantía "x".pdf', 'application/pdf') } }],
	});
	console.log(JSON.stringify(result.error ?? result.items, null, 1), result.error?.description, simulator.received, simulator.calls.map((c) => [c.operation, c.status]), simulator.calls.find((c) => c.operation === 's3.put')?.headers);
	expect(result.error).toBeUndefined();
});
