import { intSetting, optionalTextSetting, textSetting } from './setting-types.ts';

/** Settings of servers that serve from one database beside one another (docs/cluster.md). */
export const NODE_SETTINGS = {
  natsUrl: optionalTextSetting({
    env: 'AEROGRAM_NATS_URL',
    secret: true,
    doc: 'NATS servers (tls://user:password@host:4222, separated by commas; nats:// only on loopback) over which nodes on one database tell each other what changed (docs/cluster.md). It needs AEROGRAM_DATABASE_URL, and AEROGRAM_S3_BUCKET or AEROGRAM_FILES_DIR.',
  }),
  natsCredentials: optionalTextSetting({
    env: 'AEROGRAM_NATS_CREDENTIALS',
    doc: 'File with the credentials of the user of NATS, as `nsc` writes it, in place of a user and password in the URL.',
  }),
  natsCa: optionalTextSetting({
    env: 'AEROGRAM_NATS_CA',
    doc: 'File with the certificates, in PEM, by which the NATS servers are recognised; by default those of Node.js.',
  }),
  filesDir: optionalTextSetting({
    env: 'AEROGRAM_FILES_DIR',
    doc: 'Directory that all nodes share and that keeps the files, in place of the one in the data directory. Only with AEROGRAM_NATS_URL.',
  }),
  linkHost: textSetting({
    env: 'AEROGRAM_LINK_HOST',
    default: '127.0.0.1',
    doc: 'Address of this machine at which the other nodes reach this one; TLS with certificates of their own. The default is for nodes on one machine.',
  }),
  linkPort: intSetting({
    env: 'AEROGRAM_LINK_PORT',
    default: 0,
    min: 0,
    max: 65_535,
    doc: 'TCP port at which the other nodes reach this one; 0 picks a free one.',
  }),
} as const;
