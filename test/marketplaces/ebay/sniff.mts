/**
 * MIME type of a picture that eBay takes, by its first bytes and never by its name.
 * @returns undefined for anything else, also for animated GIF and PNG
 */
export function sniff(bytes: Buffer): string | undefined {
	const ascii = (from: number, to: number) => bytes.toString('latin1', from, to);
	if (bytes.length < 12) return undefined;
	if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
	if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') {
		return bytes.includes('acTL') ? undefined : 'image/png';
	}
	if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') {
		return bytes.includes('NETSCAPE2.0') ? undefined : 'image/gif';
	}
	if (ascii(0, 2) === 'BM') return 'image/bmp';
	if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'image/tiff';
	if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp';
	if (ascii(4, 8) === 'ftyp') {
		const brand = ascii(8, 12);
		if (brand === 'avif') return 'image/avif';
		if (['heic', 'heix', 'hevc', 'mif1'].includes(brand)) return 'image/heic';
	}
	return undefined;
}
