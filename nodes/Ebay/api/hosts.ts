import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { version } from '../../../package.json';

/** How the node calls itself in every request. */
export const USER_AGENT = `n8n-nodes-marketplace-messages/${version}`;

/**
 * Hosts of Trading, OAuth and Message API (`api`), of the Media API (`media`), and of the pages on which a
 * seller signs in (`auth`).
 * @see https://developer.ebay.com/api-docs/static/oauth-consent-request.html
 * @see https://developer.ebay.com/api-docs/static/rest-request-components.html
 * @see https://developer.ebay.com/api-docs/commerce/media/static/overview.html
 */
const hosts = {
	production: {
		api: 'https://api.ebay.com',
		media: 'https://apim.ebay.com',
		auth: 'https://auth.ebay.com',
	},
	sandbox: {
		api: 'https://api.sandbox.ebay.com',
		media: 'https://apim.sandbox.ebay.com',
		auth: 'https://auth.sandbox.ebay.com',
	},
} as const;

export const productionHosts = hosts.production;
export const sandboxHosts = hosts.sandbox;

/** The XML gateway of the Trading API. */
export const TRADING_PATH = '/ws/api.dll';

/** Where refresh tokens are exchanged. */
export const LOGIN_PATH = '/identity/v1/oauth2/token';

/** Where a seller signs in and agrees. */
const CONSENT_PATH = '/oauth2/authorize';

/** Where this credential's calls go, without a slash at the end; `custom` is taken as it is written. */
export function baseUrlsOf(credentials: ICredentialDataDecryptedObject): {
	api: string;
	media: string;
	auth: string;
} {
	if (credentials.environment === 'sandbox') return hosts.sandbox;
	if (credentials.environment !== 'custom') return hosts.production;
	const written = (value: unknown) =>
		String(value ?? '')
			.trim()
			.replace(/\/+$/, '');
	const api = written(credentials.apiUrl);
	return { api, media: written(credentials.mediaUrl), auth: api };
}

/** @returns the page on which the seller agrees; with `custom` it stands beside the API */
export function consentUrlOf(credentials: ICredentialDataDecryptedObject): string {
	return `${baseUrlsOf(credentials).auth}${CONSENT_PATH}`;
}

export interface Site {
	id: string;
	name: string;
	/** As answers of the Trading API name it. */
	code: string;
}

/**
 * Sites of the `X-EBAY-API-SITEID` header, by name.
 * @see https://developer.ebay.com/DevZone/finding/Concepts/SiteIDToGlobalID.html
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/types/SiteCodeType.html
 */
export const sites: readonly Site[] = [
	{ id: '15', name: 'Australia', code: 'Australia' },
	{ id: '16', name: 'Austria', code: 'Austria' },
	{ id: '123', name: 'Belgium (Dutch)', code: 'Belgium_Dutch' },
	{ id: '23', name: 'Belgium (French)', code: 'Belgium_French' },
	{ id: '2', name: 'Canada (English)', code: 'Canada' },
	{ id: '210', name: 'Canada (French)', code: 'CanadaFrench' },
	{ id: '71', name: 'France', code: 'France' },
	{ id: '77', name: 'Germany', code: 'Germany' },
	{ id: '201', name: 'Hong Kong', code: 'HongKong' },
	{ id: '203', name: 'India', code: 'India' },
	{ id: '205', name: 'Ireland', code: 'Ireland' },
	{ id: '101', name: 'Italy', code: 'Italy' },
	{ id: '207', name: 'Malaysia', code: 'Malaysia' },
	{ id: '146', name: 'Netherlands', code: 'Netherlands' },
	{ id: '211', name: 'Philippines', code: 'Philippines' },
	{ id: '212', name: 'Poland', code: 'Poland' },
	{ id: '216', name: 'Singapore', code: 'Singapore' },
	{ id: '186', name: 'Spain', code: 'Spain' },
	{ id: '193', name: 'Switzerland', code: 'Switzerland' },
	{ id: '3', name: 'United Kingdom', code: 'UK' },
	{ id: '0', name: 'United States', code: 'US' },
	{ id: '100', name: 'United States, Motors', code: 'eBayMotors' },
];

/**
 * Languages of `ErrorLanguage`, by name.
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/AddMemberMessageAAQToPartner.html
 */
export const errorLanguages: ReadonlyArray<{ code: string; name: string }> = [
	{ code: 'zh_CN', name: 'Chinese (China)' },
	{ code: 'zh_HK', name: 'Chinese (Hong Kong)' },
	{ code: 'nl_BE', name: 'Dutch (Belgium)' },
	{ code: 'nl_NL', name: 'Dutch (Netherlands)' },
	{ code: 'en_AU', name: 'English (Australia)' },
	{ code: 'en_CA', name: 'English (Canada)' },
	{ code: 'en_IN', name: 'English (India)' },
	{ code: 'en_IE', name: 'English (Ireland)' },
	{ code: 'en_SG', name: 'English (Singapore)' },
	{ code: 'en_GB', name: 'English (United Kingdom)' },
	{ code: 'en_US', name: 'English (United States)' },
	{ code: 'fr_BE', name: 'French (Belgium)' },
	{ code: 'fr_CA', name: 'French (Canada)' },
	{ code: 'fr_FR', name: 'French (France)' },
	{ code: 'de_AT', name: 'German (Austria)' },
	{ code: 'de_DE', name: 'German (Germany)' },
	{ code: 'de_CH', name: 'German (Switzerland)' },
	{ code: 'it_IT', name: 'Italian (Italy)' },
	{ code: 'es_ES', name: 'Spanish (Spain)' },
];

/** Texts are recognized in this language where eBay publishes no number for an error. */
export const DEFAULT_ERROR_LANGUAGE = 'en_US';
