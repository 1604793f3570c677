import type { DomainDeps } from '../shared/index.ts';

type Keys = DomainDeps['fileStorage']['keys'];
type OfClient = { oidcClientId: string | undefined };

/** Encrypts a refresh token, together with the id that the server has at the provider. Pure but for the nonce. */
export const sealToken = (keys: Pick<Keys, 'wrap'>, { oidcClientId }: OfClient, token: string): Uint8Array => keys.wrap(Buffer.from(JSON.stringify([oidcClientId, token])));

/**
 * Decrypts a refresh token.
 * @returns undefined if the server had another id when it got the token
 * @throws MasterKeyMissing, BlobKeyUnreadable
 */
export async function openToken(keys: Pick<Keys, 'unwrap'>, { oidcClientId }: OfClient, sealed: Uint8Array): Promise<string | undefined> {
  const [clientId, token] = JSON.parse(Buffer.from(await keys.unwrap(sealed)).toString()) as [string, string];
  return clientId === oidcClientId ? token : undefined;
}
