/** The login at ID Magalu, and what an app may ask for there. */

/**
 * ID Magalu, the same for production and sandbox. The page is `/login`: `/oauth/authorize` shows none.
 * @see https://developers.magalu.com/docs/first-steps/create-an-application/authentication-authorization
 */
export const loginUrl = 'https://id.magalu.com/login';
export const tokenUrl = 'https://id.magalu.com/oauth/token';

/**
 * What each part of the API wants the token to be good for.
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac
 */
export const scopes = {
	readTickets: 'open:tickets-seller:read',
	writeTickets: 'open:tickets-seller:write',
	readMessages: 'open:ticket-messages-seller:read',
	writeMessages: 'open:ticket-messages-seller:write',
	readTransactions: 'open:sac-transaction-seller:read',
	readOrders: 'open:order-order-seller:read',
	readDeliveries: 'open:order-delivery-seller:read',
} as const;

export type Scope = (typeof scopes)[keyof typeof scopes];

/** What the credential asks for unless it is edited: all that the nodes use, and nothing more. */
export const defaultScope = Object.values(scopes).join(' ');
