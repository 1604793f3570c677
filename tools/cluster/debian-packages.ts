import { existsSync } from 'node:fs';

/** Programs of a cluster, by the Debian package that has each. */
export const PROGRAMS = {
  patroni: '/usr/bin/patroni',
  'etcd-server': '/usr/bin/etcd',
  'postgresql-15': '/usr/lib/postgresql/15/bin/postgres',
  'nats-server': '/usr/sbin/nats-server',
  haproxy: '/usr/sbin/haproxy',
} as const;

/** Names of the Debian packages that a cluster needs and that are not installed. @param exists tells whether there is a file */
export function findMissingPackages(exists: (path: string) => boolean = existsSync): string[] {
  return Object.entries(PROGRAMS).filter(([, path]) => !exists(path)).map(([name]) => name);
}
