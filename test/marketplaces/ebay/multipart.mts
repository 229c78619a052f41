export interface Part {
	name: string;
	fileName?: string;
	bytes: Buffer;
}

/**
 * Reads multipart/form-data byte by byte (RFC 7578): boundary from the header, CRLF everywhere, closing
 * delimiter at the end.
 * @returns the parts, or what is wrong
 */
export function readMultipart(contentType: string | undefined, body: Buffer): Part[] | string {
	const boundary = /^multipart\/form-data;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))$/i.exec(
		contentType ?? '',
	);
	if (!boundary) return 'The content type is not multipart/form-data with a boundary.';
	const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`);
	const bytes = Buffer.concat([Buffer.from('\r\n'), body]);
	if (bytes.indexOf(delimiter) !== 0) return 'The body does not start with its boundary.';

	const parts: Part[] = [];
	let at = delimiter.length;
	while (bytes.toString('latin1', at, at + 2) !== '--') {
		const end = bytes.indexOf(delimiter, at);
		if (end < 0) return 'The closing boundary is missing.';
		const part = readPart(bytes.subarray(at, end));
		if (typeof part === 'string') return part;
		parts.push(part);
		at = end + delimiter.length;
	}
	const rest = bytes.toString('latin1', at + 2);
	return rest === '' || rest === '\r\n' ? parts : 'Something follows the closing boundary.';
}

function readPart(bytes: Buffer): Part | string {
	const gap = bytes.indexOf('\r\n\r\n');
	if (gap < 0 || bytes.toString('latin1', 0, 2) !== '\r\n') return 'A part has no headers.';
	const lines = bytes.toString('utf8', 2, gap).split('\r\n');
	const disposition = lines.find((line) => /^content-disposition:/i.test(line)) ?? '';
	const fields =
		/^content-disposition:\s*form-data;\s*name="([^"\r\n]+)"(?:;\s*filename="([^"\r\n]*)")?$/i.exec(
			disposition,
		);
	if (!fields) return 'A part has no proper Content-Disposition.';
	if (lines.some((line) => !/^[\w-]+:/.test(line))) return 'A header line of a part is broken.';
	return { name: fields[1], fileName: fields[2], bytes: bytes.subarray(gap + 4) };
}
