// An S3 service for trying out a cluster, as the tests use it. usage: node tools/cluster/s3.mjs <port> <directory> <bucket>
import S3rver from '@20minutes/s3rver';

const [port, directory, bucket] = process.argv.slice(2);
// It computes the signatures of listings in another way than the SDK and other services.
const service = new S3rver({ address: '127.0.0.1', port: Number(port), silent: true, allowMismatchedSignatures: true, directory, configureBuckets: [{ name: bucket, configs: [] }] });
await service.run();
process.once('SIGTERM', () => process.exit());
