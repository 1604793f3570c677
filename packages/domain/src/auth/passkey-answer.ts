import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import type { DomainConfig } from '../shared/index.ts';

/** What an authenticator answered, and what it says it answered to. */
export interface PasskeyAnswer<R extends tl.InputPasskeyResponse['_']> {
  credentialId: string;
  response: Extract<tl.InputPasskeyResponse, { _: R }>;
  /** The client data as it was signed, base64url. */
  clientDataJSON: string;
  challenge: string;
  origin: string;
}

/** What ids and challenges are written in. */
export const BASE64URL = /^[\w-]{1,2048}$/;

/** Bytes as WebAuthn's JSON forms have them. */
export function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * Reads a credential that a client sent, and checks that it comes from a place where this server's passkeys are used.
 * @throws RpcError 400 CREDENTIAL_INVALID, PASSKEY_ORIGIN_MISMATCH
 */
export function readPasskeyAnswer<R extends tl.InputPasskeyResponse['_']>(
  config: Pick<DomainConfig, 'passkeyDomain' | 'passkeyOrigins'>,
  credential: tl.InputPasskeyCredential,
  kind: R,
): PasskeyAnswer<R> {
  if (credential._ !== 'inputPasskeyCredentialPublicKey' || credential.response._ !== kind) throw rpcError('CREDENTIAL_INVALID');
  const { response, id } = credential;
  const { challenge, origin } = readClientData(response.client_data.data);
  if (!isKnownOrigin(config, origin)) throw rpcError('PASSKEY_ORIGIN_MISMATCH');
  return {
    credentialId: id.replaceAll('=', ''),
    // Its kind was compared a moment ago.
    response: response as PasskeyAnswer<R>['response'],
    clientDataJSON: Buffer.from(response.client_data.data).toString('base64url'),
    challenge,
    origin,
  };
}

function readClientData(text: string): { challenge: string; origin: string } {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === 'object' && data !== null && 'challenge' in data && 'origin' in data) {
      const { challenge, origin } = data;
      if (typeof challenge === 'string' && typeof origin === 'string' && BASE64URL.test(challenge)) return { challenge, origin };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw rpcError('CREDENTIAL_INVALID');
}

function isKnownOrigin({ passkeyDomain, passkeyOrigins }: Pick<DomainConfig, 'passkeyDomain' | 'passkeyOrigins'>, origin: string): boolean {
  if (passkeyOrigins.includes(origin) || origin === `https://${passkeyDomain}`) return true;
  return passkeyDomain === 'localhost' && /^https?:\/\/localhost(?::\d{1,5})?$/.test(origin);
}
