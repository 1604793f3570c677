import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CERTIFICATE } from '@aerogram/bus/testing';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import type { Addresses } from './addresses.ts';
import { fillTemplate, parseEnvironment, type TemplateValues } from './fill-template.ts';
import type { Owner } from './find-owner.ts';
import { DATABASES } from './layout.ts';

const HOST = '127.0.0.1';
/** From where HAProxy connects to the nodes. They believe it, but not clients on 127.0.0.1. */
const PROXY = '127.0.0.2';

/** Bucket, and both halves of the key, of the S3 service. */
export const S3 = { bucket: 'aerogram', key: 'S3RVER' } as const;


/** What the files of a cluster on loopback are written from. */
export interface FilesOptions {
  dataDir: string;
  addresses: Addresses;
  nodes: readonly string[];
  /** Where clients connect. */
  front: { port: number; httpPort: number };
  owner: Owner | undefined;
}

/** Paths of the files that the parts read, and the settings of each node. */
export interface Files {
  /** By the name of the part. */
  configs: Readonly<Record<string, string>>;
  nodeEnv: ReadonlyMap<string, Record<string, string>>;
}

/** Fills in the templates in `deploy/cluster`. */
export function writeFiles({ dataDir, addresses, nodes, front, owner }: FilesOptions): Files {
  const template = (name: string): string => readFileSync(join(findRepositoryRoot(), 'deploy/cluster', name), 'utf8');
  const folder = join(dataDir, 'config');
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (owner !== undefined) chownSync(file, owner.uid, owner.gid);
    return file;
  };
  const fill = (name: string, from: string, values: TemplateValues): string => write(name, fillTemplate(template(from), values));

  const makeFolder = (name: string): string => {
    const path = join(dataDir, name);
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o700);
    if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
    return path;
  };
  const certificate = { 'nats-certificate': write('nats.crt', CERTIFICATE.cert), 'nats-key': write('nats.key', CERTIFICATE.key), 'nats-password': addresses.passwordOf('nats') };
  const databasePassword = { 'database-password': addresses.passwordOf('database') };
  const configs: Record<string, string> = {
    etcd: fill('etcd.yml', 'etcd.yml', {
      name: 'etcd', 'data-dir': makeFolder('etcd'), 'etcd-client': addresses.of('etcd'), 'etcd-peer': addresses.of('etcd/peer'), 'etcd-members': `etcd=http://${addresses.of('etcd/peer')}`,
    }),
    nats: fill('nats.conf', 'nats.conf', { ...certificate, nats: addresses.of('nats') }),
    'haproxy-database': fill('haproxy-database.cfg', 'haproxy-database.cfg', {
      database: addresses.of('database'),
      'each-postgres-name': DATABASES,
      'each-postgres': DATABASES.map((name) => addresses.of(name)),
      'each-api-port': DATABASES.map((name) => addresses.portOf(`${name}/api`)),
    }),
    haproxy: fill('haproxy.cfg', 'haproxy.cfg', {
      'front-mtproto': `${HOST}:${front.port}`,
      'front-http': `${HOST}:${front.httpPort}`,
      proxy: PROXY,
      'each-node-name': nodes,
      'each-node-mtproto': nodes.map((name) => addresses.of(name)),
      'each-node-http': nodes.map((name) => addresses.of(`${name}/http`)),
      'each-node-http-port': nodes.map((name) => addresses.portOf(`${name}/http`)),
    }),
  };
  for (const name of DATABASES) {
    configs[name] = fill(`${name}.yml`, 'patroni.yml', {
      ...databasePassword,
      name,
      api: addresses.of(`${name}/api`),
      'api-for-others': addresses.of(`${name}/patroni`),
      'etcd-clients': addresses.of(`${name}/etcd`),
      postgres: addresses.of(name),
      'postgres-for-others': addresses.of(`${name}/standby`),
      'data-dir': makeFolder(name),
      'superuser-password': addresses.passwordOf('postgres'),
      'replication-password': addresses.passwordOf('replicator'),
      network: '127.0.0.0/8',
    });
  }
  const envOf = (name: string): string => fillTemplate(template('node.env'), {
    ...certificate,
    ...databasePassword,
    'data-dir': join(dataDir, name),
    'node-host': HOST,
    'node-mtproto-port': addresses.portOf(name),
    'node-http-port': addresses.portOf(`${name}/http`),
    'node-link-port': addresses.portOf(`${name}/link`),
    database: addresses.of(`${name}/database`),
    nats: addresses.of(`${name}/nats`),
    's3-endpoint': `http://${addresses.of('nodes/s3')}`,
    's3-bucket': S3.bucket,
    's3-access-key': S3.key,
    's3-secret-key': S3.key,
    proxy: PROXY,
    'public-address': HOST,
    'public-port': front.port,
  });
  return { configs, nodeEnv: new Map(nodes.map((name) => [name, parseEnvironment(envOf(name))])) };
}
