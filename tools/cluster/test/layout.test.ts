import { expect, test } from 'vitest';
import { findMissingPackages, PROGRAMS } from '../debian-packages.ts';
import { parseOwner } from '../find-owner.ts';
import { listCuts, listPorts, nameNodes } from '../layout.ts';

test('what is not installed is named by its Debian package', () => {
  expect(findMissingPackages(() => true)).toEqual([]);
  expect(findMissingPackages((path) => path !== PROGRAMS.patroni && path !== PROGRAMS['etcd-server'])).toEqual(['patroni', 'etcd-server']);
});

test('each connection that can be cut leads to something that has a port, and has one itself', () => {
  const nodes = nameNodes(2);
  const ports = listPorts(nodes);
  expect(new Set(ports).size).toBe(ports.length);
  const cuts = listCuts(nodes);
  expect(cuts).toMatchObject({ 'node-1/database': 'database', 'node-2/nats': 'nats', 'postgres-1/etcd': 'etcd', 'postgres-2/standby': 'postgres-2' });
  for (const [name, target] of Object.entries(cuts)) expect(ports).toEqual(expect.arrayContaining([name, target]));
});

test('PostgreSQL runs as its user, if there is one', () => {
  expect(parseOwner('root:x:0:0:root:/root:/bin/bash\npostgres:x:104:112:,,,:/var/lib/postgresql:/bin/bash\n')).toEqual({ name: 'postgres', uid: 104, gid: 112 });
  expect(parseOwner('root:x:0:0:root:/root:/bin/bash\n')).toBeUndefined();
});
