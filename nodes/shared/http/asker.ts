import type { IHttpRequestOptions } from 'n8n-workflow';

import { untilTokenIsOn } from '../auth/accessToken';

/** Who asks with a credential, and what has to be over before. */

export type Ask = (options: IHttpRequestOptions) => Promise<unknown>;

export interface Asker {
	ask: Ask;
	/** What has to be over before the next request may leave. */
	ahead(): Promise<void> | undefined;
}

export const atOnce = (ask: Ask): Asker => ({ ask, ahead: () => undefined });

/** The first request fetches the token; the others leave as soon as it has it, or else with its answer. */
export function firstAlone(ask: Ask): Asker {
	let begun = false;
	let ahead: Promise<void> | undefined;
	return {
		ahead: () => ahead,
		async ask(options) {
			const mine = ask(options);
			if (!begun) {
				begun = true;
				const over = Promise.race([untilTokenIsOn(options), mine.catch(() => undefined)]);
				ahead = over.then(() => (ahead = undefined));
			}
			return await mine;
		},
	};
}
