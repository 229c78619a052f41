/** What a seller's consent has to cover for the nodes. */
export interface Scope {
	/** As it goes to eBay. */
	id: string;
	/** As eBay's pages and people call it. */
	name: string;
	/** What of the nodes needs it, as a list in a sentence. */
	needs: string;
	/** eBay gives it not to every keyset, and one scope too many makes the whole consent `invalid_scope`. */
	limited?: true;
}

/** The scope that every token has; the others begin with it. */
export const BASE_SCOPE = 'https://api.ebay.com/oauth/api_scope';

/**
 * The names are the same in production and sandbox.
 * @see https://developer.ebay.com/api-docs/static/oauth-scopes.html
 */
export const scopes: readonly Scope[] = [
	{ id: BASE_SCOPE, name: 'api_scope', needs: 'messages, questions and orders' },
	{ id: `${BASE_SCOPE}/sell.inventory`, name: 'sell.inventory', needs: 'uploading pictures' },
	{
		id: `${BASE_SCOPE}/commerce.message`,
		name: 'commerce.message',
		needs:
			"the resource Conversation, the eBay Message Trigger, and 'New Message' and 'Buyer Question' of the eBay Notification Trigger",
		limited: true,
	},
	{
		id: `${BASE_SCOPE}/sell.fulfillment.readonly`,
		name: 'sell.fulfillment.readonly',
		needs: "'Order Confirmation' of the eBay Notification Trigger",
	},
];

/** What to do about a consent that ended, or covers too little. */
export const NEW_CONSENT =
	"Let the seller consent again: in the credential fill in 'RuName', empty 'Address After Consent' and 'Refresh Token', and save. The red box then holds the address where the seller agrees.";
