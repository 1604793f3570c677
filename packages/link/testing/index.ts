import { generateKeyPairSync } from 'node:crypto';
import { makeCertificate } from '../src/certificates/make-certificate.ts';

const DAY_MS = 86_400_000;

/** Makes a certificate that signs itself, and its key, both as PEM. */
export function makeOwnCertificate(subject: string): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const valid = { fromMs: Date.now() - DAY_MS, untilMs: Date.now() + DAY_MS };
  const cert = makeCertificate({ subject, publicKey, issuer: { name: subject, key: privateKey }, isAuthority: false, valid });
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
