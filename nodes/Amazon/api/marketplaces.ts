import type { Region } from './hosts';

export interface Marketplace {
	id: string;
	country: string;
	/** What a buyer types into the browser. */
	site: string;
	region: Region;
	/** Where the seller looks at orders and buyer messages. */
	sellerCentral: string;
}

const place = (
	region: Region,
	country: string,
	id: string,
	site: string,
	sellerCentral: string,
): Marketplace => ({ region, country, id, site, sellerCentral: `https://${sellerCentral}` });

const EUROPE = 'sellercentral-europe.amazon.com';

/** @see https://developer-docs.amazon.com/sp-api/docs/marketplace-ids */
export const marketplaces: readonly Marketplace[] = [
	place('fe', 'Australia', 'A39IBJ37TRP1C6', 'amazon.com.au', 'sellercentral.amazon.com.au'),
	place('eu', 'Belgium', 'AMEN7PMS3EDWL', 'amazon.com.be', 'sellercentral.amazon.com.be'),
	place('na', 'Brazil', 'A2Q3Y263D00KWC', 'amazon.com.br', 'sellercentral.amazon.com.br'),
	place('na', 'Canada', 'A2EUQ1WTGCTBG2', 'amazon.ca', 'sellercentral.amazon.ca'),
	place('eu', 'Egypt', 'ARBP9OOSHTCHU', 'amazon.eg', 'sellercentral.amazon.eg'),
	place('eu', 'France', 'A13V1IB3VIYZZH', 'amazon.fr', EUROPE),
	place('eu', 'Germany', 'A1PA6795UKMFR9', 'amazon.de', EUROPE),
	place('eu', 'India', 'A21TJRUUN4KGV', 'amazon.in', 'sellercentral.amazon.in'),
	place('eu', 'Ireland', 'A28R8C7NBKEWEA', 'amazon.ie', 'sellercentral.amazon.ie'),
	place('eu', 'Italy', 'APJ6JRA9NG5V4', 'amazon.it', EUROPE),
	place('fe', 'Japan', 'A1VC38T7YXB528', 'amazon.co.jp', 'sellercentral.amazon.co.jp'),
	place('na', 'Mexico', 'A1AM78C64UM0Y8', 'amazon.com.mx', 'sellercentral.amazon.com.mx'),
	place('eu', 'Netherlands', 'A1805IZSGTT6HS', 'amazon.nl', 'sellercentral.amazon.nl'),
	place('eu', 'Poland', 'A1C3SOZRARQ6R3', 'amazon.pl', 'sellercentral.amazon.pl'),
	place('eu', 'Saudi Arabia', 'A17E79C6D8DWNP', 'amazon.sa', 'sellercentral.amazon.sa'),
	place('fe', 'Singapore', 'A19VAU5U5O7RUS', 'amazon.sg', 'sellercentral.amazon.sg'),
	place('eu', 'South Africa', 'AE08WJ6YKNBMC', 'amazon.co.za', 'sellercentral.amazon.co.za'),
	place('eu', 'Spain', 'A1RKKUPIHCS9HS', 'amazon.es', EUROPE),
	place('eu', 'Sweden', 'A2NODRKZP88ZB9', 'amazon.se', 'sellercentral.amazon.se'),
	place('eu', 'Turkey', 'A33AVAJ2PDY3EV', 'amazon.com.tr', 'sellercentral.amazon.com.tr'),
	place('eu', 'United Arab Emirates', 'A2VIGQ35RCS4UG', 'amazon.ae', 'sellercentral.amazon.ae'),
	place('eu', 'United Kingdom', 'A1F83G8C2ARO7P', 'amazon.co.uk', EUROPE),
	place('na', 'United States', 'ATVPDKIKX0DER', 'amazon.com', 'sellercentral.amazon.com'),
];

/** @returns the marketplace, or nothing for an id that Amazon may have added since */
export function marketplaceOf(id: string): Marketplace | undefined {
	return marketplaces.find((one) => one.id === id);
}
