import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

import { apiHosts } from '../nodes/Magalu/api/hosts';
import { defaultScope, loginUrl, tokenUrl } from '../nodes/Magalu/api/login';

export class MagaluOAuth2Api implements ICredentialType {
	name = 'magaluOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Magalu OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/Magalu/magalu.svg',
		dark: 'file:../nodes/Magalu/magalu.dark.svg',
	};

	documentationUrl =
		'https://github.com/example/n8n-nodes-marketplace-messages/blob/main/docs/magalu.md#set-up';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{ name: 'Custom', value: 'custom', description: 'A gateway of your own, or a simulator' },
				{ name: 'Production', value: 'production' },
				{ name: 'Sandbox', value: 'sandbox', description: "Magalu's sandbox" },
			],
			default: 'production',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 01234567-89ab-cdef-0123-456789abcdef',
			description:
				"Printed by Magalu's program idm when it creates a client, and again by: idm client list. There is no web page for it.",
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Printed beside the Client ID, once. If Magalu refuses it when you connect, create another client.',
		},
		{
			displayName: 'API URL',
			name: 'apiUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://gateway.example.com/magalu',
			description: `Stands for ${apiHosts.production}`,
			displayOptions: { show: { environment: ['custom'] } },
		},
		{
			displayName: 'Login URL',
			name: 'loginUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://gateway.example.com/login',
			description: `Stands for ${loginUrl}`,
			displayOptions: { show: { environment: ['custom'] } },
		},
		{
			displayName: 'Token URL',
			name: 'tokenUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://gateway.example.com/oauth/token',
			description: `Stands for ${tokenUrl}`,
			displayOptions: { show: { environment: ['custom'] } },
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'authorizationCode',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: `={{ $self["environment"] === "custom" ? $self["loginUrl"] : "${loginUrl}" }}`,
			required: true,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ $self["environment"] === "custom" ? $self["tokenUrl"] : "${tokenUrl}" }}`,
			required: true,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			default: defaultScope,
			description:
				'What the nodes may do, separated by spaces. Take out what your app was not given: Magalu refuses the whole consent for one scope too many.',
			hint: 'If Magalu shows an error page in place of its login: a scope too many, a wrong Client ID, or the OAuth Redirect URL above is not one of the client. The person who connects has to be an administrator of the store.',
		},
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			default: '',
			description:
				'Sent as X-Tenant-Id if filled in. Usually not needed: the token belongs to the store that was chosen when connecting.',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			// Without it the consent counts for the person and not for the store.
			default: 'choose_tenants=true',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
	];
}
