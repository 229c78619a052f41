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

import { accessTokenOf, accountOf, tokenUrlOf } from '../nodes/Amazon/api/login';
import { regionNames, tokenUrl } from '../nodes/Amazon/api/hosts';
import { keptTokenFields, withToken } from '../nodes/shared/auth/accessToken';

export class AmazonSellingPartnerApi implements ICredentialType {
	name = 'amazonSellingPartnerApi';

	displayName = 'Amazon Selling Partner API';

	icon: Icon = {
		light: 'file:../nodes/Amazon/amazon.svg',
		dark: 'file:../nodes/Amazon/amazon.dark.svg',
	};

	documentationUrl =
		'https://github.com/example/n8n-nodes-marketplace-messages/blob/main/docs/amazon.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{ name: 'Custom', value: 'custom', description: 'A gateway of your own, or a simulator' },
				{ name: 'Production', value: 'production' },
				{ name: 'Sandbox', value: 'sandbox', description: "Amazon's static sandbox" },
			],
			default: 'production',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: regionNames.eu, value: 'eu' },
				{ name: regionNames.fe, value: 'fe' },
				{ name: regionNames.na, value: 'na' },
			],
			default: 'na',
			description:
				'Where you sell. A refresh token is good for the marketplaces of one region; make one credential for each region.',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. amzn1.application-oa2-client.0123…',
			description: 'Seller Central, Develop Apps, LWA credentials of your app',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Beside the Client ID. Amazon lets a secret live for 180 days.',
		},
		{
			displayName: 'Client Secret Expires On',
			name: 'lwaCredentialsExpireOn',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2027-05-31',
			description:
				"The day that Seller Central shows beside the secret. Nothing but the operation Check of the resource Account reads it, to warn you in time: Amazon's API does not tell it.",
		},
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Seller Central, Develop Apps, Authorize. It begins with Atzr|.',
		},
		{
			displayName: 'API URL',
			name: 'apiUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://gateway.example.com/amazon',
			description: 'Stands for https://sellingpartnerapi-na.amazon.com',
			displayOptions: { show: { environment: ['custom'] } },
		},
		{
			displayName: 'Token URL',
			name: 'tokenUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://gateway.example.com/auth/o2/token',
			description: `Stands for ${tokenUrl}`,
			displayOptions: { show: { environment: ['custom'] } },
		},
		...keptTokenFields,
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await accessTokenOf(this.helpers, credentials);
	}

	authenticate = (async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		// The login needs no token, and must not see one.
		if (request.url === tokenUrlOf(credentials)) return request;
		return withToken(credentials, accountOf(credentials), request, (headers, accessToken) => {
			headers['x-amz-access-token'] = accessToken;
		});
	}) as IAuthenticate;

	/** The token exchange is the test: roles differ from app to app, and every other call needs one. */
	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			url: `={{ $credentials.environment === "custom" ? $credentials.tokenUrl.trim() : "${tokenUrl}" }}`,
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: {
				grant_type: 'refresh_token',
				refresh_token: '={{ $credentials.refreshToken.trim() }}',
				client_id: '={{ $credentials.clientId.trim() }}',
				client_secret: '={{ $credentials.clientSecret.trim() }}',
			},
		},
	};
}
