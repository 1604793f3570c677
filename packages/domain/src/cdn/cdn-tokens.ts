import { type CdnNodes, type KnownNode } from '@aerogram/cdn-origin';
import { type CdnFileKey, deriveFileId, deriveFileKey, type FileInEpoch, readFileToken, TOKEN_S, writeFileToken } from '@aerogram/cdn-protocol';
import { equalBytes } from '@aerogram/crypto';
import type { Random } from '@aerogram/runtime';

import type { FileSource } from '../files/index.ts';
import type { PostedFile } from './cdn-file-store.ts';
import { identifyContent, inEpochOf } from './content-key.ts';
import { newestOf, type SealedRight, SealedRights } from './sealed-rights.ts';

/** A document or a size of a photo in a post. */
export interface PostedSource extends FileSource {
  origin: { kind: 'post'; channelId: bigint; msgId: number };
}

/** What a node and its clients get to know of a file: in each epoch, and at each node, something else. */
export interface FileForNode {
  node: KnownNode;
  fileId: Uint8Array;
  key: CdnFileKey;
  epoch: number;
}

/** A file token that this server has given out. */
export interface OpenedToken {
  right: SealedRight;
  node: KnownNode;
  /** Derives what belongs to the token from the file that it should be for. @returns undefined if the token was made for other content */
  match(source: FileSource): FileForNode | undefined;
}

/** The post with a file. Pure. */
export function postOf({ origin: { channelId, msgId }, documentId }: PostedSource): PostedFile {
  return { channelId, msgId, documentId };
}

/** Makes and reads the tokens with which clients go to CDN nodes, and the keys and names of files there. */
export class CdnTokens {
  readonly #secrets: ReadonlyMap<number, Uint8Array>;
  readonly #rights: SealedRights;

  /** @param secrets 32-byte secrets by version (0–255); the highest version is used for what is given out now */
  constructor(secrets: ReadonlyMap<number, Uint8Array>, random: Pick<Random, 'bytes'>) {
    this.#secrets = secrets;
    this.#rights = new SealedRights(secrets, random);
  }

  /** The name and key of a file at a node now. @param now Unix seconds */
  fileFor(node: KnownNode, source: FileSource, now: number): FileForNode {
    return this.#derive(node, inEpochOf(identifyContent(source), now), newestOf(this.#secrets));
  }

  /** Writes a token for a user. @param now Unix seconds */
  write({ node, fileId, epoch }: FileForNode, source: PostedSource, userId: bigint, now: number): Uint8Array {
    const { kind, sizeType, size } = source;
    const expires_date = now + TOKEN_S;
    const sealed = this.#rights.seal({ ...postOf(source), kind, sizeType, userId, dc: node.dc, epoch, expires_date }, now);
    return writeFileToken(node.keys.token, { fileId, size, expires_date, sealed });
  }

  /** Reads a token that this server has written for this user and one of its nodes. @param now Unix seconds */
  read(nodes: Pick<CdnNodes, 'list'>, token: Uint8Array, userId: bigint, now: number): OpenedToken | undefined {
    for (const node of nodes.list()) {
      const outer = readFileToken(node.keys.token, token, now);
      if (outer === undefined) continue;
      const right = this.#rights.open(outer.sealed);
      // The node could have put what was sealed for others into a token of its own.
      if (right === undefined || right.dc !== node.dc || right.userId !== userId || right.expires_date !== outer.expires_date) return undefined;
      const match = (source: FileSource): FileForNode | undefined => {
        const file = this.#derive(node, { identity: identifyContent(source), epoch: right.epoch }, right.version);
        return source.size === outer.size && equalBytes(file.fileId, outer.fileId) ? file : undefined;
      };
      return { right, node, match };
    }
    return undefined;
  }

  #derive(node: KnownNode, file: FileInEpoch, version: number): FileForNode {
    const secret = this.#secrets.get(version)!;
    return { node, fileId: deriveFileId(secret, file, node.id), key: deriveFileKey(secret, file), epoch: file.epoch };
  }
}
