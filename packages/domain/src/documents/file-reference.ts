import type { Clock } from '@aerogram/runtime';

import { createKeyedMac } from '../shared/index.ts';

/** Where a client got a document from. Who may read the origin may read the file. */
export type FileOrigin =
  /** A message in the box of whoever presents the reference. */
  | { kind: 'message'; msgId: number }
  /** A post of a channel, by its plain id. */
  | { kind: 'post'; channelId: bigint; msgId: number }
  /** A message that whoever presents the reference has scheduled for a peer, given by its marked id. */
  | { kind: 'scheduled'; peerId: bigint; msgId: number }
  /** A copy of a post, by its id, in the admin log of a channel. */
  | { kind: 'log'; channelId: bigint; msgId: number }
  /** A list of documents that a user keeps, by the number of {@link KeptList}. */
  | { kind: 'kept'; ownerId: bigint; list: number }
  /** A wallpaper, which whoever has its link may load. */
  | { kind: 'wallpaper'; wallpaperId: bigint }
  /** What an invite link shows of a group or channel. The reference holds the link itself, so whoever has the one has the other. */
  | { kind: 'invite'; /** The last part of the link, as `newInviteHash` makes it. */ hash: string }
  /** A link preview, which whoever was shown it may load as long as the page is cached. */
  | { kind: 'page'; pageId: bigint }
  /** The results of an inline bot, which whoever was shown them may load as long as they can be sent. */
  | { kind: 'inline'; setId: bigint }
  /** A sticker set, which whoever has its name may read; what has left it stays readable. */
  | { kind: 'set'; setId: bigint }
  /** A file that the bot who presents the reference has uploaded or used, by its own id. */
  | { kind: 'bot'; fileId: bigint }
  /** An upload of whoever presents the reference. */
  | { kind: 'upload' };

/** First byte of a reference. References are kept by clients for a day, so the numbers must not change meaning. 1 is for bundled documents. */
const KIND = { message: 2, post: 3, scheduled: 4, upload: 5, log: 6, kept: 7, wallpaper: 8, invite: 9, page: 10, inline: 11, bot: 12, set: 13 } as const;

/** How long a reference is valid, in seconds. It is valid for up to one hour longer, because it holds a number of hours. */
const VALID_S = 24 * 3600;

const HOUR_S = 3600;
/** Where a reference says the place of its file, after kind (1), key version (1) and hour (4); integers are big-endian. */
const PLACE_OFFSET = 6;
/** Length of what the MAC of a reference covers: the place is a message id or list (4) and a peer (8), or an invite link instead of both. */
const BODY_BYTES = 18;
/** Length of the MAC at the end of a reference. */
const MAC_BYTES = 8;

/** What a reference says, once its MAC was checked. */
export type OpenedReference = { state: 'valid'; origin: FileOrigin } | { state: 'expired' } | { state: 'invalid' } | { state: 'empty' };

/**
 * File references (core.telegram.org/api/file_reference): they name the origin of a document, and are valid for a day. They are the same for all
 * viewers of a post. A reference alone gives no access: the caller also needs the right to read the origin.
 */
export interface FileReferences {
  /** The reference of a document that a client gets from this origin now. */
  of(documentId: bigint, origin: FileOrigin): Uint8Array;
  /** Reads a reference that a client presents. */
  open(documentId: bigint, reference: Uint8Array): OpenedReference;
}

/**
 * Creates the references.
 * @param keys 32-byte keys by version (0–255); new references use the highest version
 */
export function createFileReferences(clock: Pick<Clock, 'now'>, keys: ReadonlyMap<number, Uint8Array>): FileReferences {
  const mac = createKeyedMac(keys, MAC_BYTES);
  return {
    of(documentId, origin) {
      const body = Buffer.alloc(BODY_BYTES);
      body[0] = KIND[origin.kind];
      body[1] = mac.newest;
      body.writeUInt32BE(Math.floor(clock.now() / HOUR_S), 2);
      if ('msgId' in origin) body.writeUInt32BE(origin.msgId, 6);
      if ('channelId' in origin) body.writeBigInt64BE(origin.channelId, 10);
      if (origin.kind === 'kept') {
        body.writeUInt32BE(origin.list, 6);
        body.writeBigInt64BE(origin.ownerId, 10);
      }
      if (origin.kind === 'wallpaper') body.writeBigInt64BE(origin.wallpaperId, 10);
      if (origin.kind === 'invite') body.write(origin.hash, PLACE_OFFSET, 'base64url');
      if ('setId' in origin) body.writeBigInt64BE(origin.setId, 10);
      if (origin.kind === 'bot') body.writeBigInt64BE(origin.fileId, 10);
      if (origin.kind === 'page') body.writeBigInt64BE(origin.pageId, 10);
      if (origin.kind === 'scheduled') body.writeBigInt64BE(origin.peerId, 10);
      return Buffer.concat([body, mac.of(bytesOf(documentId), body)]);
    },
    open(documentId, reference) {
      if (reference.length === 0) return { state: 'empty' };
      if (reference.length !== BODY_BYTES + MAC_BYTES) return { state: 'invalid' };
      const all = Buffer.from(reference.buffer, reference.byteOffset, reference.length);
      const body = all.subarray(0, BODY_BYTES);
      if (!mac.matches(body[1]!, all.subarray(BODY_BYTES), bytesOf(documentId), body)) return { state: 'invalid' };
      const origin = originOf(body);
      if (origin === undefined) return { state: 'invalid' };
      const age = clock.now() - body.readUInt32BE(2) * HOUR_S;
      return age < VALID_S + HOUR_S ? { state: 'valid', origin } : { state: 'expired' };
    },
  };
}

function bytesOf(documentId: bigint): Buffer {
  const id = Buffer.allocUnsafe(8);
  id.writeBigInt64BE(documentId);
  return id;
}

function originOf(body: Buffer): FileOrigin | undefined {
  const msgId = body.readUInt32BE(6);
  const peer = body.readBigInt64BE(10);
  switch (body[0]) {
    case KIND.message:
      return { kind: 'message', msgId };
    case KIND.post:
      return { kind: 'post', channelId: peer, msgId };
    case KIND.scheduled:
      return { kind: 'scheduled', peerId: peer, msgId };
    case KIND.log:
      return { kind: 'log', channelId: peer, msgId };
    case KIND.kept:
      return { kind: 'kept', ownerId: peer, list: msgId };
    case KIND.inline:
      return { kind: 'inline', setId: peer };
    case KIND.set:
      return { kind: 'set', setId: peer };
    case KIND.wallpaper:
      return { kind: 'wallpaper', wallpaperId: peer };
    case KIND.invite:
      return { kind: 'invite', hash: body.toString('base64url', PLACE_OFFSET) };
    case KIND.page:
      return { kind: 'page', pageId: peer };
    case KIND.bot:
      return { kind: 'bot', fileId: peer };
    case KIND.upload:
      return { kind: 'upload' };
    default:
      return undefined;
  }
}
