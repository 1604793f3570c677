import { createHash, createPublicKey } from 'node:crypto';
import type { ServerFile } from '@aerogram/runtime';

/** What OwpenGram and its forks ask, by plain HTTP on the MTProto port, before they join a server whose address somebody has typed. */
export const OWPENGRAM_INFO = '/owpengram/server-info';
/** The picture that they show beside its name. */
export const OWPENGRAM_PICTURE = '/owpengram/server-icon';
/** What SafeLink asks, by https and with a valid certificate. */
export const SAFELINK_INFO = '/.well-known/safelink-client.json';

/** How a server presents itself. */
export interface ServerFace {
  serverName: string;
  serverDescription: string | undefined;
}

/** What of `server.json` apps need to join; `mtproto` as they reach it. */
export type JoinedServer = Pick<ServerFile, 'dc_id' | 'mtproto' | 'public_keys'>;

/** The answer to {@link OWPENGRAM_INFO}. Pure. These apps keep the first key that they are told, and all of their data centres lead to the address that was typed. */
export function describeForOwpengram({ dc_id, public_keys }: JoinedServer, { serverName, serverDescription }: ServerFace, hasPicture: boolean): Record<string, unknown> {
  return { rsa_public_key_pem: public_keys[0]!.pem, dc_id, name: serverName, description: serverDescription, has_icon: hasPicture };
}

/**
 * SHA-256 of a public key in the form PKCS#1 DER, in hex: people compare it between an app and the page about the server. Pure.
 * @param pem PKCS#1 or SPKI
 */
export function keyHash(pem: string): string {
  return createHash('sha256').update(createPublicKey(pem).export({ type: 'pkcs1', format: 'der' })).digest('hex');
}

/** The fingerprint by which clients of MTProto name a key, as 16 hex digits. Pure. @param fingerprint signed decimal */
const fingerprintDigits = (fingerprint: string): string => BigInt.asUintN(64, BigInt(fingerprint)).toString(16).padStart(16, '0');

/**
 * The answer to {@link SAFELINK_INFO}. Pure. The app shows the hash of the key to the person, and refuses another key later.
 * @param address at which the server is reached: these apps take no name of a host here
 */
export function describeForSafelink({ dc_id, mtproto, public_keys }: JoinedServer, { serverName }: ServerFace, address: string): Record<string, unknown> {
  const { pem, fingerprint } = public_keys[0]!;
  const key = createPublicKey(pem).export({ type: 'pkcs1', format: 'pem' });
  return { version: 1, server_id: keyHash(pem), name: serverName, host: address, port: mtproto.port, dc_id, rsa_public_key: key, rsa_fingerprint: fingerprintDigits(fingerprint) };
}

/** The link that opens OwpenGram and asks whether to join. Pure. */
export function joinLink({ mtproto }: Pick<JoinedServer, 'mtproto'>): string {
  return `owpg://addserver?${new URLSearchParams({ host: mtproto.host, port: String(mtproto.port) })}`;
}
