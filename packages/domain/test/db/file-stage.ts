import type { tl } from '@aerogram/tl';

import type { DomainConfig, MessageRow, ProfileEditor, ResolvedUser } from '../../src/index.ts';
import { createWorld, type World } from './accounts-world.ts';

export const ORIGIN = { authKeyId: 1n, sessionId: 1n };

/** A user who changes photos of their own profile, as an argument for the calls that do so. */
export const ownProfile = (userId: bigint): ProfileEditor => ({ userId, actorId: userId, origin: ORIGIN });

/** A world whose users send files, and whose jobs the test runs by hand. */
export interface FileStage extends AsyncDisposable {
  world: World;
  signUp(name: string): Promise<bigint>;
  /** A number that was not used before. */
  nextId(): bigint;
  /** Uploads a file. @returns the media of a message with it */
  upload(userId: bigint, bytes: Uint8Array): Promise<tl.messageMediaDocument>;
  /** The input that names the file of the last upload. */
  lastUploaded(): tl.inputMediaUploadedDocument;
  /** A user as a peer of another one. */
  peerOf(userId: bigint): Promise<ResolvedUser>;
  send(from: bigint, to: bigint, media: tl.MessageMedia): Promise<MessageRow>;
  /** Runs a recurring job once. */
  runJob(kind: string): Promise<void>;
}

/** @param config settings that differ from those of other tests @param options.photos absent: photos are refused @param options.media absent: nothing is known about audio and video */
export async function createFileStage(config: Partial<DomainConfig> = {}, options: Parameters<typeof createWorld>[1] = {}): Promise<FileStage> {
  const world = await createWorld(config, options);
  let phone = 9_996_610_000;
  let lastId = 0n;
  let fileId = 0n;
  const nextId = (): bigint => ++lastId;
  const inputOf = (id: bigint): tl.inputMediaUploadedDocument => ({
    _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' }, mime_type: 'text/plain', attributes: [],
  });
  const peerOf = async (userId: bigint): Promise<ResolvedUser> => ({ kind: 'user', userId, peerId: userId, isSelf: false, row: (await world.domain.users.findRow(userId))! });
  return {
    world,
    signUp: async (name) => (await world.signUp(String(++phone), name)).userId,
    nextId,
    async upload(userId, bytes) {
      const id = (fileId = nextId());
      await world.domain.files.doSavePart({ userId, fileId: id, part: 0, totalParts: undefined }, bytes);
      return world.domain.files.doPrepareMedia(userId, inputOf(id));
    },
    lastUploaded: () => inputOf(fileId),
    peerOf,
    async send(from, to, media) {
      const text = { text: '', entities: [] };
      return world.domain.messages.doSendText(await peerOf(to), { senderId: from, text, media, randomId: nextId(), silent: false, noforwards: false, noWebpage: true, invertMedia: false, origin: ORIGIN });
    },
    async runJob(kind) {
      await world.domain.jobKinds.find((one) => one.kind === kind)!.perform(new Uint8Array(), { signal: new AbortController().signal } as never);
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
