/** What a seller may get wrong in a credential, and what n8n's red box says of it. */
import { demoRuName } from '../marketplaces/ebay/index.mts';
import { demoClient, demoUser } from '../marketplaces/magalu/demo.mts';
import type { Simulator } from '../marketplaces/simulator.mts';

/** @returns what is right for the simulator, by the name of the credential that the seller reads */
export function rightFields(type: string, origin: string): Record<string, string> {
	const fields: Record<string, Record<string, string>> = {
		'Amazon Selling Partner API': {
			apiUrl: `${origin}/amazon`,
			tokenUrl: `${origin}/lwa/auth/o2/token`,
			clientId: 'amzn1.application-oa2-client.demo',
			clientSecret: 'amzn1.oa2-cs.v1.demo',
			refreshToken: 'Atzr|demo',
		},
		'eBay API': {
			apiUrl: `${origin}/ebay`,
			mediaUrl: `${origin}/ebay-media`,
			clientId: 'demo-client',
			clientSecret: 'demo-secret',
		},
		'Magalu OAuth2 API': {
			apiUrl: `${origin}/magalu`,
			loginUrl: `${origin}/id-magalu/login`,
			tokenUrl: `${origin}/id-magalu/oauth/token`,
			clientId: 'demo-magalu-client',
			clientSecret: 'demo-magalu-secret',
			scope: 'open:tickets-seller:read',
		},
	};
	return fields[type]!;
}

interface WrongWay {
	fields: Record<string, string>;
	/** What happened, and what to do. */
	box: RegExp;
}

export const wrongWays: Record<string, WrongWay[]> = {
	'Amazon Selling Partner API': [
		{
			fields: { clientSecret: 'wrong' },
			box: /Amazon does not know this 'Client ID' and 'Client Secret'\. Copy both again from Seller Central, Develop Apps/,
		},
		{
			fields: { clientId: 'amzn1.sp.solution.1' },
			box: /'Client ID' holds the app's ID .* not its client identifier .*Copy both again from Seller Central/,
		},
		{
			fields: { refreshToken: 'Atzr|old' },
			box: /Amazon does not accept the 'Refresh Token' \(wrong, or access was revoked\)\. In Seller Central open Develop Apps, press Authorize/,
		},
		{
			fields: { refreshToken: 'Atza|x' },
			box: /'Refresh Token' holds an access token, which lives an hour\. In Seller Central open Develop Apps, press Authorize/,
		},
		{
			fields: { tokenUrl: 'nowhere' },
			box: /'Token URL' is not an address\. Write one that begins with http:\/\/ or https:\/\//,
		},
	],
	// In the order of a seller who goes on from one to the next: what was filled in stays.
	'eBay API': [
		{
			fields: {},
			box: /The credential is not connected to eBay yet\. On eBay's developer site open User Tokens .* copy the RuName/,
		},
		{
			fields: { ruName: 'https://www.example.com' },
			box: /'RuName' holds an address, and has to hold a name that eBay made\. .* copy the RuName/,
		},
		{
			fields: { ruName: demoRuName, consentAddress: 'https://www.example.com/' },
			box: /'Address After Consent' holds no code of eBay's\. .*paste it into 'Address After Consent', .*The address: http\S+$/,
		},
		{
			fields: { consentAddress: '', refreshToken: 'AgAAAA**demo' },
			box: /'Refresh Token' holds an Auth'n'Auth token\. Choose 'Auth Token' as 'Authentication' and paste it there/,
		},
		{
			fields: { refreshToken: 'v^1.1#old' },
			box: /eBay does not accept the 'Refresh Token' .*Let the seller consent again: .*fill in 'RuName'/,
		},
		{
			fields: { refreshToken: 'v^1.1#demo-refresh', clientSecret: 'wrong' },
			box: /eBay does not know this 'Client ID' and 'Client Secret'\. Copy both again from eBay's developer site/,
		},
	],
};

/**
 * Magalu is connected by n8n's own OAuth2: what goes wrong is told in the pop-up window, by Magalu's page or
 * by n8n's, and the hint in the credential's window says what that may mean.
 */
const errorPage =
	/Something went wrong[^]*If Magalu shows an error page in place of its login: a scope too many, a wrong Client ID, or the OAuth Redirect URL above/;

/** Registered with the OAuth Redirect URL of an n8n that the seller had before. */
const clientOfBefore = {
	...demoClient,
	id: 'client-of-before',
	redirectUris: ['https://n8n.example.com/rest/oauth2-credential/callback'],
};
/** May work in the store, and not speak for it. */
export const employee = { ...demoUser, name: 'atendente', admin: false };

export function addClientAndEmployee({ magalu }: Simulator): void {
	magalu.state.clients.push(clientOfBefore);
	magalu.state.users.push(employee);
}

export const wrongConnections: Array<{ fields: Record<string, string>; told: RegExp }> = [
	{ fields: { clientId: 'wrong' }, told: errorPage },
	{ fields: { clientId: clientOfBefore.id }, told: errorPage },
	{ fields: { scope: 'open:nothing:read' }, told: errorPage },
	{ fields: { clientSecret: 'wrong' }, told: /Client authentication failed[^]*Failed to connect/ },
	{
		fields: { tokenUrl: 'http://127.0.0.1:9/oauth/token' },
		told: /ECONNREFUSED[^]*Failed to connect/,
	},
];

/** Another program exchanges a consent's code, before the credential does. */
export async function exchangeElsewhere(origin: string, code: string): Promise<Response> {
	const keyset = Buffer.from('demo-client:demo-secret').toString('base64');
	return await fetch(`${origin}/ebay/identity/v1/oauth2/token`, {
		method: 'POST',
		headers: { authorization: `Basic ${keyset}` },
		body: new URLSearchParams({
			grant_type: 'authorization_code',
			code,
			redirect_uri: demoRuName,
		}),
	});
}
