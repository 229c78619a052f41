import { NodeHelpers, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

import {
	fieldsOf,
	operationsOf,
	selectorsOf,
	type Resource,
} from '../../../../nodes/shared/run/resource.ts';

const field = (name: string, more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: name,
	name,
	type: 'string',
	default: '',
	...more,
});
const operation = (name: string, fields: INodeProperties[] = [], sends = false) => ({
	name,
	action: `${name} it`,
	description: `What ${name} does`,
	fields,
	sends,
	execute: async (_context: IExecuteFunctions, itemIndex: number) => ({ name, itemIndex }),
});

const parcel: Resource = {
	name: 'Parcel',
	value: 'parcel',
	first: 'send',
	operations: {
		send: operation(
			'Send',
			[field('to'), field('size', { displayOptions: { hide: { to: [''] } } })],
			true,
		),
		get: operation('Get', [field('id', { displayOptions: { show: { by: ['id'] } } })]),
	},
};
const account: Resource = {
	name: 'Account',
	value: 'account',
	first: 'get',
	operations: { get: operation('Get') },
};

test('the form begins with the resources, and then the operations of each: what is chosen at first, then by name', () => {
	const box = { ...account, name: 'Box', value: 'box' };
	const all = selectorsOf([box, parcel, account], 'parcel');
	const [resource, , ofParcel, ofAccount] = all;
	expect(all.map(({ name }) => name)).toEqual([
		...['resource', 'operation', 'operation', 'operation', 'sendNotice'],
	]);
	expect(resource).toMatchObject({
		name: 'resource',
		default: 'parcel',
		options: [
			{ name: 'Parcel', value: 'parcel' },
			{ name: 'Account', value: 'account' },
			{ name: 'Box', value: 'box' },
		],
	});
	expect(ofParcel).toMatchObject({
		name: 'operation',
		default: 'send',
		displayOptions: { show: { resource: ['parcel'] } },
		options: [
			{ name: 'Send', value: 'send', description: 'What Send does' },
			{ name: 'Get', value: 'get', action: 'Get it', description: 'What Get does' },
		],
	});
	expect(ofAccount).toMatchObject({ displayOptions: { show: { resource: ['account'] } } });
});

test("n8n's list of actions, and an agent that has a send as a tool, learn that it cannot be undone", () => {
	const action = 'Send it (a person reads it, cannot be undone)';
	const [, ofParcel] = selectorsOf([parcel], 'parcel');
	expect(ofParcel!.options![0]).toMatchObject({ action });

	const node = { defaults: { name: 'Post' }, properties: selectorsOf([parcel], 'parcel') };
	const parameters = { resource: 'parcel', operation: 'send' };
	expect(NodeHelpers.makeDescription(parameters, { name: 'post', ...node } as never)).toBe(
		`${action} in Post`,
	);
});

test("the form of a send says so first, and names n8n's approval step", () => {
	const all = selectorsOf([parcel, account], 'parcel');
	const [notice, ...others] = all.filter(({ type }) => type === 'notice');
	expect(others).toEqual([]);
	expect(notice).toMatchObject({
		displayOptions: { show: { resource: ['parcel'], operation: ['send'] } },
	});
	expect(notice!.displayName).toMatch(
		/^A person reads this, and it cannot be undone\..*Send and Wait for Response.*Human review/,
	);
});

test('a field is shown where its operation is chosen, and where it says itself', () => {
	expect(
		fieldsOf([parcel, account]).map(({ name, displayOptions }) => [name, displayOptions]),
	).toEqual([
		['to', { show: { resource: ['parcel'], operation: ['send'] } }],
		['size', { hide: { to: [''] }, show: { resource: ['parcel'], operation: ['send'] } }],
		['id', { show: { resource: ['parcel'], operation: ['get'], by: ['id'] } }],
	]);
});

test('the same name in two resources is two operations', async () => {
	const operations = operationsOf([parcel, account]);
	expect(Object.keys(operations)).toEqual(['parcel.send', 'parcel.get', 'account.get']);
	expect(operations['parcel.send'].sends).toBe(true);
	expect(operations['account.get']).toBe(account.operations.get);
});
