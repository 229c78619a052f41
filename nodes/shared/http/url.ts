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
