/** Looks for secrets in all that a real n8n left behind: its database and its logs. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Simulator } from '../../marketplaces/simulator.mts';
import { node24 } from '../instance.mts';

/** What nobody may read there: the accounts' secrets, every token that was given out, signed addresses. */
export function secretsOf({ amazon, ebay, magalu }: Simulator): string[] {
	const accounts = JSON.stringify([amazon.state, ebay.state, magalu.state], inFull);
	const found = [...accounts.matchAll(/"(?:clientSecret|refreshToken|secret)":"([^"]{8,})"/g)];
	return [...new Set([...found.map(([, secret]) => secret), ...amazon.state.tokens.keys()])];
}
