import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import type { BoxWriter } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { type EmojiGroup, findKnownEmoji, findPackDocument, type IconUse, isKnownEmoji, listEmojiGroups, type MediaFiller } from '../documents/index.ts';
import type { SetDocuments } from '../uploads/index.ts';
import type { BundledFiles } from './bundled-files.ts';
import type { SetKind } from './default-sets.ts';
import { EmojiKeywords } from './emoji-keywords.ts';
import { InstalledSets, type SetsChange } from './installed-sets.ts';
import { countMadeSets, findSetsOfDocuments, listListedSets, listMadeByEmoji, listMadeSetsOf, type MadeSet } from './made-set-store.ts';
import { MadeSets } from './made-sets.ts';
import { isInstallable, keywordsOf, packsOf, type ServedSet, type SetHead } from './served-set.ts';
import { SetChanges } from './set-changes.ts';
import { emojiKeysIn } from './emoji-key.ts';
import { EMOJI_TEXT_MAX, hasTitle, StickerSearch } from './sticker-search.ts';

/** How many stickers are shown of a set that somebody is offered. */
const COVERS = 5;
/** How many custom emoji are offered as pictures of people and of groups, of each set. */
const PICTURES = 48;
/** How many sets a search looks through that somebody has made. */
const OWN_MAX = 200;
/** How many of the sets that people have made a search finds at most. */
const FOUND_MAX = 20;
/** Of how many sets that the operator lets everybody find, the newest. */
const LISTED_MAX = 200;
/** In how many sets that people have made stickers are looked for, those that the viewer has first. */
const LOOKED_MAX = 20;
/** For how many emoji at most. */
const KEYS_MAX = 10;

interface Parts {
  bundled: BundledFiles;
  accessHashes: AccessHashes;
  filler: Pick<MediaFiller, 'fillDocument'>;
  documents: Pick<SetDocuments, 'doMake' | 'doGiveUp'>;
}

/** The sticker sets that people find, install and make. */
export class StickerSets {
  readonly #deps: Pick<DomainDeps, 'db'>;
  readonly #bundled: BundledFiles;
  readonly #made: MadeSets;
  /** Those for which there is something: to look takes some milliseconds, and nothing of it changes. */
  readonly #groupsOf = new Map<SetKind, EmojiGroup[]>();
  #groups: Promise<EmojiGroup[]> | undefined;
  /** The words by which emoji are found. */
  readonly keywords = new EmojiKeywords();
  /** The sets that people have. */
  readonly installed: InstalledSets;
  /** Makes and changes sets. */
  readonly changes: SetChanges;
  /** Finds stickers and sets among those that ship with the server. */
  readonly search: StickerSearch;

  constructor(deps: Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random' | 'config'> & Pick<BoxWriter, 'writeBoxes'>, { bundled, documents, ...parts }: Parts) {
    this.#deps = deps;
    this.#bundled = bundled;
    this.#made = new MadeSets({ ...parts, db: deps.db });
    this.installed = new InstalledSets(deps, bundled.sets, this.#made);
    this.changes = new SetChanges(deps, { sets: bundled.sets, made: this.#made, installed: this.installed, documents });
    this.search = new StickerSearch(bundled.sets, this.keywords);
  }

  /**
   * The set that a client names.
   * @throws RpcError STICKERSET_INVALID, EMOTICON_STICKERPACK_MISSING
   */
  async access(viewerId: bigint, input: tl.InputStickerSet): Promise<SetHead> {
    const set = this.#bundled.sets.find(viewerId, input) ?? (await this.#made.find(input));
    if (set === undefined) throw rpcError('STICKERSET_INVALID');
    return set;
  }

  /** A set that people can put into their lists. @throws RpcError STICKERSET_INVALID */
  async accessInstallable(viewerId: bigint, input: tl.InputStickerSet): Promise<SetHead> {
    const set = await this.access(viewerId, input);
    if (!isInstallable(set)) throw rpcError('STICKERSET_INVALID');
    return set;
  }

  /** Sets by their ids, as somebody has chosen them before. Those that are gone are left out. */
  async findHeads(ids: readonly bigint[]): Promise<Map<bigint, SetHead>> {
    const bundled = ids.flatMap((id) => this.#bundled.sets.findById(id) ?? []);
    const made = await this.#made.findHeads(ids.filter((id) => bundled.every((set) => set.id !== id)));
    return new Map([...bundled.map((set) => [set.id, set as SetHead] as const), ...made]);
  }

  /** Moves the sets up in the lists of somebody who has just sent these stickers and custom emoji. */
  async doMoveUsed(change: SetsChange, documentIds: readonly bigint[]): Promise<void> {
    const made = await findSetsOfDocuments(this.#deps.db, documentIds.filter((id) => findPackDocument(id) === undefined));
    const sets = documentIds.flatMap((id) => {
      const bundled = findPackDocument(id)?.set;
      const place = made.get(id);
      return bundled !== undefined ? [{ id: bundled.id, kind: bundled.kind }] : place === undefined ? [] : [{ id: place.setId, kind: place.kind }];
    });
    // What stands first in a text ends up first in the list.
    for (const set of new Map(sets.toReversed().map((one) => [one.id, one])).values()) await this.installed.doMoveUp(change, set);
  }

  /** Lists the sets that people are offered, newest first. */
  listFeatured(kind: SetKind): ServedSet[] {
    return this.#bundled.sets.listed.filter((set) => set.kind === kind);
  }

  /** Lists the sets that somebody has made, newest first. @param beforeId 0: from the first one */
  listMade(creatorId: bigint, page: { beforeId: bigint; limit: number }): Promise<MadeSet[]> {
    return listMadeSetsOf(this.#deps.db, creatorId, page);
  }

  /** How many sets somebody has made. */
  async countMade(creatorId: bigint): Promise<number> {
    return (await countMadeSets(this.#deps.db, creatorId, 0)).sets;
  }

  /** Finds sets for the words of a search: those that people are offered, those that the viewer has or has made, and one that is called exactly so. */
  async findSets(viewerId: bigint, kind: SetKind, words: string): Promise<SetHead[]> {
    const [listed, installed, made, named, open] = await Promise.all([
      this.search.listSets(kind, words),
      this.installed.list(viewerId, kind),
      this.listMade(viewerId, { beforeId: 0n, limit: OWN_MAX }),
      this.#made.find({ _: 'inputStickerSetShortName', short_name: words.trim() }),
      listListedSets(this.#deps.db, LISTED_MAX),
    ]);
    const own = [...installed.map(({ set }) => set), ...made, ...open].filter((set) => set.kind === kind && hasTitle(set, words)).slice(0, FOUND_MAX);
    const found = [...(named === undefined ? [] : [named]), ...own, ...listed].filter((set) => set.kind === kind);
    return [...new Map(found.map((set) => [set.id, set])).values()];
  }

  /** The stickers that stand for one of the emoji in a text: those of sets that the viewer has come first. */
  async listByEmoji(viewerId: bigint, kind: SetKind, text: string, limit: number): Promise<tl.document[]> {
    const installed = (await this.installed.list(viewerId, kind)).filter(({ isArchived }) => !isArchived).map(({ set }) => set);
    const made = installed.filter((set) => set.made !== undefined).slice(0, LOOKED_MAX);
    const looked = text.slice(0, EMOJI_TEXT_MAX);
    const emoji = made.length === 0 ? [] : [...emojiKeysIn(looked)].slice(0, KEYS_MAX);
    const own = await listMadeByEmoji(this.#deps.db, made.map(({ id }) => id), { emoji, limit });
    const documents = await this.#made.projectDocuments(own);
    const shipped = this.search.listByEmoji(kind, looked, installed.flatMap((set) => this.#bundled.sets.findById(set.id) ?? []));
    return [...documents.values(), ...this.#bundled.listDocuments(shipped.slice(0, limit))].slice(0, limit);
  }

  /** The TL objects of sets, each as it is in the lists of somebody. */
  async projectSets(viewerId: bigint, sets: readonly SetHead[]): Promise<tl.stickerSet[]> {
    const kinds = [...new Set(sets.filter(isInstallable).map(({ kind }) => kind))];
    const installed = (await Promise.all(kinds.map((kind) => this.installed.list(viewerId, kind)))).flat();
    const states = new Map(installed.map(({ set, date, isArchived }) => [set.id, { installedDate: date, isArchived }]));
    return sets.map((set) => this.#bundled.projectSet(set, { ...states.get(set.id), viewerId }));
  }

  /** Sets with their first documents, as somebody is offered them. */
  async projectCovered(viewerId: bigint, sets: readonly SetHead[]): Promise<tl.stickerSetMultiCovered[]> {
    const [shown, whole] = await Promise.all([this.projectSets(viewerId, sets), this.#withDocuments(sets, COVERS)]);
    const covers = await this.#projectDocuments(whole, COVERS);
    return shown.map((set, at) => ({ _: 'stickerSetMultiCovered', set, covers: covers[at]! }));
  }

  /** A set with all its documents, as it is in the lists of somebody. No statement is run for sets that nobody can install. */
  async projectWhole(viewerId: bigint, set: SetHead): Promise<tl.messages.stickerSet> {
    const [[shown], [whole]] = await Promise.all([this.projectSets(viewerId, [set]), this.#withDocuments([set])]);
    const { documents } = whole!;
    const [projected] = await this.#projectDocuments([whole!]);
    return { _: 'messages.stickerSet', set: shown!, packs: packsOf(documents), keywords: keywordsOf(documents), documents: projected! };
  }

  /** Custom emoji in the order of the ids; undefined for ids of none. */
  async findCustomEmoji(ids: readonly bigint[]): Promise<(tl.document | undefined)[]> {
    const bundled = ids.map((id) => this.#bundled.findCustomEmoji(id));
    if (!bundled.includes(undefined)) return bundled;
    const made = await this.#made.findCustomEmoji(ids.filter((_, at) => bundled[at] === undefined));
    return ids.map((id, at) => bundled[at] ?? made.get(id));
  }

  /** Those of these ids that are custom emoji which this server has. No statement is run if all ship with it. */
  findKnown(ids: readonly bigint[]): Promise<ReadonlySet<bigint>> {
    return findKnownEmoji(this.#deps.db, ids);
  }

  /** Whether this is the id of a custom emoji that this server has. */
  isCustomEmoji(id: bigint): Promise<boolean> {
    return isKnownEmoji(this.#deps.db, id);
  }

  /** Lists the ids of the custom emoji that are offered for a purpose. */
  listIconIds(use: IconUse): bigint[] {
    return this.#bundled.sets.listIcons(use).map(({ id }) => id);
  }

  /** Lists the ids of custom emoji that are offered as pictures, of people or of groups. */
  listPictureIds(of: 'people' | 'groups'): bigint[] {
    const names = of === 'people' ? ['AerogramFaceEmoji', 'AerogramAnimalEmoji'] : ['AerogramAnimalEmoji', 'AerogramFoodEmoji'];
    const sets = names.flatMap((name) => this.#bundled.sets.listed.find(({ shortName }) => shortName === name) ?? []);
    return sets.flatMap(({ documents }) => documents.slice(0, PICTURES).map(({ id }) => id));
  }

  /** Lists the groups of emoji in which there are documents of a kind. */
  async listGroups(kind: SetKind): Promise<EmojiGroup[]> {
    this.#groups ??= listEmojiGroups().catch((error: unknown) => {
      this.#groups = undefined;
      throw error;
    });
    const known = this.#groupsOf.get(kind);
    if (known) return known;
    const found = (await this.#groups).filter(({ emoji }) => this.search.listByEmoji(kind, emoji.join('')).length > 0);
    this.#groupsOf.set(kind, found);
    return found;
  }

  /** Sets with their documents, in the same order. Those that ship with the server have them; those of others take one statement together. */
  async #withDocuments(sets: readonly SetHead[], first?: number): Promise<ServedSet[]> {
    const unread = sets.filter((set): set is MadeSet => set.made !== undefined && !('documents' in set));
    const read = unread.length === 0 ? new Map<bigint, ServedSet>() : new Map((await this.#made.withDocuments(unread, first)).map((set) => [set.id, set as ServedSet]));
    // The cast is safe: what ships with the server is never without.
    return sets.map((set) => read.get(set.id) ?? (set as ServedSet));
  }

  /** The documents of each of these sets. Those of all sets that people have made take one statement together. @param limit at most so many of each */
  async #projectDocuments(sets: readonly ServedSet[], limit = Infinity): Promise<tl.document[][]> {
    const shown = sets.map((set) => ({ set, ids: set.documents.slice(0, limit).map(({ id }) => id) }));
    const made = await this.#made.projectDocuments(new Map(shown.flatMap(({ set, ids }) => (set.made === undefined ? [] : ids.map((id): [bigint, bigint] => [id, set.id])))));
    return shown.map(({ set, ids }) => (set.made === undefined ? this.#bundled.listDocumentsOf(set, ids) : ids.flatMap((id) => made.get(id) ?? [])));
  }
}
