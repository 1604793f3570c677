import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { makeCertificate } from '@aerogram/link';

const AUTHORITY = 'Aerogram homes';
const DAY_S = 24 * 60 * 60;
/** Clocks of homes may differ by nearly this much, in seconds. */
const BEFORE_S = 2 * DAY_S;

/** How long the certificate of a home is good for, in seconds. A home whose certificate has ended or was revoked gets another one with a new ticket. */
const HOME_VALID_S = 3653 * DAY_S;

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
 * The second with which the next certificate of a home begins. By it the others tell certificates that were revoked from those that are good.
 * @param now seconds since 1970
 * @param goodFrom with which the oldest certificate of the home begins that was not revoked; 0 if none was
 * @param revokes whether this certificate revokes all before it. Then it begins later than each of them, also than one of the same second
 */
export function nextCertificateStart(now: number, goodFrom = 0, revokes = false): number {
  return Math.max(now - BEFORE_S, goodFrom) + (revokes ? 1 : 0);
}

/** The second with which a certificate begins. @param validFrom as X.509 libraries write it, such as `Nov 28 08:00:00 2026 GMT`. NaN if it is no date */
export function startOfValidity(validFrom: string): number {
  return Date.parse(validFrom) / 1000;
}

/** The second with which a certificate begins. @param cert as PEM @throws Error if it is none */
export function certificateStart(cert: string): number {
  return startOfValidity(new X509Certificate(cert).validFrom);
}

/**
 * Makes the certificate by which a home proves to the others which one it is. It is good for ten years.
 * @param authority see {@link createHomeAuthority}
 * @param start see {@link nextCertificateStart}
 */
export function issueHomeCertificate(authority: CertificateAndKey, dc: number, start: number): CertificateAndKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name: AUTHORITY, key: createPrivateKey(authority.key) };
  const valid = { fromMs: start * 1000, untilMs: (start + BEFORE_S + HOME_VALID_S) * 1000 };
  return { cert: makeCertificate({ subject: homeName(dc), publicKey, issuer, valid, isAuthority: false }), key: pemOf(privateKey) };
}
