import type { Endpoint } from '@aerogram/runtime';
import { readRsaPublicKey } from '@aerogram/crypto';
import { type ClientKey, makeKey } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { decode, encode, type tl } from '@aerogram/tl';
import { isAt } from './file-load.ts';
import type { Outcome } from './outcome.ts';
import { type Transfer, transferParts } from './part-client.ts';

/** A file at a node, whose ciphertext is the content that the generator knows by its number. */
export interface CdnLoad {
  node: Endpoint;
  publicKeyPem: string;
  /** File token in hex. */
  token: string;
  file: number;
  /** Length of the file. */
  bytes: number;
}

/** Keys with nodes, by address: one client asks again and again. */
const keys = new Map<string, Promise<ClientKey>>();

function keyWith({ node, publicKeyPem }: CdnLoad): Promise<ClientKey> {
  const name = `${node.host}:${node.port}`;
  let key = keys.get(name);
  if (!key) keys.set(name, (key = makeKey({ ...node, transport: 'tcp', random: systemRandom, publicKeys: [readRsaPublicKey(publicKeyPem)], dc: 203 })));
  return key;
}

/** Loads parts of a file from a node, from its beginning to its end and again. */
export async function transferFromNode(load: CdnLoad, transfer: Transfer): Promise<Outcome> {
  const { node, file, bytes } = load;
  const { bytes: limit } = transfer;
  const file_token = Buffer.from(load.token, 'hex');
  const clientKey = await keyWith(load);
  return transferParts(transfer, (first) => {
    let part = first;
    const next = (): { body: Uint8Array; isRight(answer: Uint8Array): boolean } => {
      const offset = (part++ * limit) % bytes;
      return {
        body: encode({ _: 'upload.getCdnFile', file_token, offset: BigInt(offset), limit }),
        isRight(answer) {
          const got = decode(answer) as tl.upload.CdnFile;
          return got._ === 'upload.cdnFile' && got.bytes.length === limit && isAt(file, offset, got.bytes);
        },
      };
    };
    return { ...node, clientKey, next };
  });
}
