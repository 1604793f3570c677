import type { Database } from '@aerogram/storage';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { EVERYBODY, findDocuments, hashOfSet, type MediaFiller } from '../documents/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import { findMadeSets, findSetsOfDocuments, listMadeItems, type MadeItem, type MadeSet } from './made-set-store.ts';
import type { SetHead } from './served-set.ts';

interface MadeSetsDeps {
  db: Pick<Database, 'run'>;
  accessHashes: AccessHashes;
  filler: Pick<MediaFiller, 'fillDocument'>;
}

/** A set that somebody has made, with its documents. */
export type WholeMadeSet = MadeSet & { documents: readonly MadeItem[] };

/** Finds the sets that people have made. Whoever has the name or the id with its access hash may see a set. */
export class MadeSets {
  readonly #deps: MadeSetsDeps;

  constructor(deps: MadeSetsDeps) {
    this.#deps = deps;
  }

  /** The set that a client names by id or short name. @returns undefined if nobody has made it */
  async find(input: tl.InputStickerSet): Promise<MadeSet | undefined> {
    return findMadeSet(this.#deps, input);
  }

  /** Finds sets by id, without their documents. */
  async findHeads(ids: readonly bigint[]): Promise<Map<bigint, SetHead>> {
    return new Map((await findMadeSets(this.#deps.db, { ids })).map((set) => [set.id, set]));
  }

  /** Adds their documents to sets. @param first only so many of each */
  async withDocuments(sets: readonly MadeSet[], first?: number): Promise<WholeMadeSet[]> {
    const items = await listMadeItems(this.#deps.db, sets.map(({ id }) => id), first);
    return sets.map((set) => ({ ...set, documents: items.get(set.id) ?? [] }));
  }

  /** Documents of sets as clients get them, by set and in the order of the ids. Whoever is shown a set may load them. */
  async projectDocuments(idsOf: ReadonlyMap<bigint, readonly bigint[]>): Promise<Map<bigint, tl.document[]>> {
    const all = [...idsOf.values()].flat();
    const found = all.length === 0 ? undefined : await findDocuments(this.#deps.db, all);
    return new Map(Array.from(idsOf, ([setId, ids]) => [setId, ids.flatMap((id) => {
      const document = found?.get(id)?.document;
      return document === undefined ? [] : [this.#deps.filler.fillDocument(document, { kind: 'set', setId })];
    })]));
  }

  /** Custom emoji of sets that people have made, by id, also those that have left their set. */
  async findCustomEmoji(ids: readonly bigint[]): Promise<Map<bigint, tl.document>> {
    const sets = [...(await findSetsOfDocuments(this.#deps.db, ids))].filter(([, { kind }]) => kind === 'emoji');
    const found = sets.length === 0 ? undefined : await findDocuments(this.#deps.db, sets.map(([id]) => id));
    return new Map(sets.flatMap(([id, { setId }]) => {
      const document = found?.get(id)?.document;
      return document === undefined ? [] : [[id, this.#deps.filler.fillDocument(document, { kind: 'set', setId })]];
    }));
  }

  /**
   * A document of a set that somebody may change, with the set.
   * @throws RpcError STICKER_INVALID, BOT_MISSING (a bot has made the set), STICKERSET_INVALID
   */
  async accessItem(makerId: bigint, input: tl.InputDocument): Promise<{ set: WholeMadeSet; item: MadeItem }> {
    const { set, item } = await this.accessPlace(makerId, input);
    if (item === undefined) throw rpcError('STICKER_INVALID');
    return { set, item };
  }

  /** The same for a document that may have left its set, which has no item then. */
  async accessPlace(makerId: bigint, input: tl.InputDocument): Promise<{ set: WholeMadeSet; item: MadeItem | undefined }> {
    if (input._ !== 'inputDocument' || !this.#deps.accessHashes.matches('document', EVERYBODY, input.id, input.access_hash)) throw rpcError('STICKER_INVALID');
    const place = (await findSetsOfDocuments(this.#deps.db, [input.id])).get(input.id);
    const [found] = place === undefined ? [] : await findMadeSets(this.#deps.db, { ids: [place.setId] });
    if (found === undefined) throw rpcError('STICKER_INVALID');
    checkMaker(found, makerId);
    const [set] = await this.withDocuments([found]);
    return { set: set!, item: set!.documents.find(({ id }) => id === input.id) };
  }

  /**
   * A set that somebody may change.
   * @throws RpcError STICKERSET_INVALID, BOT_MISSING (a bot has made it)
   */
  async accessOwn(makerId: bigint, input: tl.InputStickerSet): Promise<MadeSet> {
    const set = await this.find(input);
    if (set === undefined) throw rpcError('STICKERSET_INVALID');
    checkMaker(set, makerId);
    return set;
  }
}

/** @throws RpcError BOT_MISSING (it is the set of the caller, but a bot has made it), STICKERSET_INVALID */
function checkMaker({ made }: MadeSet, makerId: bigint): void {
  if (made.makerId !== makerId) throw rpcError(made.creatorId === makerId ? 'BOT_MISSING' : 'STICKERSET_INVALID');
}

/** The set that a client names by id or short name. @returns undefined if nobody has made it, or the access hash is wrong */
export async function findMadeSet({ db, accessHashes }: Pick<MadeSetsDeps, 'db' | 'accessHashes'>, input: tl.InputStickerSet): Promise<MadeSet | undefined> {
  if (input._ === 'inputStickerSetShortName') return (await findMadeSets(db, { nameKeys: [input.short_name.toLowerCase()] }))[0];
  if (input._ !== 'inputStickerSetID' || input.access_hash !== hashOfSet(accessHashes, input.id)) return undefined;
  return (await findMadeSets(db, { ids: [input.id] }))[0];
}

/** The document that is the picture of a set. @returns undefined if it has none, or one of its custom emoji */
export async function findSetPicture(deps: Pick<MadeSetsDeps, 'db' | 'accessHashes'>, input: tl.InputStickerSet): Promise<bigint | undefined> {
  const set = await findMadeSet(deps, input);
  return set === undefined || set.kind === 'emoji' ? undefined : set.made.thumbId;
}
