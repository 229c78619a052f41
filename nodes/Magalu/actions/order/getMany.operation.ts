import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { executionOf } from '../../../shared/run/execution';
import { connectionOf } from '../../api/connection';
import { orderStatuses } from '../../api/limits';
import { findOrders, type OrderFilters } from '../../api/orders';
import { personalDataOption } from '../fields';
import { dateFilter, filtersField, filtersIn, statusFilter } from '../filters';
import { shownOrder, simpleOrder } from '../output';
import { wantsPersonalData } from '../parameters';

const filters = filtersField([
	dateFilter('Purchased After', 'purchasedAfter', 'Only orders placed then or later'),
	dateFilter('Purchased Before', 'purchasedBefore', 'Only orders placed until then'),
	statusFilter(orderStatuses, 'new'),
	dateFilter('Updated After', 'updatedAfter', 'Only orders that changed then or later'),
	dateFilter('Updated Before', 'updatedBefore', 'Only orders that last changed until then'),
]);

export const fields: INodeProperties[] = [...returnAllFields({}), filters, personalDataOption];

export const simple = simpleOrder;

/** Orders, newest purchase first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const wanted = wantedOf(context, itemIndex);
	const most = limitOf(context, itemIndex);
	const personal = wantsPersonalData(context, itemIndex);
	const orders = await findOrders(connection, wanted, most, executionOf(context).hint);
	return orders.map((order) => shownOrder(order, personal));
}

function wantedOf(context: IExecuteFunctions, itemIndex: number): OrderFilters {
	const { text, date } = filtersIn(context, itemIndex, filters);
	return {
		status: text('status'),
		updatedFrom: date('updatedAfter'),
		updatedTo: date('updatedBefore'),
		purchasedFrom: date('purchasedAfter'),
		purchasedTo: date('purchasedBefore'),
	};
}
