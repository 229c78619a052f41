/** The three regions of the Selling Partner API; a credential belongs to one. */
export type Region = 'na' | 'eu' | 'fe';

export const regionNames: Readonly<Record<Region, string>> = {
	na: 'North America',
	eu: 'Europe, Middle East, Africa and India',
	fe: 'Far East',
};

/**
 * Hosts of the Selling Partner API.
 * @see https://developer-docs.amazon.com/sp-api/docs/sp-api-endpoints
 * @see https://developer-docs.amazon.com/sp-api/docs/sp-api-sandbox
 */
export const apiHosts: Readonly<
	Record<'production' | 'sandbox', Readonly<Record<Region, string>>>
> = {
	production: {
		na: 'https://sellingpartnerapi-na.amazon.com',
		eu: 'https://sellingpartnerapi-eu.amazon.com',
		fe: 'https://sellingpartnerapi-fe.amazon.com',
	},
	sandbox: {
		na: 'https://sandbox.sellingpartnerapi-na.amazon.com',
		eu: 'https://sandbox.sellingpartnerapi-eu.amazon.com',
		fe: 'https://sandbox.sellingpartnerapi-fe.amazon.com',
	},
};

/** Login with Amazon: one host for all regions and for the sandbox. */
export const tokenUrl = 'https://api.amazon.com/auth/o2/token';

/** Where upload destinations lead: S3, in China under another ending. */
export const STORAGE_HOST = /(^|\.)amazonaws\.com(\.cn)?$/;
