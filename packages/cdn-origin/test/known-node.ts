import { deriveNodeKeys } from '@aerogram/cdn-protocol';
import type { KnownNode } from '../src/index.ts';

/** A node for tests. */
export function knownNode(change: Partial<KnownNode> = {}): KnownNode {
  const nowhere = { host: '127.0.0.1', port: 1 };
  return {
    dc: 203,
    id: (change.dc ?? 203).toString(16).padStart(16, '0'),
    client: nowhere,
    push: nowhere,
    publicKey: { pem: 'key', fingerprint: '1' },
    region: '',
    keys: deriveNodeKeys(new Uint8Array(32)),
    ...change,
  };
}
