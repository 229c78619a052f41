import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { executionOf } from '../../../shared/run/execution';
import { connectionOf } from '../../api/connection';
import { messageTypeOf, otherType } from '../../api/messageTypes';
import { offeredActions } from '../../api/messages';
import { orderOf } from '../parameters';

export const fields: INodeProperties[] = [];

/** One object a type that Amazon allows for the order now, under the names of `messageType`. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const order = orderOf(context, itemIndex, connection);
	const actions = await offeredActions(connection, order);
	const allowed = actions?.filter(({ disabled }) => !disabled) ?? [];
	const { hint } = executionOf(context);
	if (!actions) hint(`Amazon does not say what it allows for order ${order.orderId}`);
	else if (allowed.length === 0) {
		hint(`Amazon allows no message for order ${order.orderId} at the moment`);
	}

	return allowed.map(({ name, title, description, schema }) => {
		const type = messageTypeOf(name);
		const { text, attachments } = otherType(name);
		return {
			messageType: type?.messageType ?? name,
			title: title ?? type?.label ?? name,
			description: description ?? type?.purpose ?? '',
			textRequired: schema?.text?.required ?? (text?.min ?? 0) > 0,
			textMaxLength: (schema?.text ?? text)?.max ?? 0,
			attachmentsRequired: schema?.attachments?.required ?? (attachments?.min ?? 0) > 0,
			attachmentsMax: (schema?.attachments ?? attachments)?.max ?? 0,
			schema: (schema?.raw as IDataObject | undefined) ?? null,
		};
	});
}
