import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

/** The options of an operation whose output holds nothing personal unless it is asked for. */
export function personalDataOption(show: Record<string, string[]>): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show },
		options: [
			{
				displayName: 'Include Personal Data',
				name: 'includePersonalData',
				type: 'boolean',
				default: false,
				description:
					'Whether to output everything that Magalu tells, also names, addresses and what it may add one day',
			},
		],
	};
}

export function wantsPersonalData(context: IExecuteFunctions, itemIndex: number): boolean {
	const { includePersonalData } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	return includePersonalData === true;
}
