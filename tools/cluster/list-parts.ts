import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import type { Addresses } from './addresses.ts';
import { PROGRAMS } from './debian-packages.ts';
import type { Owner } from './find-owner.ts';
import { DATABASES } from './layout.ts';
import type { PartCommand } from './part.ts';
import { type Files, S3 } from './write-files.ts';

/** What the processes of a cluster are started from. */
export interface PartsOptions {
  dataDir: string;
  addresses: Addresses;
  files: Files;
  owner: Owner | undefined;
  /** Settings of all nodes beside those of their files. */
  env: Readonly<Record<string, string>>;
}

/** The processes of a cluster, in the order in which they are started. */
export function listParts({ dataDir, addresses, files: { configs, nodeEnv }, owner, env }: PartsOptions): PartCommand[] {
  const part = (name: string, command: readonly string[], more: Pick<PartCommand, 'env' | 'user'> = {}): PartCommand => ({ name, command, logFile: join(dataDir, 'logs', `${name}.log`), ...more });
  const root = findRepositoryRoot();
  const user = owner?.name;
  const haproxy = (name: string): PartCommand => part(name, [PROGRAMS.haproxy, '-db', '-f', configs[name]!]);
  return [
    part('etcd', [PROGRAMS['etcd-server'], '--config-file', configs['etcd']!], { user }),
    // Patroni asks etcd for the addresses of its members, which would lead it past what can be cut.
    ...DATABASES.map((name) => part(name, [PROGRAMS.patroni, configs[name]!], { user, env: { PATRONI_ETCD3_USE_PROXIES: 'true' } })),
    part('s3', [process.execPath, join(root, 'tools/cluster/s3.mjs'), String(addresses.portOf('s3')), join(dataDir, 's3'), S3.bucket]),
    part('nats', [PROGRAMS['nats-server'], '-c', configs['nats']!]),
    haproxy('haproxy-database'),
    ...[...nodeEnv].map(([name, own]) => part(name, [process.execPath, '--enable-source-maps', join(root, 'dist/server.js'), '--data-dir', own['AEROGRAM_DATA_DIR']!], { env: { ...own, ...env } })),
    haproxy('haproxy'),
  ];
}
