/**
 * An S3 server on a free port of 127.0.0.1, for Node 24: `node server.cjs FOLDER BUCKET`. It says its port on
 * standard output and ends with its input. Key and secret are `S3RVER`; it refuses what is signed with others.
 */
const S3rver = require('@20minutes/s3rver');

const [directory, bucket] = process.argv.slice(2);
const configureBuckets = [{ name: bucket, configs: [] }];
const server = new S3rver({
	...{ directory, configureBuckets, address: '127.0.0.1', port: 0, silent: true },
});
void server.run().then(({ port }) => console.log(port));
process.stdin.resume().on('end', () => process.exit());
