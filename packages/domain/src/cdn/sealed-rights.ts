import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

import { type Random, RecentMap } from '@aerogram/runtime';

import type { SourceName } from '../files/index.ts';
import type { PostedFile } from './cdn-file-store.ts';

/** What the server tells itself in a file token: who has got it, for which node and epoch, and from which post the right comes. */
export interface SealedRight extends PostedFile, Pick<SourceName, 'kind' | 'sizeType'> {
  userId: bigint;
  /** DC id of the node. */
  dc: number;
  epoch: number;
  /** Unix seconds; equal to that of the token. */
  expires_date: number;
}

const VERSION_BYTES = 1;
const DAY_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = VERSION_BYTES + DAY_BYTES;
const BODY_BYTES = 41;
const MAX_SIZE_TYPE_BYTES = 16;
const DAY_S = 86_400;
/** Keys that are kept; a node could otherwise make the server derive one for each token. */
const KEYS_MAX = 8;

const KINDS = ['document', 'photo'] as const;

/**
 * The part of file tokens that only this server can read or make: AES-256-GCM with a key of its own for each day, so that random nonces never
 * repeat. A node can make whole tokens, except for this part.
 */
export class SealedRights {
  readonly #secrets: ReadonlyMap<number, Uint8Array>;
  readonly #random: Pick<Random, 'bytes'>;
  readonly #keys = new RecentMap<string, Uint8Array>(KEYS_MAX);

  /** @param secrets 32-byte secrets by version (0–255); new tokens use the highest version */
  constructor(secrets: ReadonlyMap<number, Uint8Array>, random: Pick<Random, 'bytes'>) {
    this.#secrets = secrets;
    this.#random = random;
  }

  /** Seals a right. @param now Unix seconds */
  seal(right: SealedRight, now: number): Uint8Array {
    const version = newestOf(this.#secrets);
    const head = Buffer.alloc(HEAD_BYTES);
    head[0] = version;
    head.writeUInt32BE(Math.floor(now / DAY_S), VERSION_BYTES);
    const nonce = this.#random.bytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(version, head)!, nonce);
    cipher.setAAD(head);
    return Buffer.concat([head, nonce, cipher.update(write(right)), cipher.final(), cipher.getAuthTag()]);
  }

  /** Opens what `seal` has made. @returns undefined for anything else; otherwise with the version of the secret */
  open(sealed: Uint8Array): (SealedRight & { version: number }) | undefined {
    if (sealed.length < HEAD_BYTES + NONCE_BYTES + BODY_BYTES + TAG_BYTES) return undefined;
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
    const head = bytes.subarray(0, HEAD_BYTES);
    const version = head[0]!;
    const key = this.#keyOf(version, head);
    if (key === undefined) return undefined;
    const bodyAt = HEAD_BYTES + NONCE_BYTES;
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(HEAD_BYTES, bodyAt), { authTagLength: TAG_BYTES });
    cipher.setAAD(head).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return { ...read(Buffer.concat([cipher.update(bytes.subarray(bodyAt, -TAG_BYTES)), cipher.final()])), version };
    } catch {
      // Somebody else made it.
      return undefined;
    }
  }

  #keyOf(version: number, head: Buffer): Uint8Array | undefined {
    const secret = this.#secrets.get(version);
    if (secret === undefined) return undefined;
    const name = head.toString('hex');
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = new Uint8Array(hkdfSync('sha256', secret, head, 'aerogram cdn sealed right', 32));
    this.#keys.set(name, key);
    return key;
  }
}

/** The version of the secret that is used for what is made now. */
export function newestOf(secrets: ReadonlyMap<number, Uint8Array>): number {
  return Math.max(...secrets.keys());
}

function write({ kind, documentId, channelId, msgId, epoch, dc, expires_date, userId, sizeType }: SealedRight): Buffer {
  const type = Buffer.from(sizeType);
  if (type.length > MAX_SIZE_TYPE_BYTES) throw new RangeError('no size of a photo has so long a name');
  const body = Buffer.alloc(BODY_BYTES);
  body[0] = KINDS.indexOf(kind);
  body.writeBigInt64BE(documentId, 1);
  body.writeBigInt64BE(channelId, 9);
  body.writeUInt32BE(msgId, 17);
  body.writeUInt32BE(epoch, 21);
  body.writeUInt32BE(dc, 25);
  body.writeUInt32BE(expires_date, 29);
  body.writeBigInt64BE(userId, 33);
  return Buffer.concat([body, type]);
}

function read(body: Buffer): SealedRight {
  return {
    kind: KINDS[body[0]!]!,
    documentId: body.readBigInt64BE(1),
    channelId: body.readBigInt64BE(9),
    msgId: body.readUInt32BE(17),
    epoch: body.readUInt32BE(21),
    dc: body.readUInt32BE(25),
    expires_date: body.readUInt32BE(29),
    userId: body.readBigInt64BE(33),
    sizeType: body.toString('utf8', BODY_BYTES),
  };
}
