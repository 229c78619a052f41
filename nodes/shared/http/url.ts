import { Refusal } from '../outcome';

/**
 * The address of a gateway on the user's own network, as a credential with the environment `custom` has it.
 *
 * @param label the credential's field, as the form shows it
 * @returns it without slashes at the end
 * @throws Refusal where it is no http or https address, or carries a query
 */
export function customUrl(value: unknown, label: string): string {
	const url = String(value ?? '').trim();
	if (!/^https?:\/\/[^\s?#]+$/.test(url)) {
		throw new Refusal(
			`The credential's '${label}' is not an address`,
			"Write one that begins with http:// or https://, or choose 'Production' as the environment.",
		);
	}
	return url.replace(/\/+$/, '');
}

/** Where an address may lead. */
export interface Hosts {
	/** Of a gateway or a simulator of the user's own: http and any host will do. */
	custom: boolean;
	/** The host's whole name. */
	hosts: RegExp;
	/** Said of every other one: `not a host of Amazon`. */
	otherwise: string;
}

/**
 * Whether an address that came from outside may be followed, or handed on.
 * @returns what is wrong with it, as `not an https address`; nothing where it may
 */
export function wrongInUrl(url: string, { custom, hosts, otherwise }: Hosts): string | undefined {
	const parsed = URL.canParse(url) && !/\s/.test(url) ? new URL(url) : undefined;
	if (!parsed) return 'not an address';
	if (custom) return /^https?:$/.test(parsed.protocol) ? undefined : 'not an http address';
	if (parsed.protocol !== 'https:') return 'not an https address';
	return hosts.test(parsed.hostname) ? undefined : otherwise;
}
