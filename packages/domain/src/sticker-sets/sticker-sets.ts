import type { tl } from '@aerogram/tl';

import type { BoxWriter } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { type EmojiGroup, type IconUse, listEmojiGroups } from '../documents/index.ts';
import type { BundledFiles } from './bundled-files.ts';
import type { SetKind } from './default-sets.ts';
import { EmojiKeywords } from './emoji-keywords.ts';
import { InstalledSets } from './installed-sets.ts';
import type { ServedSet } from './served-set.ts';
import { StickerSearch } from './sticker-search.ts';

/** How many stickers are shown of a set that somebody is offered. */
const COVERS = 5;
/** How many custom emoji are offered as pictures of people and of groups, of each set. */
const PICTURES = 48;

/** The sticker sets that people find and install. */
export class StickerSets {
  readonly #bundled: BundledFiles;
  /** Those for which there is something: to look takes some milliseconds, and nothing of it changes. */
  readonly #groupsOf = new Map<SetKind, EmojiGroup[]>();
  #groups: Promise<EmojiGroup[]> | undefined;
  /** The words by which emoji are found. */
  readonly keywords = new EmojiKeywords();
  /** The sets that people have. */
  readonly installed: InstalledSets;
  /** Finds stickers and sets. */
  readonly search: StickerSearch;

  constructor(deps: Pick<DomainDeps, 'db'> & Pick<BoxWriter, 'writeBoxes'>, bundled: BundledFiles) {
    this.#bundled = bundled;
    this.installed = new InstalledSets(deps, bundled.sets);
    this.search = new StickerSearch(bundled.sets, this.keywords);
  }

  /** Lists the sets that people are offered, newest first. */
  listFeatured(kind: SetKind): ServedSet[] {
    return this.#bundled.sets.listed.filter((set) => set.kind === kind);
  }

  /** The TL objects of sets, each as it is in the lists of somebody. */
  async projectSets(viewerId: bigint, sets: readonly ServedSet[]): Promise<tl.stickerSet[]> {
    const kinds = [...new Set(sets.filter(({ isListed }) => isListed).map(({ kind }) => kind))];
    const installed = (await Promise.all(kinds.map((kind) => this.installed.list(viewerId, kind)))).flat();
    const states = new Map(installed.map(({ set, date, isArchived }) => [set.id, { installedDate: date, isArchived }]));
    return sets.map((set) => this.#bundled.projectSet(set, states.get(set.id)));
  }

  /** Sets with their first documents, as somebody is offered them. */
  async projectCovered(viewerId: bigint, sets: readonly ServedSet[]): Promise<tl.stickerSetMultiCovered[]> {
    const shown = await this.projectSets(viewerId, sets);
    return sets.map(({ documents }, at) => ({ _: 'stickerSetMultiCovered', set: shown[at]!, covers: this.#bundled.listDocuments(documents.slice(0, COVERS).map(({ id }) => id)) }));
  }

  /** A set with all its documents, as it is in the lists of somebody. No statement is run for sets that nobody can install. */
  async projectWhole(viewerId: bigint, set: ServedSet): Promise<tl.messages.stickerSet> {
    const [shown] = await this.projectSets(viewerId, [set]);
    return { ...this.#bundled.projectStickerSet(set), set: shown! };
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
}
