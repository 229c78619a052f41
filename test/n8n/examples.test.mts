import { examples } from './examples.mts';
import { startWorld, type World } from './world.mts';

const all = examples();
const byHand = all.filter(({ workflow }) =>
	workflow.nodes.some(({ type }) => type === 'n8n-nodes-base.manualTrigger'),
);

describe('the example workflows', () => {
	let world: World;

	beforeAll(async () => {
		world = await startWorld('examples');
	});

	afterAll(async () => await world?.stop());

	it('are there', () => {
		expect(all.length).toBeGreaterThan(0);
		expect(byHand.length).toBeGreaterThan(0);
	});

	it('use only node types that n8n knows', async () => {
		const known = (await world.n8n.nodeTypes()).map(({ name }) => name);
		const unknown = all.flatMap(({ file, workflow }) =>
			workflow.nodes
				.filter(({ type }) => !known.includes(type))
				.map(({ type }) => `${file}: ${type}`),
		);

		expect(unknown).toEqual([]);
	});

	it.each(all)('$file can be switched on or run by hand', async ({ file, workflow }) => {
		const id = await world.n8n.importWorkflow(workflow);
		if (byHand.some((example) => example.file === file)) {
			const { status, error } = await world.n8n.runWorkflow(id, { trigger: manual(workflow) });

			expect({ status, error }).toEqual({ status: 'success', error: undefined });
		} else {
			await world.n8n.activate(id);
			const { active } = await world.n8n.api<{ active: boolean }>('GET', `/workflows/${id}`);

			expect(active).toBe(true);
		}
	});
});

function manual({ nodes }: (typeof all)[number]['workflow']): string | undefined {
	return nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger')?.name;
}
