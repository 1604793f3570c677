import type { tl } from '@aerogram/tl';

import { createKeyedMac } from '../shared/index.ts';
import { loadSecretKeys, type SecretKeyDeps } from '../peers/index.ts';

/** Name of the secret keys of the signatures. */
const KEYS = 'web_file';
/** An access hash has so many bytes. All of them are the code. */
const MAC_BYTES = 8;

/** A file of another site. */
export interface SignedFile {
  /** http or https. */
  url: string;
  /** Bytes, as far as they are known. */
  size: number;
  mimeType: string;
  attributes: tl.DocumentAttribute[];
}

/** Signs URLs, so that this server fetches for its users only what it has chosen itself. */
export interface WebFileSigner {
  /** The file with an access hash by which clients may load it through this server. It is the same for all of them, and does not expire. */
  sign(file: SignedFile): tl.webDocument;
  /** Whether an access hash was made for this URL. */
  matches(url: string, accessHash: bigint): boolean;
}

/** Creates the signer from the keys in the database, and the first of these on the first start. */
export async function loadWebFileSigner(deps: SecretKeyDeps): Promise<WebFileSigner> {
  const keys = await loadSecretKeys(deps, KEYS);
  const mac = createKeyedMac(keys, MAC_BYTES);
  return {
    sign: ({ url, size, mimeType, attributes }) => ({ _: 'webDocument', url, access_hash: mac.of(Buffer.from(url)).readBigInt64BE(), size, mime_type: mimeType, attributes }),
    matches(url, accessHash) {
      const claimed = Buffer.alloc(MAC_BYTES);
      claimed.writeBigInt64BE(accessHash);
      return [...keys.keys()].some((version) => mac.matches(version, claimed, Buffer.from(url)));
    },
  };
}
