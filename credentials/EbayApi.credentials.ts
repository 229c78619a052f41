import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { productionHosts, sites, TRADING_PATH } from '../nodes/Ebay/api/hosts';
import { accessTokenOf, accountOf, tokenUrlOf, usesOAuth } from '../nodes/Ebay/api/login';
import { keptTokenFields, withToken } from '../nodes/shared/auth/accessToken';

const oAuth = { show: { authentication: ['oAuth'] } };
const custom = { show: { environment: ['custom'] } };

/** Tested by the node eBay Member Message: the Trading API says no with HTTP 200, which no plain request can tell. */
export class EbayApi implements ICredentialType {
	name = 'ebayApi';

	displayName = 'eBay API';

	icon: Icon = {
		light: 'file:../nodes/Ebay/ebay.svg',
		dark: 'file:../nodes/Ebay/ebay.dark.svg',
	};

	documentationUrl =
		'https://github.com/example/n8n-nodes-marketplace-messages/blob/main/docs/ebay.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{ name: 'Custom', value: 'custom', description: 'A gateway of your own, or a simulator' },
				{ name: 'Production', value: 'production' },
				{
					name: 'Sandbox',
					value: 'sandbox',
					description: "eBay's test site. It has no messages to order partners.",
				},
			],
			default: 'production',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{
					name: 'OAuth',
					value: 'oAuth',
					description: 'For everything, pictures from files and conversations included',
				},
				{
					name: 'Auth Token',
					value: 'authToken',
					description:
						"An Auth'n'Auth token: for text, hosted pictures, questions and orders. No upload of pictures, no conversations.",
				},
			],
			default: 'oAuth',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Example-MyApp-PRD-0123456789ab-cdef0123',
			description: "eBay's developer site, Application Keys: App ID (Client ID)",
			displayOptions: oAuth,
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Beside the Client ID: Cert ID (Client Secret)',
			displayOptions: oAuth,
		},
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				"It begins with v^1.1# and lives 18 months. The documentation shows step by step how to get one: eBay's consent cannot be done by n8n's own window.",
			displayOptions: oAuth,
		},
		{
			displayName: 'Auth Token',
			name: 'authToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				"An Auth'n'Auth token of the seller, made on eBay's developer site under User Tokens. It lives 18 months.",
			displayOptions: { show: { authentication: ['authToken'] } },
		},
		{
			displayName: 'Site',
			name: 'siteId',
			type: 'options',
			options: sites.map(({ id, name }) => ({ name, value: id })),
			default: '0',
			description: 'Where the seller is registered',
		},
		{
			displayName: 'API URL',
			name: 'apiUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://gateway.example.com/ebay',
			description: `Stands for ${productionHosts.api}`,
			displayOptions: custom,
		},
		{
			displayName: 'Media URL',
			name: 'mediaUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://gateway.example.com/ebay-media',
			description: `Stands for ${productionHosts.media}`,
			displayOptions: custom,
		},
		...keptTokenFields,
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return usesOAuth(credentials) ? await accessTokenOf(this.helpers, credentials) : {};
	}

	authenticate = (async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		// An Auth'n'Auth token stands in the document. The login needs no token, and must not see one.
		if (!usesOAuth(credentials) || request.url === tokenUrlOf(credentials)) return request;
		return withToken(credentials, accountOf(credentials), request, (headers, accessToken) => {
			const [path] = request.url.split('?');
			if (path!.endsWith(TRADING_PATH)) headers['X-EBAY-API-IAF-TOKEN'] = accessToken;
			else headers.authorization = `Bearer ${accessToken}`;
		});
	}) as IAuthenticate;
}
