import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { executionOf } from '../../../shared/run/execution';
import { connectionOf } from '../../api/connection';
import { messageTypeOf } from '../../api/messageTypes';
import { offeredActions } from '../../api/messaging';
import { orderOf } from '../order';

export const fields: INodeProperties[] = [];

/** One object a type that Amazon allows for the order now, under the names of `messageType`. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const order = orderOf(context, itemIndex, connection);
	const actions = await offeredActions(connection, order);
	const allowed = actions.filter(({ disabled }) => !disabled);
	if (allowed.length === 0) {
		executionOf(context).hint(`Amazon allows no message for order ${order.orderId} at the moment`);
	}

	return allowed.map(({ name, title, description, schema }) => {
		const type = messageTypeOf(name);
		const limits = schema ?? type;
		return {
			messageType: type?.messageType ?? name,
			title: title ?? type?.label ?? name,
			description: description ?? type?.purpose ?? '',
			textRequired: schema ? (schema.text?.required ?? false) : (type?.text?.min ?? 0) > 0,
			textMaxLength: limits?.text?.max ?? 0,
			attachmentsRequired: schema
				? (schema.attachments?.required ?? false)
				: (type?.attachments?.min ?? 0) > 0,
			attachmentsMax: limits?.attachments?.max ?? 0,
			schema: (schema?.raw as IDataObject | undefined) ?? null,
		};
	});
}
