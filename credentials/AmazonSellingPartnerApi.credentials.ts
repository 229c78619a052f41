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

import { accessTokenOf, accountOf, loginForm, tokenUrlOf } from '../nodes/Amazon/api/login';
import { regionNames, tokenUrl } from '../nodes/Amazon/api/hosts';
import {
	keptTokenFields,
	signedInBy,
	untilSignedIn,
	withToken,
} from '../nodes/shared/auth/accessToken';

export class AmazonSellingPartnerApi implements ICredentialType {
	name = 'amazonSellingPartnerApi';

	displayName = 'Amazon Selling Partner API';

	icon: Icon = {
		light: 'file:../nodes/Amazon/amazon.svg',
		dark: 'file:../nodes/Amazon/amazon.dark.svg',
	};

	documentationUrl =
		'https://github.com/example/n8n-nodes-marketplace-messages/blob/main/docs/amazon.md#set-up';

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
			description:
				"In Seller Central (or the Solution Provider Portal) under Apps and Services, Develop Apps: View below LWA credentials, beside your app. It is called Client identifier there, and is not the app's ID (amzn1.sp.solution…).",
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. amzn1.oa2-cs.v1.0123…',
			description: 'In the same window: Client secret. Amazon lets a secret live for 180 days.',
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
			placeholder: 'e.g. Atzr|…',
			description:
				'On the same page: the arrow at Edit App, Authorize, Authorize app. It is shown once, and belongs to the seller and to the region of the account that authorizes.',
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
		return await signedInBy(credentials, accessTokenOf(this.helpers, credentials));
	}

	authenticate = (async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		// The test below. The login needs no token, and must not see one.
		if (request.url === tokenUrlOf(credentials)) {
			untilSignedIn(credentials);
			return { ...request, body: loginForm(credentials) };
		}
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
		},
	};
}
