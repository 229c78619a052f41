import type { INodeExecutionData } from 'n8n-workflow';

/**
 * Marks an item for n8n's error output. Before 2.36 n8n puts one there only if its json holds nothing but
 * `error` (and `message`), or if the item itself has an `error`: `details` alone would send a failed message
 * down the branch of those that were sent. Of what still has an `error` afterwards n8n throws the rest of the
 * json away; so it is gone once n8n has looked, which it does twice while it sorts the outputs
 * (n8n-core, WorkflowExecute.handleNodeErrorOutput).
 */
export function forErrorOutput(
	item: INodeExecutionData,
	error: NonNullable<INodeExecutionData['error']>,
): INodeExecutionData {
	let looks = 0;
	return Object.defineProperty(item, 'error', {
		configurable: true,
		// Copies are without it.
		enumerable: false,
		get() {
			if (++looks === 2) delete item.error;
			return error;
		},
	});
}
