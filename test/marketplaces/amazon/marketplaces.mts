/** Amazon's marketplaces, as the Sellers API names them. Source: developer-docs.amazon.com/sp-api/docs/marketplace-ids */
export interface AmazonMarketplace {
	id: string;
	countryCode: string;
	name: string;
	defaultCurrencyCode: string;
	defaultLanguageCode: string;
	domainName: string;
}

const rows: Array<[string, string, string, string, string]> = [
	['ATVPDKIKX0DER', 'US', 'USD', 'en_US', 'www.amazon.com'],
	['A2EUQ1WTGCTBG2', 'CA', 'CAD', 'en_CA', 'www.amazon.ca'],
	['A1AM78C64UM0Y8', 'MX', 'MXN', 'es_MX', 'www.amazon.com.mx'],
	['A2Q3Y263D00KWC', 'BR', 'BRL', 'pt_BR', 'www.amazon.com.br'],
	['A28R8C7NBKEWEA', 'IE', 'EUR', 'en_IE', 'www.amazon.ie'],
	['A1RKKUPIHCS9HS', 'ES', 'EUR', 'es_ES', 'www.amazon.es'],
	['A1F83G8C2ARO7P', 'GB', 'GBP', 'en_GB', 'www.amazon.co.uk'],
	['A13V1IB3VIYZZH', 'FR', 'EUR', 'fr_FR', 'www.amazon.fr'],
	['AMEN7PMS3EDWL', 'BE', 'EUR', 'fr_BE', 'www.amazon.com.be'],
	['A1805IZSGTT6HS', 'NL', 'EUR', 'nl_NL', 'www.amazon.nl'],
	['A1PA6795UKMFR9', 'DE', 'EUR', 'de_DE', 'www.amazon.de'],
	['APJ6JRA9NG5V4', 'IT', 'EUR', 'it_IT', 'www.amazon.it'],
	['A2NODRKZP88ZB9', 'SE', 'SEK', 'sv_SE', 'www.amazon.se'],
	['AE08WJ6YKNBMC', 'ZA', 'ZAR', 'en_ZA', 'www.amazon.co.za'],
	['A1C3SOZRARQ6R3', 'PL', 'PLN', 'pl_PL', 'www.amazon.pl'],
	['ARBP9OOSHTCHU', 'EG', 'EGP', 'ar_AE', 'www.amazon.eg'],
	['A33AVAJ2PDY3EV', 'TR', 'TRY', 'tr_TR', 'www.amazon.com.tr'],
	['A17E79C6D8DWNP', 'SA', 'SAR', 'ar_AE', 'www.amazon.sa'],
	['A2VIGQ35RCS4UG', 'AE', 'AED', 'en_AE', 'www.amazon.ae'],
	['A21TJRUUN4KGV', 'IN', 'INR', 'en_IN', 'www.amazon.in'],
	['A19VAU5U5O7RUS', 'SG', 'SGD', 'en_SG', 'www.amazon.sg'],
	['A39IBJ37TRP1C6', 'AU', 'AUD', 'en_AU', 'www.amazon.com.au'],
	['A1VC38T7YXB528', 'JP', 'JPY', 'ja_JP', 'www.amazon.co.jp'],
];

export const amazonMarketplaces: AmazonMarketplace[] = rows.map(
	([id, countryCode, defaultCurrencyCode, defaultLanguageCode, domainName]) => ({
		id,
		countryCode,
		name: domainName.replace('www.amazon', 'Amazon'),
		defaultCurrencyCode,
		defaultLanguageCode,
		domainName,
	}),
);

/** Marketplace ids of countries, e.g. `idsOf('US', 'CA')`. */
export function idsOf(...countries: string[]): string[] {
	return amazonMarketplaces
		.filter(({ countryCode }) => countries.includes(countryCode))
		.map(({ id }) => id);
}
