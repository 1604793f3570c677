import { constants, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import type { Clock, TimerHandle } from '@aerogram/runtime';
import { makeCertificate } from './make-certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks of nodes may differ by nearly this much. */
const BEFORE_MS = 2 * DAY_MS;

const LIFETIME_MS = 7 * DAY_MS;
const RENEW_AFTER_MS = DAY_MS;
const LOOK_EVERY_MS = 60 * 60 * 1000;
const AUTHORITY = 'Aerogram cluster';
/** The certificate of the authority differs from node to node, its name and key do not, and these are what is verified. So it ends with the key alone. */
const AUTHORITY_VALID = { fromMs: Date.UTC(2020, 0, 1), untilMs: Date.UTC(9999, 11, 31) };

/**
 * The certificate by which a node proves its name to others, signed with the key of the cluster that each of them has. It is made at the start
 * for a week, and made anew each day; connections that stand are not touched by that.
 */
export class LinkCertificates implements Disposable {
  readonly #name: string;
  readonly #clusterKey: KeyObject;
  readonly #clock: Clock;
  readonly #authority: string;
  readonly #looks: TimerHandle;
  readonly #listeners = new Set<() => void>();
  #madeMs = 0;
  #leaf!: { cert: string; key: string };

  /**
   * @param options.name of this node: 1 to 64 characters of ASCII without spaces
   * @param options.clusterKey see openClusterKey
   */
  constructor({ name, clusterKey, clock }: { name: string; clusterKey: KeyObject; clock: Clock }) {
    if (!/^[\x21-\x7e]{1,64}$/.test(name)) throw new Error('a name of a node has 1 to 64 characters of ASCII, without spaces');
    this.#name = name;
    this.#clusterKey = clusterKey;
    this.#clock = clock;
    this.#authority = makeCertificate({
      subject: AUTHORITY, publicKey: createPublicKey(clusterKey), issuer: { name: AUTHORITY, key: clusterKey }, valid: AUTHORITY_VALID, isAuthority: true,
    });
    this.#make();
    this.#looks = clock.setInterval(() => this.#renew(), LOOK_EVERY_MS);
  }

  /** Whose certificates these are. */
  get name(): string {
    return this.#name;
  }

  /** What the next connection has to be made with, at either end: TLS 1.3, the own certificate, and whom to believe. */
  get options(): SecureContextOptions {
    return {
      ...this.#leaf, ca: this.#authority, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3',
      // Whoever comes back shows a certificate again.
      secureOptions: constants.SSL_OP_NO_TICKET,
    };
  }

  /** Calls `listener` after each renewal, until the certificates are disposed. */
  onRenewal(listener: () => void): void {
    this.#listeners.add(listener);
  }

  [Symbol.dispose](): void {
    this.#looks.cancel();
    this.#listeners.clear();
  }

  #renew(): void {
    // A clock that went back may stand before the certificate begins.
    if (Math.abs(this.#clock.nowMs() - this.#madeMs) < RENEW_AFTER_MS) return;
    this.#make();
    for (const listener of this.#listeners) listener();
  }

  #make(): void {
    const nowMs = this.#clock.nowMs();
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const cert = makeCertificate({
      subject: this.#name, publicKey, issuer: { name: AUTHORITY, key: this.#clusterKey }, isAuthority: false,
      valid: { fromMs: nowMs - BEFORE_MS, untilMs: nowMs + LIFETIME_MS },
    });
    this.#leaf = { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    this.#madeMs = nowMs;
  }
}
