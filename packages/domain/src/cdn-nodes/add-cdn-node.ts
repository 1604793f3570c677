import { isIP } from 'node:net';
import type { MasterKeys } from '@aerogram/blob';
import { NODE_SECRET_BYTES } from '@aerogram/cdn-protocol';
import { equalBytes } from '@aerogram/crypto';
import { type Clock, OperatorError } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';

import { type CdnNodeChange, type CdnNodeRow, dropCdnNode, type NewCdnNode, saveCdnNode } from './cdn-node-store.ts';

const REGION_MAX = 64;
const HOST_MAX = 253;
const PEM_MAX = 8192;

/** What stores a node. */
export interface AddNodeDeps {
  db: Pick<Database, 'transact'>;
  /** Encrypt the secret. */
  keys: Pick<MasterKeys, 'wrap' | 'unwrap'>;
  clock: Pick<Clock, 'now'>;
  /** Called in the transaction. */
  note?(tx: Tx, change: CdnNodeChange): Promise<void>;
}

/** Whether clients can be told this host: an IP address of one machine (rule P9, DC ids). */
export function isClientHost(host: string): boolean {
  return isIP(host) !== 0 && host !== '0.0.0.0' && !/^[0:]*$/.test(host);
}

function checkNode({ id, client, push, publicKey, region }: NewCdnNode, secret: Uint8Array): void {
  if (!isClientHost(client.host)) throw new OperatorError(`clients need the IP address of the node, not "${client.host}": give it with --client-host`);
  if (push.host === '' || push.host.length > HOST_MAX || !/^[\w.:-]+$/.test(push.host)) throw new OperatorError('the host of the private port is not a name or an address');
  if (push.host === '0.0.0.0' || /^[0:]+$/.test(push.host)) throw new OperatorError('the server needs the address of the private port: give it with --push-host');
  for (const { port } of [client, push]) if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new OperatorError(`${port} is not a port`);
  if (region.length > REGION_MAX || !/^[\w.-]*$/.test(region)) throw new OperatorError(`the name of a region has at most ${REGION_MAX} letters, digits, dots, dashes and underscores`);
  if (!/^[0-9a-f]{16}$/.test(id) || !/^-?\d{1,19}$/.test(publicKey.fingerprint)) throw new OperatorError('the id of the node is not a fingerprint');
  if (publicKey.pem.length > PEM_MAX || !publicKey.pem.startsWith('-----BEGIN RSA PUBLIC KEY-----')) throw new OperatorError('the node has no RSA public key');
  if (BigInt.asUintN(64, BigInt(publicKey.fingerprint)).toString(16).padStart(16, '0') !== id) throw new OperatorError('the id of the node is not that of its key');
  if (secret.length !== NODE_SECRET_BYTES) throw new OperatorError(`the secret of a node has ${NODE_SECRET_BYTES} bytes, not ${secret.length}`);
}

/**
 * Adds a CDN node, or changes one with the same key. The running server reads it within two seconds.
 * @throws OperatorError for facts that cannot be true, or when there is no DC id left
 */
export async function doAddCdnNode({ db, keys, clock, note }: AddNodeDeps, node: NewCdnNode, secret: Uint8Array): Promise<CdnNodeChange> {
  checkNode(node, secret);
  const isNew = async ({ wrapped_secret: wrapped }: CdnNodeRow): Promise<boolean> => {
    if (wrapped === null) return true;
    // Where the master key of the earlier secret is lost, the node was of no use anyway.
    const before = await keys.unwrap(wrapped).catch(() => undefined);
    return before === undefined || !equalBytes(before, secret);
  };
  return db.transact('add-cdn-node', async (tx) => {
    const change = await saveCdnNode(tx, node, { wrapped: keys.wrap(secret), isNew }, clock.now());
    if (change === undefined) throw new OperatorError('there is no DC id left for another node');
    await note?.(tx, change);
    return change;
  });
}

/** Removes a CDN node. It stops serving within 45 s. @param nodeId fingerprint of its key in hex @returns undefined when there is no such node */
export function doRemoveCdnNode({ db, clock, note }: Omit<AddNodeDeps, 'keys'>, nodeId: string): Promise<CdnNodeChange | undefined> {
  return db.transact('remove-cdn-node', async (tx) => {
    const change = await dropCdnNode(tx, nodeId, clock.now());
    if (change !== undefined) await note?.(tx, change);
    return change;
  });
}
