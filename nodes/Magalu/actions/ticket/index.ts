import type { Resource } from '../../../shared/run/resource';
import * as create from './create.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';

/** Tickets of the customer service. */
export const ticket: Resource = {
	name: 'Ticket',
	value: 'ticket',
	first: 'getMany',
	operations: {
		create: {
			name: 'Create',
			action: 'Create ticket',
			description: 'Open a ticket about an order, so that you can write to its customer',
			...create,
		},
		get: {
			name: 'Get',
			action: 'Get ticket',
			description: 'Get one ticket',
			...get,
		},
		getMany: {
			name: 'Get Many',
			action: 'Get many tickets',
			description: 'List tickets, newest change first',
			...getMany,
		},
	},
};
