import { choiceSetting, intSetting, optionalTextSetting, textSetting, urlSetting } from './setting-types.ts';

/** Settings of files. */
export const FILE_SETTINGS = {
  uploadPartsMax: intSetting({
    env: 'AEROGRAM_UPLOAD_PARTS_MAX',
    default: 4000,
    min: 1,
    max: 8000,
    doc: 'Parts of 512 KiB that a file may have: 4000 allow files of 2,000 MiB.',
  }),
  unfinishedUploadBytes: intSetting({
    env: 'AEROGRAM_UNFINISHED_UPLOAD_BYTES',
    default: 8_589_934_592,
    min: 1_048_576,
    max: 1_099_511_627_776,
    doc: 'Bytes of unfinished uploads that the server keeps for one user. They are deleted a day after their last part. At least the longest file and 256 KiB.',
  }),
  unfinishedUploads: intSetting({
    env: 'AEROGRAM_UNFINISHED_UPLOADS',
    default: 64,
    min: 8,
    max: 4096,
    doc: 'Number of unfinished uploads that the server keeps for one user. Beyond it, a new one takes the place of one that got no part for an hour, or waits.',
  }),
  unsentFilesMax: intSetting({
    env: 'AEROGRAM_UNSENT_FILES',
    default: 5000,
    min: 10,
    max: 1_000_000,
    doc: 'Files that one user may have uploaded and that are in no message and no list, because they were not sent or deleted again. They are deleted after a week, or after AEROGRAM_WAL_ARCHIVE_DAYS if that is longer.',
  }),
  unsentFileBytes: intSetting({
    env: 'AEROGRAM_UNSENT_FILE_BYTES',
    default: 21_474_836_480,
    min: 10_485_760,
    max: 1_099_511_627_776,
    doc: 'Bytes of these files: 20 GiB are an album of ten files of 2,000 MiB. At least the longest file.',
  }),
  blobCheckDays: intSetting({
    env: 'AEROGRAM_BLOB_CHECK_DAYS',
    default: 30,
    min: 0,
    max: 3650,
    doc: 'Days in which every stored file is read once and compared with its hashes; 0 never reads them. In S3, reading may cost money.',
  }),
  cdnMinSubscribers: intSetting({
    env: 'AEROGRAM_CDN_MIN_SUBSCRIBERS',
    default: 100_000,
    min: 0,
    max: 2_147_483_647,
    doc: 'Subscribers from which on the files of a public channel are given out by CDN nodes, if the server has any (docs/cdn.md).',
  }),
  cdnMinRequests: intSetting({
    env: 'AEROGRAM_CDN_MIN_REQUESTS',
    default: 0,
    min: 0,
    max: 1_000_000_000,
    doc: 'Requests for parts of one file in a minute, in one process, from which on CDN nodes give it out for ten minutes although its public channel has fewer subscribers. 0: demand does not matter.',
  }),
  masterKeys: optionalTextSetting({
    env: 'AEROGRAM_MASTER_KEYS',
    secret: true,
    doc: 'Master keys of files: 64 hex digits each, separated by commas, the current one first. Without it they are in keys/files.master in the data directory.',
  }),
  masterKeysCommand: optionalTextSetting({
    env: 'AEROGRAM_MASTER_KEYS_COMMAND',
    secret: true,
    doc: 'Shell command that prints the master keys of files, as in AEROGRAM_MASTER_KEYS, for example from a key service. It runs when the server starts, and every ten minutes for new keys.',
  }),
  fileHookCommand: optionalTextSetting({
    env: 'AEROGRAM_FILE_HOOK_COMMAND',
    doc: 'Shell command that judges each new file that users upload, and each picture of a link preview, such as a virus scanner: it gets the bytes on standard input, and its exit code accepts (0) or refuses (1) the file (docs/files.md).',
  }),
  fileHookTimeoutMs: intSetting({
    env: 'AEROGRAM_FILE_HOOK_TIMEOUT_MS',
    default: 60_000,
    min: 100,
    max: 3_600_000,
    doc: 'How long this command may take for one file; then it is killed and has failed.',
  }),
  fileHookParallel: intSetting({
    env: 'AEROGRAM_FILE_HOOK_PARALLEL',
    default: 2,
    min: 1,
    max: 64,
    doc: 'How many files each process of the server lets this command judge at once.',
  }),
  fileHookFailure: choiceSetting({
    env: 'AEROGRAM_FILE_HOOK_FAILURE',
    choices: ['refuse', 'accept'],
    default: 'refuse',
    doc: 'What becomes of a file when this command fails. `refuse`: its sender is told to try again in half a minute. `accept`: it is accepted, and judged when somebody uploads it again.',
  }),
  s3Bucket: optionalTextSetting({
    env: 'AEROGRAM_S3_BUCKET',
    doc: 'S3 bucket that keeps the files. Without it they are in the data directory.',
  }),
  s3Endpoint: urlSetting({
    env: 'AEROGRAM_S3_ENDPOINT',
    protocols: ['http:', 'https:'],
    doc: 'Address of the S3 service, for other services than that of Amazon.',
  }),
  s3Region: textSetting({
    env: 'AEROGRAM_S3_REGION',
    default: 'us-east-1',
    doc: 'Region of the S3 bucket.',
  }),
  s3Prefix: optionalTextSetting({
    env: 'AEROGRAM_S3_PREFIX',
    doc: 'Beginning of the names of all objects, for a bucket that others use, too: "aerogram/". It ends with a slash. Each server needs one of its own.',
  }),
  s3AccessKey: optionalTextSetting({
    env: 'AEROGRAM_S3_ACCESS_KEY',
    doc: 'Id of the access key of the S3 bucket. Without it the usual places of the AWS tools are used.',
  }),
  s3SecretKey: optionalTextSetting({
    env: 'AEROGRAM_S3_SECRET_KEY',
    secret: true,
    doc: 'Secret part of that access key.',
  }),
} as const;
