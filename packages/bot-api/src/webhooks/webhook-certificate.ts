import { X509Certificate } from 'node:crypto';

import { badRequest } from '../bot-error.ts';
import { badWebhook } from './webhook-url.ts';

/** Longest file of certificates, in bytes. */
export const CERTIFICATE_BYTES_MAX = 65_536;

/** The most certificates in a file: that of the server, and those of who has signed it. */
const CERTIFICATES_MAX = 10;

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * Checks the length of a file of certificates. Pure.
 * @throws BotError 400
 */
export function checkCertificateSize(bytes: number): void {
  if (bytes > CERTIFICATE_BYTES_MAX) throw badRequest(`certificate size is too big (${bytes} bytes)`);
}

/**
 * Reads the certificates in a PEM file, and writes them anew: nothing else of the file is kept, such as a private key. Pure.
 * @throws BotError 400
 */
export function readCertificates(pem: string): string {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0 || blocks.length > CERTIFICATES_MAX) throw badWebhook('the certificate is no PEM file');
  try {
    return blocks.map((block) => new X509Certificate(block).toString()).join('');
  } catch {
    throw badWebhook('the certificate is no PEM file');
  }
}

/** The certificates of a PEM file that {@link readCertificates} has written, as DER. */
export function derOf(pem: string): Uint8Array[] {
  return (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block).raw);
}
