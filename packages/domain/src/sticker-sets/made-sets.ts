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
  withDocuments(sets: readonly MadeSet[], first?: number): Promise<WholeMadeSet[]> {
    return withMadeItems(this.#deps.db, sets, first);
  }

  /** Documents of sets as clients get them, by id and in the order of the ids; those that are gone are left out. Whoever is shown a set may load them. @param setOf the ids, each with its set */
  async projectDocuments(setOf: ReadonlyMap<bigint, bigint>): Promise<Map<bigint, tl.document>> {
    const found = setOf.size === 0 ? undefined : await findDocuments(this.#deps.db, [...setOf.keys()]);
    return new Map(Array.from(setOf).flatMap(([id, setId]) => {
      const document = found?.get(id)?.document;
      return document === undefined ? [] : [[id, this.#deps.filler.fillDocument(document, { kind: 'set', setId })]];
    }));
  }

  /** Custom emoji of sets that people have made, by id, also those that have left their set. */
  async findCustomEmoji(ids: readonly bigint[]): Promise<Map<bigint, tl.document>> {
    const sets = [...(await findSetsOfDocuments(this.#deps.db, ids))].filter(([, { kind }]) => kind === 'emoji');
    return this.projectDocuments(new Map(sets.map(([id, { setId }]) => [id, setId])));
  }

  /**
   * The set for which a document was made, if somebody may change it. The document may have left it.
   * @throws RpcError STICKER_INVALID, BOT_MISSING (a bot has made the set), STICKERSET_INVALID
   */
  async accessSetOf(makerId: bigint, input: tl.InputDocument): Promise<{ set: MadeSet; id: bigint }> {
    if (input._ !== 'inputDocument' || !this.#deps.accessHashes.matches('document', EVERYBODY, input.id, input.access_hash)) throw rpcError('STICKER_INVALID');
    const place = (await findSetsOfDocuments(this.#deps.db, [input.id])).get(input.id);
    const [set] = place === undefined ? [] : await findMadeSets(this.#deps.db, { ids: [place.setId] });
    if (set === undefined) throw rpcError('STICKER_INVALID');
    checkMaker(set, makerId);
    return { set, id: input.id };
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

/** Adds their documents to sets. @param first only so many of each */
export async function withMadeItems(db: Pick<Database, 'run'>, sets: readonly MadeSet[], first?: number): Promise<WholeMadeSet[]> {
  const items = await listMadeItems(db, sets.map(({ id }) => id), first);
  return sets.map((set) => ({ ...set, documents: items.get(set.id) ?? [] }));
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
