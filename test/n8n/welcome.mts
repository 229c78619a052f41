/** What `npm start` says once all runs: where to look, and who signs in where. */
import { demoUser as ebayUser } from '../marketplaces/ebay/consent.mts';
import { demoUser as magaluUser } from '../marketplaces/magalu/demo.mts';
import { owner } from './instance.mts';

const signIn = ({ name, password }: { name: string; password: string }) => `${name} / ${password}`;

/** @param home where everything is kept */
export function welcome(n8n: string, simulator: string, home: string): string {
	return `
n8n          ${n8n}
  sign in    ${owner.email} / ${owner.password}
Simulator    ${simulator}/   what buyers received
  consent    eBay: ${signIn(ebayUser)}   Magalu: ${signIn(magaluUser)}
Ctrl-C stops both. Everything is kept in ${home}.`;
}
