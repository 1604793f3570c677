import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import type { DomainConfig } from '../shared/index.ts';

/** The answer of an authenticator, with the client data that it signed. */
export interface PasskeyAnswer<R extends tl.InputPasskeyResponse['_']> {
  credentialId: string;
  response: Extract<tl.InputPasskeyResponse, { _: R }>;
  /** The signed client data, in base64url. */
  clientDataJSON: string;
  challenge: string;
  origin: string;
}

/** The format of ids and challenges. */
export const BASE64URL = /^[\w-]{1,2048}$/;

/** Encodes bytes as in WebAuthn's JSON forms. */
export function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * Parses a credential from a client and checks that its origin is allowed to use this server's passkeys.
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
    // The cast is safe: the kind was compared above.
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
