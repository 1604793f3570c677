import type { MasterKeys } from '@aerogram/blob';
import type { KnownNode } from '@aerogram/cdn-origin';
import { deriveNodeKeys } from '@aerogram/cdn-protocol';

import type { CdnNodeRow } from './cdn-node-store.ts';

/**
 * Decrypts the secret of a node, and derives the keys that belong to it.
 * @returns undefined for a removed node
 * @throws OperatorError when the master key that encrypted the secret is missing
 */
export async function openCdnNode(row: CdnNodeRow, keys: Pick<MasterKeys, 'unwrap'>): Promise<KnownNode | undefined> {
  if (row.wrapped_secret === null) return undefined;
  return {
    dc: row.dc_id,
    id: row.node_id,
    client: { host: row.client_host, port: row.client_port },
    push: { host: row.push_host, port: row.push_port },
    publicKey: { pem: row.public_key, fingerprint: row.fingerprint.toString() },
    region: row.region,
    keys: deriveNodeKeys(await keys.unwrap(row.wrapped_secret)),
  };
}
