import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The secret in the header `Authorization: Bearer <secret>` of a request; undefined without one. */
export function bearerSecret({ headers: { authorization } }: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
}

/** Compares hashes, so that the time taken reveals neither content nor length. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
