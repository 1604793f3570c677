import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { attachSets, EVERYBODY, findPackDocument } from '../documents/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import { findSetsOfDocuments } from '../sticker-sets/index.ts';

/** How many stickers of one photo or file count. */
const STICKERS_MAX = 20;

/** Notes which stickers people have put on photos and files. Apps draw them into the picture, and name them so that others find their sets. */
export class AttachedStickers {
  readonly #db: Pick<Database, 'run' | 'transact'>;
  readonly #accessHashes: Pick<AccessHashes, 'matches'>;

  constructor(db: Pick<Database, 'run' | 'transact'>, accessHashes: Pick<AccessHashes, 'matches'>) {
    this.#db = db;
    this.#accessHashes = accessHashes;
  }

  /** Notes the sets of the stickers with a photo or file that was just made. What is no sticker is passed over. @returns the photo or file as it is now */
  async doAttach<File extends tl.document | tl.photo>(file: File, stickers: readonly tl.InputDocument[] | undefined): Promise<File> {
    const setIds = stickers === undefined ? [] : await this.#findSets(stickers.slice(0, STICKERS_MAX));
    if (setIds.length === 0) return file;
    return (await this.#db.transact('attach-stickers', (tx) => attachSets(tx, file, setIds))) ?? file;
  }

  async #findSets(stickers: readonly tl.InputDocument[]): Promise<bigint[]> {
    const ids = stickers.flatMap((one) => (one._ === 'inputDocument' && this.#accessHashes.matches('document', EVERYBODY, one.id, one.access_hash) ? [one.id] : []));
    const made = await findSetsOfDocuments(this.#db, ids.filter((id) => findPackDocument(id) === undefined));
    return [...new Set(ids.flatMap((id) => findPackDocument(id)?.set.id ?? made.get(id)?.setId ?? []))];
  }
}
