/** The options that every send has: in the form, and for an item. */
import type { IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { sendOptionsField, sendOptionsOf } from '../../../../nodes/shared/send/sendOptions.ts';

const option = (displayName: string): INodeProperties => ({
	...{ displayName, name: displayName.toLowerCase(), type: 'string', default: '' },
});

describe('in the form', () => {
	const displayOptions = { show: { operation: ['send'] } };
	const field = sendOptionsField(
		displayOptions,
		[option('Language'), option('Zebra')],
		[option('Odd'), option('Able')],
	);
	const options = field.options as INodeProperties[];
	const named = (name: string) => options.find((one) => one.name === name)!;

	test('stand by their labels, the ones that hardly anybody needs at the end', () => {
		expect(field).toMatchObject({ name: 'options', type: 'collection', default: {} });
		expect(field.displayOptions).toBe(displayOptions);
		expect(options.map(({ displayName }) => displayName)).toEqual([
			...['Duplicate Key', 'Language', 'Look Up After Loss', 'Prevent Duplicates'],
			...['Validate Only', 'When in Doubt', 'Zebra', 'Able', 'Odd'],
		]);
	});

	test('are few without any of a node itself', () => {
		expect(sendOptionsField(undefined, []).options).toHaveLength(5);
	});

	test.each(['lookUpAfterLoss', 'preventDuplicates', 'validateOnly'])(
		'%s is a switch that comes switched on',
		(name) => {
			expect(named(name)).toMatchObject({ type: 'boolean', default: true });
		},
	);

	test.each(['duplicateKey', 'whenInDoubt'])('%s goes with Prevent Duplicates', (name) => {
		expect(named(name).displayOptions).toEqual({ show: { preventDuplicates: [true] } });
	});

	test('a doubt stops the item where nobody chose anything else', () => {
		const { default: usual, options: choices } = named('whenInDoubt');
		const values = (choices as INodePropertyOptions[]).map(({ value }) => value);
		expect(usual).toBe('stop');
		expect(new Set(values)).toEqual(new Set(['lookUp', 'send', 'stop', 'treatAsSent']));
	});
});

describe('of an item', () => {
	const of = (given: object, own = {}) => {
		const getNodeParameter = (name: string, index: number) =>
			name === 'options' && index === 3 ? given : undefined;
		return sendOptionsOf({ getNodeParameter } as unknown as IExecuteFunctions, 3, own);
	};

	test('that has none nothing is prevented, looked up is all the same, and a doubt stops', () => {
		expect(of({})).toEqual({
			...{ validateOnly: false, preventDuplicates: false, duplicateKey: '' },
			...{ whenInDoubt: 'stop', lookUpAfterLoss: true, allowContactData: false },
		});
	});

	test("the node's own defaults count, and before them what the item says", () => {
		const own = { language: 'en', lookUpAfterLoss: false };
		expect(of({ validateOnly: true }, own)).toMatchObject({ ...own, validateOnly: true });
		expect(of({ language: 'pt' }, own)).toMatchObject({ language: 'pt' });
	});
});
