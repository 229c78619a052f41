/** The options that every send has: in the form, and for an item. */
import type { IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	allowContactDataOption,
	sendOptionsField,
	sendOptionsOf,
} from '../../../../nodes/shared/send/sendOptions.ts';

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
	const ours = [
		...['duplicateKey', 'lookUpAfterLoss', 'preventDuplicates', 'validateOnly', 'whenInDoubt'],
	];
	const named = (name: string) => options.find((one) => one.name === name)!;

	test('stand by their labels, the ones that hardly anybody needs at the end', () => {
		expect(field).toMatchObject({
			...{ name: 'options', type: 'collection', default: {} },
			...{ displayName: 'Options', placeholder: 'Add option' },
		});
		expect(field.displayOptions).toBe(displayOptions);
		expect(options.map(({ displayName }) => displayName)).toEqual([
			...['Duplicate Key', 'Language', 'Look Up After Loss', 'Prevent Duplicates'],
			...['Validate Only', 'When in Doubt', 'Zebra', 'Able', 'Odd'],
		]);
	});

	test('are few without any of a node itself', () => {
		expect(sendOptionsField(undefined, []).options).toHaveLength(5);
	});

	test.each([
		['lookUpAfterLoss', 'boolean', true],
		['preventDuplicates', 'boolean', true],
		['validateOnly', 'boolean', true],
		['duplicateKey', 'string', ''],
		['whenInDoubt', 'options', 'stop'],
	])('%s is of type %s, and comes as %p when it is added', (name, type, usual) => {
		expect(named(name)).toMatchObject({ type, default: usual });
	});

	test('say in words what they do, and so do their choices', () => {
		const choices = named('whenInDoubt').options as INodePropertyOptions[];
		const own = options.filter(({ name }) => ours.includes(name));
		for (const { description } of [...own, allowContactDataOption, ...choices]) {
			expect(description).toMatch(/^[A-Z].{20,}/);
		}
		expect(choices.map(({ name }) => name)).toEqual([
			...['Look It Up', 'Send Again', 'Stop and Say So', 'Treat as Sent'],
		]);
		expect(named('duplicateKey').placeholder).toContain('order ID');
	});

	test('to allow contact data is a switch that comes switched on', () => {
		const { displayName, name, type, default: usual } = allowContactDataOption;
		expect([displayName, name, type, usual]).toEqual([
			...['Allow Contact Data', 'allowContactData', 'boolean', true],
		]);
	});

	test.each(['duplicateKey', 'whenInDoubt'])('%s goes with Prevent Duplicates', (name) => {
		expect(named(name).displayOptions).toEqual({ show: { preventDuplicates: [true] } });
	});

	test('a doubt can be dealt with in four ways', () => {
		const { options: choices } = named('whenInDoubt');
		const values = (choices as INodePropertyOptions[]).map(({ value }) => value);
		expect(new Set(values)).toEqual(new Set(['lookUp', 'send', 'stop', 'treatAsSent']));
	});
});

describe('of an item', () => {
	/** @param kept what the form holds, before expressions are evaluated */
	const of = (given: object, own = {}, kept = given) => {
		const getNodeParameter = (name: string, index: number) =>
			name === 'options' && index === 3 ? given : undefined;
		const getNode = () => ({ parameters: { options: kept } });
		return sendOptionsOf({ getNodeParameter, getNode } as unknown as IExecuteFunctions, 3, own);
	};
	const keyOf = (duplicateKey: unknown, kept: unknown, preventDuplicates = true) =>
		of({ preventDuplicates, duplicateKey }, {}, { duplicateKey: kept }).duplicateKey;
	const DRAGGED = '={{ $json.orderId }}';

	test.each([
		['what its expression gives', ' 12 ', DRAGGED, '12'],
		['none where it was left empty', '', '', ''],
		['none where an empty field was switched to an expression', '', '=', ''],
		['none where nobody added it', undefined, undefined, ''],
	])('the key is %s', (_what, given, kept, key) => {
		expect(keyOf(given, kept)).toBe(key);
	});

	test.each([[''], ['  '], [undefined], [null]])(
		'a key whose expression gives nothing (%j) is refused',
		(given) => {
			const refused = expect.objectContaining({
				message: "The expression in 'Duplicate Key' gives nothing",
				description: expect.stringMatching(/^Check that the item has what it reads/) as string,
			}) as Error;
			expect(() => keyOf(given, DRAGGED)).toThrow(refused);
		},
	);

	test('a key does not count where nothing is prevented, whatever its expression gives', () => {
		expect([keyOf('', DRAGGED, false), keyOf('12', DRAGGED, false)]).toEqual(['', '']);
	});

	test('there is no key where the option was never added', () => {
		expect(of({ preventDuplicates: true }).duplicateKey).toBe('');
	});

	test('a key that is no text is refused by the name of its field', () => {
		expect(() => keyOf({}, DRAGGED)).toThrow("The expression in 'Duplicate Key' gives an object");
	});

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
