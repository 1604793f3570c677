import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { makeCertificate } from '@aerogram/link';

const AUTHORITY = 'Aerogram homes';
const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks of homes may differ by nearly this much. */
const BEFORE_MS = 2 * DAY_MS;

/** How long the certificate of a home is good for. A home whose certificate has ended, or that must no longer speak, gets another one with a new ticket. */
const HOME_VALID_MS = 3653 * DAY_MS;

/** The certificate of the authority ends with its key alone. */
const AUTHORITY_VALID = { fromMs: Date.UTC(2020, 0, 1), untilMs: Date.UTC(9999, 11, 31) };

/** A certificate with its private key, both as PEM. */
export interface CertificateAndKey {
  cert: string;
  key: string;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Makes the authority of a community of homes: whoever has its key can speak for each of them, so only the first home keeps it. */
export function createHomeAuthority(): CertificateAndKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = makeCertificate({ subject: AUTHORITY, publicKey, issuer: { name: AUTHORITY, key: privateKey }, valid: AUTHORITY_VALID, isAuthority: true });
  return { cert, key: pemOf(privateKey) };
}

/** The name of a home in its certificate. */
export function homeName(dc: number): string {
  return `home-${dc}`;
}

/** The DC that a name in a certificate says. @returns undefined if it is not the name of a home */
export function dcOfHomeName(name: unknown): number | undefined {
  return typeof name === 'string' && /^home-[1-5]$/.test(name) ? Number(name.slice('home-'.length)) : undefined;
}

/**
 * Makes the certificate by which a home proves to the others which one it is. It is good for ten years.
 * @param authority see {@link createHomeAuthority}
 * @param nowMs milliseconds since 1970
 */
export function issueHomeCertificate(authority: CertificateAndKey, dc: number, nowMs: number = Date.now()): CertificateAndKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name: AUTHORITY, key: createPrivateKey(authority.key) };
  const valid = { fromMs: nowMs - BEFORE_MS, untilMs: nowMs + HOME_VALID_MS };
  return { cert: makeCertificate({ subject: homeName(dc), publicKey, issuer, valid, isAuthority: false }), key: pemOf(privateKey) };
}
