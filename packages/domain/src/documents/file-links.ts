import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { loadSecretKeys, type SecretKeyDeps } from '../peers/index.ts';
import { createKeyedMac } from '../shared/index.ts';
import { findDocuments } from './document-store.ts';

/** Name of the secret keys of the links. */
export const FILE_LINK_KEYS = 'file_link';

/** The longest time for which a link may be valid, in seconds. */
export const FILE_LINK_MAX_S = 7 * 86_400;

/** Length of what the MAC of a link covers: key version (1), document id (8), date until which the link is valid (4); integers are big-endian. */
const BODY_BYTES = 13;
/** The same for the link of a bot, which ends with the type of a size of a photo (1), or 0. */
const BOT_BODY_BYTES = BODY_BYTES + 1;
/** Length of the MAC at the end of a link. */
const MAC_BYTES = 16;

/** A document or photo, or one of its sizes. */
export interface NamedPart {
  documentId: bigint;
  /** The type of a size of a photo, or of a thumbnail of a document; '' for the document itself. */
  sizeType: string;
}

/** What a token opens. */
export interface OpenedLink {
  documentId: bigint;
  /** How long the token is still valid, in seconds. */
  seconds: number;
}

/**
 * Tokens of links by which anybody may load a document over HTTP until a date. The server gives one only to somebody who may read the document; it stays valid until its date,
 * whatever happens to the message.
 */
export interface FileLinks {
  /**
   * @param untilDate unix seconds
   * @throws RangeError if that is more than a week from now
   */
  of(documentId: bigint, untilDate: number): string;
  /** What a token opens; undefined if the token is not ours, is not valid any more, or would be valid for more than a week from now. */
  open(token: string): OpenedLink | undefined;
  /**
   * The same for a link by which one bot may load a file.
   * @throws RangeError if it would be valid for more than a week
   */
  ofBot(botId: bigint, part: NamedPart, untilDate: number): string;
  /** What a token of a bot opens, as {@link FileLinks.open}; undefined also if it is another bot's. */
  openOfBot(botId: bigint, token: string): (NamedPart & OpenedLink) | undefined;
}

/**
 * Creates the tokens.
 * @param keys 32-byte keys by version (0–255); new tokens use the highest version
 */
export function createFileLinks(clock: Pick<Clock, 'now'>, keys: ReadonlyMap<number, Uint8Array>): FileLinks {
  const mac = createKeyedMac(keys, MAC_BYTES);

  /** @param holder what the MAC covers besides, which the token does not contain */
  const make = (documentId: bigint, untilDate: number, tail: Uint8Array, holder: Uint8Array): string => {
    if (untilDate > clock.now() + FILE_LINK_MAX_S) throw new RangeError('a link to a file is valid for a week at most');
    const body = Buffer.alloc(BODY_BYTES + tail.length);
    body[0] = mac.newest;
    body.writeBigInt64BE(documentId, 1);
    body.writeUInt32BE(untilDate, 9);
    body.set(tail, BODY_BYTES);
    return Buffer.concat([body, mac.of(body, holder)]).toString('base64url');
  };

  const read = (token: string, bodyBytes: number, holder: Uint8Array): { body: Buffer; link: OpenedLink } | undefined => {
    const all = Buffer.from(token, 'base64url');
    // The last character has bits that mean nothing; each document and date has one link only.
    if (all.length !== bodyBytes + MAC_BYTES || all.toString('base64url') !== token) return undefined;
    const body = all.subarray(0, bodyBytes);
    if (!mac.matches(body[0]!, all.subarray(bodyBytes), body, holder)) return undefined;
    const seconds = body.readUInt32BE(9) - clock.now();
    return seconds > 0 && seconds <= FILE_LINK_MAX_S ? { body, link: { documentId: body.readBigInt64BE(1), seconds } } : undefined;
  };

  return {
    of: (documentId, untilDate) => make(documentId, untilDate, new Uint8Array(), new Uint8Array()),
    open: (token) => read(token, BODY_BYTES, new Uint8Array())?.link,
    ofBot: (botId, { documentId, sizeType }, untilDate) => make(documentId, untilDate, Uint8Array.of(sizeType.charCodeAt(0) || 0), bytesOf(botId)),
    openOfBot(botId, token) {
      const opened = read(token, BOT_BODY_BYTES, bytesOf(botId));
      const type = opened?.body[BODY_BYTES] ?? 0;
      return opened && { ...opened.link, sizeType: type === 0 ? '' : String.fromCharCode(type) };
    },
  };
}

function bytesOf(id: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(id);
  return bytes;
}

/**
 * Creates a link to a document, for an operator who has to look at it.
 * @param untilDate unix seconds
 * @returns its token; undefined if there is no such document
 * @throws RangeError if it would be valid for more than a week
 */
export async function doCreateFileLink(deps: SecretKeyDeps & { db: Pick<Database, 'run'> }, documentId: bigint, untilDate: number): Promise<string | undefined> {
  if (!(await findDocuments(deps.db, [documentId])).has(documentId)) return undefined;
  return createFileLinks(deps.clock, await loadSecretKeys(deps, FILE_LINK_KEYS)).of(documentId, untilDate);
}
