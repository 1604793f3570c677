import { createHash } from 'node:crypto';
import { sealMessage } from '@aerogram/crypto';
import type { Random } from '@aerogram/runtime';

/** Least bytes of padding, and the block size of the cipher. */
const [PADDING_MIN, BLOCK] = [12, 16];

/**
 * Encrypts a payload with the secret that an app gave with its token, as MTProto 2.0 encrypts messages to a client, so that push services learn nothing of it.
 * Pure but for the padding. See https://core.telegram.org/api/push-updates#mtproto-encryption
 * @param secret 256 bytes
 * @returns in base64url
 */
export function sealPayload(secret: Uint8Array, json: string, random: Random): string {
  const body = Buffer.from(json);
  const padded = Buffer.from(random.bytes(Math.ceil((4 + body.length + PADDING_MIN) / BLOCK) * BLOCK));
  padded.writeInt32LE(body.length, 0);
  padded.set(body, 4);
  const keyId = createHash('sha1').update(secret).digest().subarray(-8);
  return Buffer.from(sealMessage(secret, keyId, padded, 'to-client')).toString('base64url');
}

/** A sealed payload in the form in which apps read it from Web Push, as JSON. See {@link sealPayload}. */
export const sealNotice = (secret: Uint8Array, json: string, random: Random): string => JSON.stringify({ p: sealPayload(secret, json, random) });
