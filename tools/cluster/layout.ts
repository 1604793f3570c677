/** PostgreSQL servers under Patroni; one is primary, the other its synchronous standby. */
export const DATABASES = ['postgres-1', 'postgres-2'] as const;

/** Names of the nodes. */
export function nameNodes(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `node-${at + 1}`);
}

/**
 * Connections that can be cut, and where each leads: `node-1/database` and `node-1/nats` are those of a node, `nodes/s3` is that of all
 * (they must have one address of S3), `postgres-1/etcd` is that of its Patroni, `postgres-1/standby` and `postgres-1/patroni` are how the other PostgreSQL and its Patroni reach it.
 */
export function listCuts(nodes: readonly string[]): Record<string, string> {
  const ofNodes = nodes.flatMap((node) => ['database', 'nats'].map((to) => [`${node}/${to}`, to] as const));
  const ofDatabases = DATABASES.flatMap((name) => [[`${name}/etcd`, 'etcd'], [`${name}/standby`, name], [`${name}/patroni`, `${name}/api`]] as const);
  return Object.fromEntries([...ofNodes, ['nodes/s3', 's3'], ...ofDatabases]);
}

/** Everything that needs a port of its own. */
export function listPorts(nodes: readonly string[]): string[] {
  return [
    'etcd', 'etcd/peer', 's3', 'nats', 'database', 'front', 'front/http',
    ...DATABASES.flatMap((name) => [name, `${name}/api`]),
    ...nodes.flatMap((name) => [name, `${name}/http`, `${name}/link`]),
    ...Object.keys(listCuts(nodes)),
  ];
}
