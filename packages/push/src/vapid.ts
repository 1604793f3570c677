import { createECDH, createPrivateKey, type ECDH, type KeyObject } from 'node:crypto';
import { type Clock, RecentMap } from '@aerogram/runtime';

import { signToken } from './signed-token.ts';

/** How long a token says that it is valid, and for how long it is used, in seconds. RFC 8292 allows a day. */
const [VALID_S, USED_S] = [20 * 3600, 12 * 3600];
/** Push services for which a token is kept. */
const ORIGINS_MAX = 1000;

/** By what push services know that notices come from this server (VAPID, RFC 8292). A token is signed once for each service and kept for hours, because signing takes most of the time of a notice. */
export class Vapid {
  /** The key with which browsers subscribe: a point on P-256, in base64url. */
  readonly publicKey: string;
  readonly #key: KeyObject;
  readonly #subject: string;
  readonly #clock: Clock;
  readonly #tokens = new RecentMap<string, { token: string; untilDate: number }>(ORIGINS_MAX);

  /** @param options.secret 32 bytes @param options.subject how the operator of this server can be reached: an address that begins with `https:` or `mailto:` */
  constructor({ secret, subject, clock }: { secret: Uint8Array; subject: string; clock: Clock }) {
    const ecdh = keyPairOf(secret);
    const point = ecdh.getPublicKey();
    this.publicKey = point.toString('base64url');
    this.#key = createPrivateKey({
      format: 'jwk',
      key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url'), d: ecdh.getPrivateKey().toString('base64url').padStart(43, 'A') },
    });
    this.#subject = subject;
    this.#clock = clock;
  }

  /** The token for a push service. @param origin of its address */
  tokenFor(origin: string): string {
    const nowDate = this.#clock.now();
    const known = this.#tokens.get(origin);
    if (known && known.untilDate > nowDate) return known.token;
    const token = signToken('ES256', this.#key, { aud: origin, exp: nowDate + VALID_S, sub: this.#subject });
    this.#tokens.set(origin, { token, untilDate: nowDate + USED_S });
    return token;
  }
}

/** The key pair of 32 secret bytes. Nearly all of them are a valid key; of others the last byte is changed. */
function keyPairOf(secret: Uint8Array): ECDH {
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(Buffer.from(secret));
  } catch {
    ecdh.setPrivateKey(Buffer.from(secret).fill(1, 0, 1));
  }
  return ecdh;
}
