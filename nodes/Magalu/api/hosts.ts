/** Where Magalu is. */

/** @see https://developers.magalu.com/docs/apis/sandbox/orders/deliveries */
export const apiHosts = {
	production: 'https://api.magalu.com',
	sandbox: 'https://api-sandbox.magalu.com',
} as const;

/** The storage that signed links of attachments lead to. */
export const STORAGE_HOST = /^([a-z0-9-]+\.)*storage\.googleapis\.com$/;
