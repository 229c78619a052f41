import { randomBytes } from 'node:crypto';

/** A form with one file, ready to be sent: one buffer, which can be sent again after a token's end. */
export interface FileForm {
	contentType: string;
	body: Buffer;
}

/**
 * @param field the name of the form's field
 * @see https://www.rfc-editor.org/rfc/rfc7578
 */
export function fileForm(
	field: string,
	file: { fileName: string; mimeType: string; bytes: Buffer },
): FileForm {
	const boundary = boundaryFor(file.bytes);
	const head = [
		`--${boundary}`,
		`Content-Disposition: form-data; name="${quoted(field)}"; filename="${quoted(file.fileName)}"`,
		`Content-Type: ${file.mimeType}`,
		'',
		'',
	].join('\r\n');
	return {
		contentType: `multipart/form-data; boundary=${boundary}`,
		body: Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
	};
}

/** A line that does not stand in the file. */
function boundaryFor(bytes: Buffer): string {
	for (;;) {
		const boundary = `----n8n${randomBytes(18).toString('hex')}`;
		if (!bytes.includes(boundary)) return boundary;
	}
}

/** UTF-8 as it is; what would end the quotes or the line is written as browsers write it. */
function quoted(text: string): string {
	return text.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
