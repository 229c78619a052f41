import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

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

test('the form begins with the resources, and then the operations of each, by name', () => {
	const [resource, ofParcel, ofAccount, ...none] = selectorsOf([parcel, account], 'parcel');
	expect(none).toEqual([]);
	expect(resource).toMatchObject({
		name: 'resource',
		default: 'parcel',
		options: [
			{ name: 'Account', value: 'account' },
			{ name: 'Parcel', value: 'parcel' },
		],
	});
	expect(ofParcel).toMatchObject({
		name: 'operation',
		default: 'send',
		displayOptions: { show: { resource: ['parcel'] } },
		options: [
			{ name: 'Get', value: 'get', action: 'Get it', description: 'What Get does' },
			{ name: 'Send', value: 'send', action: 'Send it', description: 'What Send does' },
		],
	});
	expect(ofAccount).toMatchObject({ displayOptions: { show: { resource: ['account'] } } });
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
