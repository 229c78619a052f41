/** No personal data comes out of an order at any depth unless it was asked for. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { personalFields, plainFields, shownFields } from '../../../nodes/Amazon/api/orderFields.ts';
import type { PickedFields } from '../../../nodes/shared/poll/pickFields.ts';

const item = {
	orderItemId: '1',
	product: {
		asin: 'B0',
		title: 'Pen',
		customization: { customizedUrl: 'https://example.com/of-the-buyer.zip' },
		novelty: 'new',
	},
	fulfillment: {
		quantityFulfilled: 1,
		packing: { giftOption: { giftMessage: 'Happy birthday, Ada', giftWrapLevel: 'CLASSIC' } },
	},
};
const order = {
	orderId: '1',
	salesChannel: { marketplaceId: 'ATVPDKIKX0DER', novelty: 'new' },
	orderItems: [item, item],
	fulfillment: { fulfillmentStatus: 'SHIPPED', novelty: 'new' },
	buyer: { buyerName: 'Ada Example', novelty: 'asked for' },
	recipient: { deliveryAddress: { name: 'Ada Example' } },
	tax: { taxRegistrations: [{ legalName: 'Ada Example' }] },
	packages: [{ carrier: 'UPS', trackingNumber: '1Z' }],
	loyaltyData: { points: 1 },
	novelty: 'new',
};
const plainItem = {
	orderItemId: '1',
	product: { asin: 'B0', title: 'Pen' },
	fulfillment: { quantityFulfilled: 1, packing: { giftOption: { giftWrapLevel: 'CLASSIC' } } },
};

test('nothing personal and nothing unknown comes out unasked, at any depth', () => {
	expect(shownFields(order, { includedData: ['FULFILLMENT', 'PACKAGES'] })).toEqual({
		orderId: '1',
		salesChannel: { marketplaceId: 'ATVPDKIKX0DER' },
		orderItems: [plainItem, plainItem],
		fulfillment: { fulfillmentStatus: 'SHIPPED' },
		packages: [{ carrier: 'UPS', trackingNumber: '1Z' }],
	});
});

test('a personal data set comes out whole where it was chosen, and no other', () => {
	const shown = shownFields(order, { includedData: ['BUYER'] });
	expect(shown.buyer).toEqual(order.buyer);
	expect(shown).not.toHaveProperty('recipient');
	expect(shown).not.toHaveProperty('tax');
	expect(shown.orderItems).toEqual([plainItem, plainItem]);
});

test('a data set that Amazon added since comes out where it was chosen', () => {
	const shown = shownFields(order, { includedData: ['LOYALTY_DATA'] });
	expect(shown.loyaltyData).toEqual({ points: 1 });
});

test('gift messages and links to customizations come out where personal data was asked for', () => {
	const { orderItems, ...others } = shownFields(order, { includedData: [], personalData: true });
	const { customization } = item.product;
	const { giftOption } = item.fulfillment.packing;
	expect(orderItems).toMatchObject(
		[1, 2].map(() => ({ product: { customization }, fulfillment: { packing: { giftOption } } })),
	);
	expect(others).not.toHaveProperty('buyer');
});

/** The official model, where it is at hand; it is no part of this project. */
const MODEL = join(__dirname, '../../../../shared/apis/models/orders_2026-01-01.json');

interface Schema {
	$ref?: string;
	items?: Schema;
	properties?: Record<string, Schema>;
}

if (existsSync(MODEL)) {
	const { definitions } = JSON.parse(readFileSync(MODEL, 'utf8')) as {
		definitions: Record<string, Schema>;
	};
	const resolved = (schema: Schema): Schema => {
		if (schema.$ref) return resolved(definitions[schema.$ref.split('/').pop()!]);
		return schema.items ? resolved(schema.items) : schema;
	};
	/** The paths of all fields that hold a value. */
	const leavesOf = (schema: Schema, path = ''): string[] => {
		const { properties } = resolved(schema);
		if (!properties) return [path];
		return Object.entries(properties).flatMap(([name, inside]) =>
			leavesOf(inside, path ? `${path}.${name}` : name),
		);
	};
	const inModel = leavesOf({ $ref: '#/definitions/Order' });
	const judgedIn = (allowed: PickedFields, path: string): boolean => {
		const [first, ...rest] = path.split('.');
		const inside = allowed[first];
		if (inside === true) return true;
		return inside !== undefined && rest.length > 0 && judgedIn(inside, rest.join('.'));
	};
	const writtenIn = (allowed: PickedFields, path = ''): string[] =>
		Object.entries(allowed).flatMap(([name, inside]) => {
			const here = path ? `${path}.${name}` : name;
			return inside === true ? [here] : writtenIn(inside, here);
		});

	describe("the official model's order", () => {
		test('has many fields', () => expect(inModel.length).toBeGreaterThan(150));

		test('has no field that nobody has judged', () => {
			const judged = (path: string) =>
				judgedIn(plainFields, path) || judgedIn(personalFields, path);
			expect(inModel.filter((path) => !judged(path))).toEqual([]);
		});

		test('has no field that is personal and plain at once', () => {
			const both = (path: string) => judgedIn(plainFields, path) && judgedIn(personalFields, path);
			expect(inModel.filter(both)).toEqual([]);
		});

		test('has every field that was judged', () => {
			const known = (path: string) =>
				inModel.some((one) => one === path || one.startsWith(`${path}.`));
			const judged = [...writtenIn(plainFields), ...writtenIn(personalFields)];
			expect(judged.filter((path) => !known(path))).toEqual([]);
		});
	});
}
