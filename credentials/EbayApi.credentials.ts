import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { productionHosts, sites, TRADING_PATH } from '../nodes/Ebay/api/hosts';
import { accountOf, keptConsentFields, tokenUrlOf, usesOAuth } from '../nodes/Ebay/api/credential';
import { NO_ACCESS_TOKEN, signIn, signInForTest, test } from '../nodes/Ebay/api/credentialTest';
import { keptTokenFields, signedInBy, withToken } from '../nodes/shared/auth/accessToken';

const oAuth = { show: { authentication: ['oAuth'] } };
const custom = { show: { environment: ['custom'] } };

export class EbayApi implements ICredentialType {
	name = 'ebayApi';

	displayName = 'eBay API';

	icon: Icon = {
		light: 'file:../nodes/Ebay/ebay.svg',
		dark: 'file:../nodes/Ebay/ebay.dark.svg',
	};

	documentationUrl =
		'https://github.com/example/n8n-nodes-marketplace-messages/blob/main/docs/ebay.md#set-up-with-oauth';

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
			description:
				"On eBay's developer site (developer.ebay.com) under Application Keys: App ID (Client ID)",
			displayOptions: oAuth,
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Beside the App ID: Cert ID (Client Secret)',
			displayOptions: oAuth,
		},
		{
			displayName: 'RuName',
			name: 'ruName',
			type: 'string',
			default: '',
			placeholder: 'e.g. Example_Name-ExampleN-MyApp-abcdef',
			description:
				'On the same page under User Tokens, Get a Token from eBay via Your Application: RuName (eBay Redirect URL name). It is a name, not an address.',
			hint: 'Save, and the red box tells where the seller agrees',
			displayOptions: oAuth,
		},
		{
			displayName: 'Address After Consent',
			name: 'consentAddress',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. https://www.example.com/?code=v%5E1.1%23…&expires_in=299',
			description:
				"All that the browser's address line shows after the seller agreed, or the code in it alone. Save within five minutes. It connects the seller for 18 months; empty it and save to get the address of eBay's page again.",
			displayOptions: oAuth,
		},
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				"Only if you have one already: it begins with v^1.1#. It does not count while 'Address After Consent' is filled in.",
			displayOptions: oAuth,
		},
		{
			displayName: 'Auth Token',
			name: 'authToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. AgAAAA**…',
			description:
				"An Auth'n'Auth token of the seller: on eBay's developer site under User Tokens, Auth'n'Auth, Sign in to Production. It lives 18 months.",
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
		...keptConsentFields,
		// Not empty from the beginning: n8n would sign in before every request with an Auth'n'Auth token.
		...keptTokenFields.map((field) =>
			field.name === 'accessToken' ? { ...field, default: NO_ACCESS_TOKEN } : field,
		),
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await signedInBy(credentials, signIn(this.helpers, credentials));
	}

	authenticate = (async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		signInForTest(credentials, request);
		// An Auth'n'Auth token stands in the document. The login needs no token, and must not see one.
		if (!usesOAuth(credentials) || request.url === tokenUrlOf(credentials)) return request;
		return withToken(credentials, accountOf(credentials), request, (headers, accessToken) => {
			const [path] = request.url.split('?');
			if (path!.endsWith(TRADING_PATH)) headers['X-EBAY-API-IAF-TOKEN'] = accessToken;
			else headers.authorization = `Bearer ${accessToken}`;
		});
	}) as IAuthenticate;

	test: ICredentialTestRequest = test;
}
