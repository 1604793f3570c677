declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  /** Encrypts a body for a push service (RFC 8188). */
  export function encrypt(body: Buffer, params: { version: 'aes128gcm' | 'aesgcm'; privateKey: ECDH; dh: string; authSecret: string; salt?: string; pad?: number; rs?: number }): Buffer;
  export function decrypt(body: Buffer, params: { version: 'aes128gcm' | 'aesgcm'; privateKey: ECDH; dh?: string; authSecret: string; salt?: string }): Buffer;
}
