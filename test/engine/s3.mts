/** n8n's own client for S3, as its engine uses it: n8n itself does so with a licence alone. */
import { ObjectStoreConfig, S3ByteStore } from '@n8n/blob-storage';
import { ObjectStoreService } from '@n8n/blob-storage/object-store';
import { Container } from '@n8n/di';
import { BinaryDataBlobManager, BinaryDataService, ErrorReporter } from 'n8n-core';

export interface Bucket {
	/** Of a server on this machine. */
	port: number;
	name: string;
	key: string;
	secret: string;
}

/** Files of the way `s3` are kept there from now on. */
export function keepFilesInS3(bucket: Bucket): void {
	const manager = new BinaryDataBlobManager(
		new S3ByteStore(storeOf(bucket)),
		Container.get(ErrorReporter),
	);
	Container.get(BinaryDataService).setManager('s3', manager);
}

/** n8n's client. It is not asked whether it is connected: that is a HEAD, which the server of our test always refuses. */
export function storeOf({ port, name, key, secret }: Bucket): ObjectStoreService {
	const config = Container.get(ObjectStoreConfig);
	Object.assign(config, { host: `127.0.0.1:${port}`, protocol: 'http', maxAttempts: 1 });
	Object.assign(config.bucket, { name, region: 'us-east-1' });
	Object.assign(config.credentials, { accessKey: key, accessSecret: secret });
	const logger = { debug() {}, info() {}, warn() {}, error() {} };
	return new ObjectStoreService(logger as never, config);
}
