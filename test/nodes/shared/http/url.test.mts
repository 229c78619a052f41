/** Addresses from outside. */
import { customUrl, wrongInUrl } from '../../../../nodes/shared/http/url.ts';

const hosts = /^([a-z]+\.)?acme\.example$/;
const wrong = (url: string, custom: boolean) =>
	wrongInUrl(url, { custom, hosts, otherwise: 'not a host of Acme' });

test.each([
	['https://acme.example/x?y=z', undefined],
	['https://files.acme.example:8443/x', undefined],
	['http://acme.example/x', 'not an https address'],
	['ftp://acme.example/x', 'not an https address'],
	['file:///etc/passwd', 'not an https address'],
	['https://acme.example.evil.example/', 'not a host of Acme'],
	['https://evil.example/acme.example', 'not a host of Acme'],
	['https://acme.example@evil.example/', 'not a host of Acme'],
	['https://evil.example#acme.example', 'not a host of Acme'],
	['https://127.0.0.1/', 'not a host of Acme'],
	['//acme.example/x', 'not an address'],
	['acme.example', 'not an address'],
	['https://acme.example/a b', 'not an address'],
	['https://acme.example/\nx', 'not an address'],
	['', 'not an address'],
])('%j is followed by a marketplace that is known: %j', (url, problem) => {
	expect(wrong(url, false)).toBe(problem);
});

test.each([
	['http://127.0.0.1:8080/x', undefined],
	['https://gateway.example/x', undefined],
	['file:///etc/passwd', 'not an http address'],
	['javascript:alert(1)', 'not an http address'],
	['xhttp://gateway.example', 'not an http address'],
	['gateway.example', 'not an address'],
])("%j is followed by the user's own gateway: %j", (url, problem) => {
	expect(wrong(url, true)).toBe(problem);
});

test.each([
	['https://gateway.example/ebay///', 'https://gateway.example/ebay'],
	[' http://127.0.0.1:8080 ', 'http://127.0.0.1:8080'],
])("a gateway's address %j is taken as %j", (written, url) => {
	expect(customUrl(written, 'API URL')).toBe(url);
});

test.each([
	'',
	undefined,
	'gateway.example',
	'ftp://x.example',
	'https://x.example/?a=b',
	'see https://x.example',
	'http://',
])("a gateway's address %j is refused", (written) => {
	expect(() => customUrl(written, 'API URL')).toThrow(
		expect.objectContaining({
			message: "The credential's 'API URL' is not an address",
			description:
				"Write one that begins with http:// or https://, or choose 'Production' as the environment.",
		}),
	);
});
