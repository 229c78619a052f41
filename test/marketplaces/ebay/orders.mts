import type { Job, Outcome } from './job.mts';
import { sameUser } from './state.mts';
import type { LineItem, Order, Tracking } from './state.mts';
import { child, tag, textAt, wrap } from './xml.mts';
import type { Element } from './xml.mts';

const day = 86_400_000;
/** Spans that one request may cover, and how far back orders go (WSDL). */
const createSpan = 90 * day;
const modSpan = 30 * day;
const oldest = 90 * day;

/** GetOrders for the seller. Without `SortingOrder` the newest come first. */
export function getOrders({ state, request, seller, now }: Job): Outcome {
	const ids = child(request, 'OrderIDArray')?.children.map(({ text }) => text) ?? [];
	const period = ids.length > 0 ? everything : periodOf(request, now);
	if (typeof period === 'string') return { errors: [{ code: '37', long: period }] };

	const status = textAt(request, 'OrderStatus')?.trim() ?? 'All';
	const forBuyer = textAt(request, 'OrderRole')?.trim() === 'Buyer';
	const wanted = state.orders
		.filter((order) => sameUser(forBuyer ? order.buyer : order.seller, seller))
		.filter((order) => (order.indexedAt ?? 0) <= now && now - order.createdAt <= oldest)
		.filter((order) => ids.length === 0 || ids.includes(order.orderId))
		.filter((order) => ids.length > 0 || status === 'All' || status === order.status)
		.filter((order) => period.fits(order))
		.sort((one, other) => period.timeOf(one) - period.timeOf(other));
	if (textAt(request, 'SortingOrder')?.trim() !== 'Ascending') wanted.reverse();

	const perPage =
		state.rowsPerPage ?? Number(textAt(request, 'Pagination', 'EntriesPerPage') ?? 25);
	const page = Number(textAt(request, 'Pagination', 'PageNumber') ?? 1);
	const shown = wanted.slice((page - 1) * perPage, page * perPage);
	if (shown.length > (state.heaviestPage ?? Infinity)) return { errors: [{ code: '219255' }] };
	return {
		payload: [
			wrap('PaginationResult', [
				tag('TotalNumberOfPages', Math.ceil(wanted.length / perPage)),
				tag('TotalNumberOfEntries', wanted.length),
			]),
			tag('HasMoreOrders', page * perPage < wanted.length),
			wrap(
				'OrderArray',
				shown.map((order) => orderXml(order, now, state.rowBytes)),
			),
			tag('OrdersPerPage', perPage),
			tag('PageNumber', page),
			tag('ReturnedOrderCountActual', shown.length),
		],
	};
}

/** An order as if it had just come in; what is left out gets a sensible value. */
export function newOrder(now: number, id: string, order: Partial<Order> = {}): Order {
	const createdAt = order.createdAt ?? now;
	const line = { itemId: '110000000001', title: 'Blue ceramic mug', quantity: 1, price: 14.5 };
	return {
		orderId: `11-00002-${id.padStart(5, '0')}`,
		status: 'Active',
		seller: 'demo_seller',
		buyer: 'buyer_one',
		modifiedAt: order.shippedAt ?? order.paidAt ?? createdAt,
		lineItems: [{ ...line, transactionId: `9100${id}` }],
		...order,
		createdAt,
	};
}

const orderFields = [
	...['orderId', 'status', 'seller', 'buyer', 'lineItems'],
	...['createdAt', 'modifiedAt', 'paidAt', 'shippedAt', 'cancelledAt', 'indexedAt'],
	...['tracking', 'packages', 'refunds'],
];

/** @throws where the value holds anything that an `Order` does not have */
export function partOfOrder(value: unknown): Partial<Order> {
	if (typeof value !== 'object' || value === null) throw new Error('An order must be an object.');
	const unknown = Object.keys(value).filter((name) => !orderFields.includes(name));
	if (unknown.length > 0) throw new Error(`An order has no ${unknown.join(', ')}.`);
	return value;
}

interface Period {
	fits(order: Order): boolean;
	timeOf(order: Order): number;
}

const everything: Period = { fits: () => true, timeOf: (order) => order.createdAt };

/** @returns the period that the request asks for, or what is wrong with it */
function periodOf(request: Element, now: number): Period | string {
	const [createFrom, createTo, modFrom, modTo] = [
		'CreateTimeFrom',
		'CreateTimeTo',
		'ModTimeFrom',
		'ModTimeTo',
	].map((name) => textAt(request, name));
	const days = textAt(request, 'NumberOfDays');
	const byCreation = createFrom !== undefined || createTo !== undefined;
	const byChange = modFrom !== undefined || modTo !== undefined;
	const filters = [byCreation, byChange, days !== undefined].filter(Boolean).length;
	if (filters === 0) return 'A date range or order ids are required.';
	if (filters > 1) return 'Only one of CreateTime, ModTime and NumberOfDays may be used.';
	if (byCreation) {
		return between('CreateTime', createFrom, createTo, createSpan, (order) => order.createdAt);
	}
	if (byChange) return between('ModTime', modFrom, modTo, modSpan, (order) => order.modifiedAt);
	const start = now - Number(days) * day;
	return {
		fits: (order) => order.createdAt >= start || order.modifiedAt >= start,
		timeOf: (order) => order.modifiedAt,
	};
}

function between(
	name: string,
	from: string | undefined,
	to: string | undefined,
	span: number,
	timeOf: (order: Order) => number,
): Period | string {
	if (from === undefined || to === undefined) return `${name}From and ${name}To go together.`;
	const [start, end] = [Date.parse(from), Date.parse(to)];
	if (start > end) return `${name}From is after ${name}To.`;
	if (end - start > span) return `${name} may span ${span / day} days at most.`;
	return { fits: (order) => timeOf(order) >= start && timeOf(order) <= end, timeOf };
}

/** Everything eBay would tell about the buyer is in it, so that nodes have something to leave out. */
function orderXml(order: Order, now: number, bytes: number): string {
	const lines = order.lineItems.filter((line) => (line.indexedAt ?? 0) <= now);
	const total = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
	const filler = 'x'.repeat(bytes);
	return wrap('Order', [
		tag('OrderID', order.orderId),
		tag('OrderStatus', order.status),
		money('AmountPaid', order.paidAt === undefined ? 0 : total),
		wrap('CheckoutStatus', [
			tag('eBayPaymentStatus', 'NoPaymentFailure'),
			tag('LastModifiedTime', iso(order.modifiedAt)),
			tag('PaymentMethod', 'CreditCard'),
			tag('Status', order.paidAt === undefined ? 'Incomplete' : 'Complete'),
		]),
		trackingXml(order.tracking),
		tag('CreatedTime', iso(order.createdAt)),
		tag('SellerEmail', `${order.seller}@example.com`),
		addressXml('ShippingAddress', order.buyer),
		packagesXml(order.packages),
		money('Subtotal', total),
		money('Total', total),
		wrap(
			'TransactionArray',
			lines.map((line) => transactionXml(order, line)),
		),
		tag('BuyerUserID', order.buyer),
		tag('PaidTime', iso(order.paidAt)),
		tag('ShippedTime', iso(shippedAtOf(order))),
		tag('BuyerCheckoutMessage', `Please ring twice, ${order.buyer} ${filler}`.trim()),
		wrap('BuyerTaxIdentifier', [tag('Type', 'CPFTaxID'), tag('ID', '123.456.789-09')]),
		tag('EIASToken', `nY+sHZ2PrBmdj6wVnY+${order.buyer}==`),
		wrap('MultiLegShippingDetails', [
			wrap('SellerShipmentToLogisticsProvider', [addressXml('ShipToAddress', order.buyer)]),
		]),
		wrap('MonetaryDetails', [
			wrap('Payments', [
				wrap('Payment', [
					tag('PaymentStatus', 'Succeeded'),
					tag('Payer', `Robin ${order.buyer}`, { type: 'eBayUser' }),
					money('PaymentAmount', total),
				]),
			]),
			refundsXml(order),
		]),
		tag('SellerUserID', order.seller),
		order.cancelledAt === undefined
			? tag('CancelStatus', 'NotApplicable')
			: tag('CancelStatus', 'CancelComplete'),
		order.cancelledAt === undefined
			? ''
			: wrap('CancelDetail', [
					tag('CancelIntiator', 'Buyer'),
					tag('CancelReason', 'OrderUnpaid'),
					tag('CancelCompleteDate', iso(order.cancelledAt)),
				]),
		tag('ExtendedOrderID', order.orderId),
	]);
}

/** The order's ShippedTime waits for all of its line items, or for a mark by hand. */
function shippedAtOf({ shippedAt, lineItems }: Order): number | undefined {
	const times = lineItems.map((line) => line.shippedAt);
	const last = times.every((time) => time !== undefined) ? Math.max(...times) : undefined;
	return shippedAt ?? last;
}

function trackingXml(tracking: Tracking[] | undefined): string {
	if (!tracking) return '';
	return wrap(
		'ShippingDetails',
		tracking.map(({ carrier, number }) =>
			wrap('ShipmentTrackingDetails', [
				tag('ShippingCarrierUsed', carrier),
				tag('ShipmentTrackingNumber', number),
			]),
		),
	);
}

/** The Trading API's RefundTransactionInfoType (version 1487). */
function refundsXml({ buyer, refunds }: Order): string {
	if (!refunds) return '';
	return wrap(
		'Refunds',
		refunds.map(({ amount, at }) =>
			wrap('Refund', [
				tag('RefundStatus', 'Successful'),
				tag('RefundTo', `Robin ${buyer}`, { type: 'eBayUser' }),
				tag('RefundTime', iso(at)),
				money('RefundAmount', amount),
			]),
		),
	);
}

function packagesXml(packages: Array<{ deliveredAt?: number }> | undefined): string {
	if (!packages) return '';
	return wrap('ShippingServiceSelected', [
		tag('ShippingService', 'USPSFirstClass'),
		...packages.map(({ deliveredAt }) =>
			wrap('ShippingPackageInfo', [
				tag('ScheduledDeliveryTimeMax', iso(deliveredAt)),
				tag('ActualDeliveryTime', iso(deliveredAt)),
			]),
		),
	]);
}

function addressXml(name: string, buyer: string): string {
	return wrap(name, [
		tag('Name', `Robin ${buyer}`),
		tag('Street1', '12 Harbour Lane'),
		tag('Street2', 'Flat 3 & 4'),
		tag('CityName', 'Springfield'),
		tag('StateOrProvince', 'IL'),
		tag('Country', 'US'),
		tag('CountryName', 'United States'),
		tag('Phone', '+1 555 0100'),
		tag('PostalCode', '62701'),
	]);
}

function transactionXml(order: Order, line: LineItem): string {
	return wrap('Transaction', [
		wrap('Buyer', [
			tag('Email', `${order.buyer}@members.example.com`),
			tag('StaticAlias', `${order.buyer}@alias.example.com`),
			tag('UserFirstName', 'Robin'),
			tag('UserLastName', order.buyer),
		]),
		trackingXml(line.tracking),
		tag('CreatedDate', iso(line.createdAt ?? order.createdAt)),
		wrap('Item', [tag('ItemID', line.itemId), tag('Site', 'US'), tag('Title', line.title)]),
		tag('QuantityPurchased', line.quantity),
		tag('TransactionID', line.transactionId),
		money('TransactionPrice', line.price),
		packagesXml(line.packages),
		tag('PaidTime', iso(line.paidAt)),
		tag('ShippedTime', iso(line.shippedAt)),
		tag('OrderLineItemID', `${line.itemId}-${line.transactionId}`),
		tag('Gift', true),
		wrap('GiftSummary', [tag('Message', `Happy birthday, Robin ${order.buyer}`)]),
	]);
}

function money(name: string, amount: number): string {
	return tag(name, amount.toFixed(2), { currencyID: 'USD' });
}

function iso(time: number | undefined): string | undefined {
	return time === undefined ? undefined : new Date(time).toISOString();
}
