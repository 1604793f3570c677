import { createECDH } from 'node:crypto';
import { openWebPushToken, type PushEnvelope } from '@aerogram/domain';
import type { PostRequest } from '@aerogram/web-fetch';
import { encrypt } from 'http_ece';

import type { Vapid } from './vapid.ts';

/** Most bytes of an encrypted body that push services take. */
const BODY_MAX = 4096;
/** Lengths of payloads are rounded up to a multiple of this, in bytes, so that they tell little. */
const STEP = 64;

/** A browser's push service. Gateways of phones whose path ends so know only the older encoding. */
const OLDER = '/aesgcm';

/**
 * Writes the request by which a browser's push service gets a notice (RFC 8030, 8291).
 * @param bodies payloads, the best one first; the first that fits is taken
 */
export function writeWebPush(token: string, bodies: readonly string[], { collapse, isUrgent, ttlS }: PushEnvelope, vapid: Vapid): PostRequest {
  const { endpoint, p256dh, auth } = openWebPushToken(token);
  const url = new URL(endpoint);
  const path = url.pathname + url.search;
  const jwt = vapid.tokenFor(url.origin);
  const common = { ttl: String(ttlS), urgency: isUrgent ? 'high' : 'normal', topic: collapse, 'content-type': 'application/octet-stream' };
  const privateKey = createECDH('prime256v1');
  const point = privateKey.generateKeys();
  const body = Buffer.from(bodies.find((one) => roomFor(one) <= BODY_MAX) ?? bodies.at(-1)!);
  const pad = (STEP - (body.length % STEP)) % STEP;
  if (!url.pathname.endsWith(OLDER)) {
    const headers = { ...common, 'content-encoding': 'aes128gcm', authorization: `vapid t=${jwt}, k=${vapid.publicKey}` };
    return { method: 'POST', path, headers, body: encrypt(body, { version: 'aes128gcm', privateKey, dh: p256dh, authSecret: auth, pad, rs: BODY_MAX }) };
  }
  const salt = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  const headers = {
    ...common,
    'content-encoding': 'aesgcm',
    encryption: `salt=${salt}`,
    'crypto-key': `dh=${point.toString('base64url')};p256ecdsa=${vapid.publicKey}`,
    authorization: `WebPush ${jwt}`,
  };
  return { method: 'POST', path, headers, body: encrypt(body, { version: 'aesgcm', privateKey, dh: p256dh, authSecret: auth, salt, pad, rs: BODY_MAX }) };
}

/** The length of an encrypted body with its padding: header, delimiter, tag. */
const roomFor = (text: string): number => Math.ceil(Buffer.byteLength(text) / STEP) * STEP + 86 + 2 + 16;
