import { createDecipheriv, createHash, randomBytes } from 'node:crypto';

import type { CdnNodes, KnownNode, PushedWindow, PushOutcome } from '@aerogram/cdn-origin';
import { deriveNodeKeys, locatePart, readFileToken, writeRequestToken } from '@aerogram/cdn-protocol';
import { type Clock, systemClock } from '@aerogram/runtime';
import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';

import type { RpcWorld } from './rpc-world.ts';

export const MIB = 1_048_576;
export const BLOCK = 131_072;

/** The machine's clock, which a test can set forward. */
export function createMovedClock(): Clock & { move(seconds: number): void } {
  let shiftS = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + shiftS,
    monotonicMs: () => systemClock.monotonicMs() + shiftS * 1000,
    move(seconds) {
      shiftS += seconds;
    },
  };
}

const REGIONS = ['DE', 'AT'];

/** CDN nodes in memory, which do what real ones do with tokens and windows. */
export class MemoryNodes implements CdnNodes {
  readonly nodes: KnownNode[];
  readonly windows = new Map<string, Buffer>();
  readonly forgotten = new Set<string>();
  /** All windows that were pushed, in order. */
  pushes: { dc: number; fileId: string; window: number }[] = [];
  /** What nodes answer to pushes. */
  outcome: PushOutcome = 'ok';
  /** Pushes wait for this. */
  gate: Promise<void> = Promise.resolve();
  isAway = false;
  readonly #clock: Clock;

  constructor(clock: Clock, count = 2) {
    this.#clock = clock;
    this.nodes = Array.from({ length: count }, (_, index): KnownNode => {
      const address = { host: '127.0.0.1', port: 1 };
      return { dc: 203 + index, id: randomBytes(8).toString('hex'), client: address, push: address, publicKey: { pem: '', fingerprint: '' }, region: REGIONS[index] ?? '', keys: deriveNodeKeys(randomBytes(32)) };
    });
  }

  list(): readonly KnownNode[] {
    return this.nodes;
  }

  byDc(dc: number): KnownNode | undefined {
    return this.nodes.find((node) => node.dc === dc);
  }

  choose(region: string | undefined): KnownNode | undefined {
    return this.isAway ? undefined : (this.nodes.find((node) => node.region === region) ?? this.nodes[0]);
  }

  async pushWindow(node: KnownNode, { fileId, window }: PushedWindow, ciphertext: Uint8Array): Promise<PushOutcome> {
    const file = Buffer.from(fileId).toString('hex');
    this.pushes.push({ dc: node.dc, fileId: file, window });
    await this.gate;
    if (this.outcome === 'ok') this.windows.set(`${node.dc}:${file}:${window}`, Buffer.from(ciphertext));
    return this.outcome;
  }

  /** Answers upload.getCdnFile. */
  getPart(dc: number, token: Uint8Array, offset: number, limit: number): tl.upload.CdnFile | 'FILE_TOKEN_INVALID' {
    const node = this.byDc(dc)!;
    const file = readFileToken(node.keys.token, token, this.#clock.now());
    if (file === undefined) return 'FILE_TOKEN_INVALID';
    const id = Buffer.from(file.fileId).toString('hex');
    if (this.forgotten.has(`${dc}:${id}`)) return 'FILE_TOKEN_INVALID';
    const place = locatePart(BigInt(offset), limit, file.size);
    if (typeof place === 'string') throw new Error(place);
    if (place.length === 0) return { _: 'upload.cdnFile', bytes: new Uint8Array() };
    const window = this.windows.get(`${dc}:${id}:${place.window}`);
    if (window !== undefined) return { _: 'upload.cdnFile', bytes: window.subarray(place.from, place.from + place.length) };
    return { _: 'upload.cdnFileReuploadNeeded', request_token: writeRequestToken(node.keys.token, file.fileId, place.window, this.#clock.now()) };
  }
}

/** Somebody who calls methods. */
export class Caller {
  readonly world: RpcWorld;
  readonly authKeyId: bigint;
  readonly userId: bigint;

  constructor(world: RpcWorld, { authKeyId, userId }: { authKeyId: bigint; userId: bigint }) {
    this.world = world;
    this.authKeyId = authKeyId;
    this.userId = userId;
  }

  async call<T>(request: tl.AnyMethod): Promise<T> {
    const { error, body } = await this.world.call(this.authKeyId, request);
    if (error !== undefined) throw new Error(`${request._}: ${error}`);
    return readResult(new TlReader(body), METHODS[request._].result) as T;
  }

  async fails(request: tl.AnyMethod): Promise<string | undefined> {
    return (await this.world.call(this.authKeyId, request)).error;
  }

  /** Uploads a file. */
  async upload(bytes: Uint8Array, name = 'film.bin'): Promise<tl.InputFile> {
    const id = this.world.random.int64();
    const parts = Math.ceil(bytes.length / 524_288);
    for (let part = 0; part < parts; part++) {
      await this.call({ _: 'upload.saveFilePart', file_id: id, file_part: part, bytes: bytes.subarray(part * 524_288, (part + 1) * 524_288) });
    }
    return { _: 'inputFile', id, parts, name, md5_checksum: '' };
  }

  /** Sends a file as a document. @returns the message */
  async sendDocument(peer: tl.InputPeer, bytes: Uint8Array, more: Partial<tl.messages.sendMedia> = {}): Promise<tl.message> {
    const media: tl.InputMedia = { _: 'inputMediaUploadedDocument', file: await this.upload(bytes), mime_type: 'application/octet-stream', attributes: [] };
    return this.sendMedia(peer, media, more);
  }

  /** Sends media. @returns the message */
  async sendMedia(peer: tl.InputPeer, media: tl.InputMedia, more: Partial<tl.messages.sendMedia> = {}): Promise<tl.message> {
    const { updates } = await this.call<tl.updates>({ _: 'messages.sendMedia', peer, media, message: '', random_id: this.world.random.int64(), ...more });
    for (const update of updates) {
      if ('message' in update && typeof update.message === 'object' && update.message._ === 'message') return update.message;
    }
    throw new Error('no message');
  }

  /** Creates a group or channel. */
  async createChannel(kind: 'broadcast' | 'megagroup', username?: string): Promise<Channel> {
    const { chats } = await this.call<tl.updates>({ _: 'channels.createChannel', [kind]: true, title: 'Films', about: '' });
    const { id, access_hash = 0n } = chats[0] as tl.channel;
    const channel: Channel = { id, input: { _: 'inputChannel', channel_id: id, access_hash }, peer: { _: 'inputPeerChannel', channel_id: id, access_hash } };
    if (username !== undefined) await this.call({ _: 'channels.updateUsername', channel: channel.input, username });
    return channel;
  }

  /** Joins a public channel. @returns it with the access hash of this user */
  async join(username: string): Promise<Channel> {
    const { chats } = await this.call<tl.contacts.resolvedPeer>({ _: 'contacts.resolveUsername', username });
    const { id, access_hash = 0n } = chats[0] as tl.channel;
    const input: tl.inputChannel = { _: 'inputChannel', channel_id: id, access_hash };
    await this.call({ _: 'channels.joinChannel', channel: input });
    return { id, input, peer: { _: 'inputPeerChannel', channel_id: id, access_hash } };
  }

  /** A post as this user sees it. */
  async post(channel: Channel, id: number): Promise<tl.message> {
    const { messages } = await this.call<tl.messages.channelMessages>({ _: 'channels.getMessages', channel: channel.input, id: [{ _: 'inputMessageID', id }] });
    return messages[0] as tl.message;
  }

  getFile(location: tl.InputFileLocation, change: Partial<tl.upload.getFile> = {}): Promise<tl.upload.File> {
    return this.call({ _: 'upload.getFile', location, offset: 0n, limit: BLOCK, cdn_supported: true, ...change });
  }

  /** The redirect for a file. @throws Error if there is none */
  async redirect(location: tl.InputFileLocation, offset = 0): Promise<tl.upload.fileCdnRedirect> {
    const answer = await this.getFile(location, { offset: BigInt(offset) });
    if (answer._ !== 'upload.fileCdnRedirect') throw new Error(`no redirect, but ${answer._}`);
    return answer;
  }
}

/** A group or channel, as one user names it. */
export interface Channel {
  id: bigint;
  input: tl.inputChannel;
  peer: tl.inputPeerChannel;
}

/** The location of the document in a message. */
export function documentAt({ media }: tl.message): tl.inputDocumentFileLocation {
  if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') throw new Error(`no document, but ${media?._}`);
  const { id, access_hash, file_reference } = media.document;
  return { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' };
}

/** Decrypts a part as clients do. */
export function decryptPart({ encryption_key, encryption_iv }: tl.upload.fileCdnRedirect, offset: number, bytes: Uint8Array): Buffer {
  const iv = Buffer.from(encryption_iv);
  iv.writeUInt32BE(offset / 16, 12);
  return createDecipheriv('aes-256-ctr', encryption_key, iv).update(bytes);
}

/** Loads a part from a node, which may have to ask for it. */
export async function loadPart(caller: Caller, nodes: MemoryNodes, redirect: tl.upload.fileCdnRedirect, offset: number): Promise<{ bytes: Buffer; hashes: tl.fileHash[] }> {
  const { dc_id: dc, file_token } = redirect;
  let part = nodes.getPart(dc, file_token, offset, BLOCK);
  let hashes: tl.fileHash[] = [];
  if (part !== 'FILE_TOKEN_INVALID' && part._ === 'upload.cdnFileReuploadNeeded') {
    hashes = await caller.call<tl.fileHash[]>({ _: 'upload.reuploadCdnFile', file_token, request_token: part.request_token });
    part = nodes.getPart(dc, file_token, offset, BLOCK);
  }
  if (part === 'FILE_TOKEN_INVALID' || part._ !== 'upload.cdnFile') throw new Error(typeof part === 'string' ? part : part._);
  return { bytes: decryptPart(redirect, offset, part.bytes), hashes };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Checks that hashes are those of consecutive blocks of a file. */
export function checkHashes(hashes: readonly tl.fileHash[], content: Buffer, first: number): void {
  let offset = first;
  for (const hash of hashes) {
    const block = content.subarray(offset, offset + BLOCK);
    if (hash.offset !== BigInt(offset) || hash.limit !== block.length || Buffer.from(hash.hash).toString('hex') !== sha256(block)) throw new Error(`wrong hash at ${offset}`);
    offset += BLOCK;
  }
}
