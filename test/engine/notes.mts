import type {
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IExecuteFunctions,
	NodeParameterValueType,
} from 'n8n-workflow';

/**
 * n8n's de-duplication store without its database: a list a node, read and rewritten whole. Reading and
 * writing are apart by a turn of the event loop, as in the original: who does not take turns loses notes.
 * An entry that is named twice is added twice, and each time it is named one goes.
 */
export class Notes implements IDataDeduplicator {
	readonly lists = new Map<string, string[]>();

	reads = 0;

	async checkProcessedAndRecord(
		items: string[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
		options: ICheckProcessedOptions,
	) {
		const list = await this.read(scope, context);
		const known = new Set(list);
		const processed = items.filter((item) => known.has(item));
		const fresh = items.filter((item) => !known.has(item));
		list.push(...fresh);
		if (options.maxEntries) list.splice(0, list.length - options.maxEntries);
		await this.write(scope, context, list);
		return { new: fresh, processed };
	}

	async checkProcessedItemsAndRecord(): Promise<never> {
		throw new Error('not used by our nodes');
	}

	async removeProcessed(
		items: string[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<void> {
		const list = await this.read(scope, context);
		for (const item of items) {
			const index = list.indexOf(item);
			if (index !== -1) list.splice(index, 1);
		}
		await this.write(scope, context, list);
	}

	async clearAllProcessedItems(scope: DeduplicationScope, context: ICheckProcessedContextData) {
		await this.write(scope, context, []);
	}

	async getProcessedDataCount(scope: DeduplicationScope, context: ICheckProcessedContextData) {
		return (await this.read(scope, context)).length;
	}

	private placeOf(
		scope: DeduplicationScope,
		{ workflow, node }: ICheckProcessedContextData,
	): string {
		return scope === 'node' ? `${workflow.id} ${node?.id}` : `${workflow.id}`;
	}

	private async read(scope: DeduplicationScope, context: ICheckProcessedContextData) {
		this.reads += 1;
		const list = [...(this.lists.get(this.placeOf(scope, context)) ?? [])];
		await new Promise(setImmediate);
		return list;
	}

	private async write(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
		list: string[],
	): Promise<void> {
		await new Promise(setImmediate);
		this.lists.set(this.placeOf(scope, context), list);
	}
}

/** As much of a node as sends see of it. */
export function nodeWith(
	store: Notes,
	id: string,
	parameters: Record<string, NodeParameterValueType> = {},
): IExecuteFunctions {
	const node = { id, parameters };
	const place = { workflow: { id: 'w' }, node } as never;
	return {
		getWorkflow: () => ({ id: 'w' }),
		getNode: () => node,
		getNodeParameter: (name: string, _: number, otherwise: unknown) =>
			parameters[name] ?? otherwise,
		helpers: {
			checkProcessedAndRecord: async (items: string[]) =>
				await store.checkProcessedAndRecord(items, 'node', place, { mode: 'entries' }),
			removeProcessed: async (items: string[]) => await store.removeProcessed(items, 'node', place),
		},
	} as unknown as IExecuteFunctions;
}
