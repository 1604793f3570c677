import { isDeepStrictEqual } from 'node:util';

import { newPresentedId } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BoxWriter, Origin } from '../events/index.ts';
import { type DomainDeps, publishAccountHint } from '../shared/index.ts';
import { changeAttributes } from '../documents/index.ts';
import { findUserRows } from '../peers/index.ts';
import type { SetDocuments } from '../uploads/index.ts';
import type { SetKind } from './default-sets.ts';
import type { InstalledSets } from './installed-sets.ts';
import {
  changeItemWords, changeMadeSet, countMadeSets, countStickerDocuments, deleteMadeSet, findMadeSets, insertMadeItems, insertMadeSet, isNameHeld, type MadeItem, type MadeSet, type NewItem, placeMadeItems, retireMadeItem,
} from './made-set-store.ts';
import { type MadeSets, type WholeMadeSet, withMadeItems } from './made-sets.ts';
import { hashOfVersion } from './served-set.ts';
import type { SetCatalogue } from './set-catalogue.ts';
import { attributeOf, checkedItem, type ItemPlace, type ItemWish, keepItems, makeItem, makePicture } from './set-maker.ts';
import { checkedShortName, checkedTitle, isNameOfBot, isReservedSetName, isShortName, shortNameFor } from './set-names.ts';
import { checkedEmoji, checkedKeywords, checkedMask } from './set-words.ts';

/** How many documents a set may have. */
const ITEMS_MAX: Readonly<Record<SetKind, number>> = { stickers: 120, masks: 120, emoji: 200 };
/** With how many documents a set may begin. */
const FIRST_MAX = 50;
/** How much one person or bot may make: in all, and in a day. What has left its set counts, because it is kept. */
const LIMITS = { sets: 200, setsADay: 50, documents: 20_000, documentsADay: 500, bytes: 300n * 1024n * 1024n } as const;

const DAY_S = 86_400;
/** How many numbers are tried at the end of a suggested name. */
const SUGGESTIONS_MAX = 20;

/** Who makes a set. */
export interface SetMaker {
  makerId: bigint;
  /** Of a bot; undefined: a person. */
  botUsername?: string | undefined;
  /** The device that is not told of the change, because it has made it. */
  origin: Origin | undefined;
}

/** A set to make. */
export interface SetWish {
  creatorId: bigint;
  kind: SetKind;
  textColor: boolean;
  title: string;
  shortName: string;
  thumb: tl.InputDocument | undefined;
  items: readonly tl.inputStickerSetItem[];
}

/** What changes about a sticker; what is undefined stays as it is. */
export interface ItemChange {
  emoji: string | undefined;
  keywords: string | undefined;
  mask: tl.MaskCoords | undefined;
}

/** By what a set that was made before is known to be the one that a repeated call wants. */
interface WantedSet extends Pick<SetWish, 'creatorId' | 'kind' | 'title' | 'shortName'> {
  makerId: bigint;
  /** The documents of which its stickers are made. */
  sourceIds: readonly bigint[];
}

type Deps = Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random' | 'config'> & Pick<BoxWriter, 'writeBoxes'>;

interface Parts {
  sets: Pick<SetCatalogue, 'isNameTaken'>;
  made: MadeSets;
  installed: Pick<InstalledSets, 'installIn'>;
  documents: Pick<SetDocuments, 'doMake' | 'doGiveUp'>;
}

/** What a change makes of title and picture of a set; what is not named stays. */
interface Changed {
  title?: string;
  thumbId?: bigint | undefined;
}

/** Makes and changes sticker sets. All changes to the sets of one person happen one after the other. */
export class SetChanges {
  readonly #deps: Deps;
  readonly #parts: Parts;

  constructor(deps: Deps, parts: Parts) {
    this.#deps = deps;
    this.#parts = parts;
  }

  /** @throws RpcError SHORT_NAME_INVALID, SHORT_NAME_OCCUPIED */
  async checkName(userId: bigint, name: string): Promise<void> {
    if (!isShortName(name) || isNameOfBot(name)) throw rpcError('SHORT_NAME_INVALID');
    if (await this.#isTaken(userId, name)) throw rpcError('SHORT_NAME_OCCUPIED');
  }

  /** A free name for a title. @throws RpcError TITLE_INVALID */
  async suggestName(userId: bigint, title: string): Promise<string> {
    const name = shortNameFor(title);
    if (!isShortName(name)) throw rpcError('TITLE_INVALID');
    for (let number = 0; number < SUGGESTIONS_MAX; number++) {
      const wanted = number === 0 ? name : `${name}_${number + 1}`;
      if (!(await this.#isTaken(userId, wanted))) return wanted;
    }
    throw rpcError('TITLE_INVALID');
  }

  /**
   * Makes a set, whole or not at all. A person who makes one has it installed. A call that is repeated gets the set that the first one has made.
   * @throws RpcError PACK_TITLE_INVALID, PACK_SHORT_NAME_INVALID, PACK_SHORT_NAME_OCCUPIED, STICKERS_EMPTY, STICKERS_TOO_MUCH, STICKER_EMOJI_INVALID, and as {@link SetDocuments.doMake}
   */
  async doCreate({ makerId, botUsername, origin }: SetMaker, wish: SetWish): Promise<WholeMadeSet> {
    const { creatorId, kind } = wish;
    const [title, shortName] = [checkedTitle(wish.title), checkedShortName(wish.shortName, botUsername)];
    if (wish.items.length === 0) throw rpcError('STICKERS_EMPTY');
    if (wish.items.length > FIRST_MAX) throw rpcError('STICKERS_TOO_MUCH');
    const items = wish.items.map(checkedItem);
    const wanted: WantedSet = { makerId, creatorId, kind, title, shortName, sourceIds: items.map(({ document }) => ('id' in document ? document.id : 0n)) };
    const earlier = await this.#findEarlier(wanted);
    if (earlier !== undefined) return earlier;
    await this.#checkRoom(this.#deps.db, makerId, { sets: 1, documents: items.length });
    const place: ItemPlace = { id: newPresentedId(this.#deps.random, this.#deps.config.homeDcId), kind, textColor: kind === 'emoji' && wish.textColor };
    const made: NewItem[] = [];
    const whole = await this.#orGiveUp(made, async () => {
      if (wish.thumb !== undefined && kind !== 'emoji') made.push(await makePicture(this.#parts.documents, makerId, wish.thumb));
      for (const [position, item] of items.entries()) made.push({ ...(await makeItem(this.#parts.documents, makerId, place, item)), position });
      const set: MadeSet = { ...place, title, shortName, isListed: false, count: items.length, hash: hashOfVersion(place.id, 1), made: { creatorId, makerId, version: 1, thumbId: pictureIn(made) } };
      return (await this.#create(set, made, origin)) && { ...set, documents: made.filter(({ position }) => position !== null) };
    });
    if (whole !== false) return whole;
    // A call that was repeated meanwhile may have made it.
    const other = await this.#findEarlier(wanted);
    if (other === undefined) throw rpcError('PACK_SHORT_NAME_OCCUPIED');
    return other;
  }

  /** Writes a set whose documents are made. @returns false if its name is taken */
  #create(set: MadeSet, made: readonly NewItem[], origin: Origin | undefined): Promise<boolean> {
    const { makerId, creatorId } = set.made;
    return this.#deps.writeBoxes('create-sticker-set', [creatorId], async (tx, boxes, date) => {
      await this.#checkRoom(tx, makerId, { sets: 1, documents: made.length, bytes: bytesOf(made) });
      await checkOwner(tx, creatorId);
      await keepItems(tx, made);
      if (!(await insertMadeSet(tx, set, date))) return false;
      // After the name is taken: a set of this name may be deleted at the same time.
      if (await isNameHeld(tx, set.shortName.toLowerCase(), { creatorId, nowDate: date })) throw rpcError('PACK_SHORT_NAME_OCCUPIED');
      await insertMadeItems(tx, set, made, date);
      if (makerId === creatorId) await this.#parts.installed.installIn({ tx, boxes, date }, { ownerId: creatorId, origin }, set);
      return true;
    });
  }

  /** Gives up what was made for a set if it does not come to that. After an error of the database the set may be there. */
  async #orGiveUp<T>(made: readonly NewItem[], make: () => Promise<T>): Promise<T> {
    try {
      const done = await make();
      if (done === false) await this.#parts.documents.doGiveUp(made.map(({ id }) => id));
      return done;
    } catch (error) {
      if (error instanceof RpcError) await this.#parts.documents.doGiveUp(made.map(({ id }) => id));
      throw error;
    }
  }

  /** Adds a sticker at the end. A call that is repeated adds nothing. @throws RpcError STICKERPACK_STICKERS_TOO_MUCH, and as {@link SetChanges.doCreate} */
  async doAdd(makerId: bigint, input: tl.InputStickerSet, item: tl.inputStickerSetItem): Promise<WholeMadeSet> {
    const set = await this.#parts.made.accessOwn(makerId, input);
    const wish = checkedItem(item);
    const [whole] = await this.#parts.made.withDocuments([set]);
    if (hasSource(whole!.documents, wish)) return whole!;
    if (whole!.documents.length >= ITEMS_MAX[set.kind]) throw rpcError('STICKERPACK_STICKERS_TOO_MUCH');
    await this.#checkRoom(this.#deps.db, makerId, { sets: 0, documents: 1 });
    const added = await makeItem(this.#parts.documents, makerId, set, wish);
    return this.#changeWith(added, set, async (tx, now, date) => {
      if (hasSource(now.documents, wish)) return undefined;
      if (now.documents.length >= ITEMS_MAX[set.kind]) throw rpcError('STICKERPACK_STICKERS_TOO_MUCH');
      await this.#addIn(tx, now, { ...added, position: now.documents.length }, date);
      return {};
    });
  }

  /** Puts another sticker into the place of one. @throws RpcError STICKER_INVALID, and as {@link SetChanges.doAdd} */
  async doReplace(makerId: bigint, input: tl.InputDocument, item: tl.inputStickerSetItem): Promise<WholeMadeSet> {
    const wish = checkedItem(item);
    const { set, id } = await this.#parts.made.accessSetOf(makerId, input);
    const [whole] = await this.#parts.made.withDocuments([set]);
    if (hasSource(whole!.documents, wish)) return whole!;
    placeIn(whole!, id);
    await this.#checkRoom(this.#deps.db, makerId, { sets: 0, documents: 1 });
    const added = await makeItem(this.#parts.documents, makerId, set, wish);
    const changed = await this.#changeWith(added, set, async (tx, now, date) => {
      const position = placeIn(now, id);
      await retireMadeItem(tx, id);
      await this.#addIn(tx, now, { ...added, position }, date);
      return pictureWithout(now, id);
    });
    this.#noteLeft([id]);
    return changed;
  }

  /** Changes the emoji, the words or the place of a mask of a sticker. @throws RpcError STICKER_INVALID, STICKER_EMOJI_INVALID */
  async doChange(makerId: bigint, input: tl.InputDocument, change: ItemChange): Promise<WholeMadeSet> {
    const { set, id } = await this.#parts.made.accessSetOf(makerId, input);
    const emoji = change.emoji === undefined ? undefined : checkedEmoji(change.emoji);
    const mask = checkedMask(change.mask);
    const changed = await this.#change(set, async (tx, now) => {
      const item = now.documents[placeIn(now, id)]!;
      const [first, ...others] = emoji ?? [item.emoji, ...item.others];
      await changeItemWords(tx, { id, emoji: first, others, keywords: change.keywords === undefined ? item.keywords : checkedKeywords(change.keywords) });
      await changeAttributes(tx, id, (attributes) => attributes.map((one) => {
        if (one._ === 'documentAttributeCustomEmoji') return attributeOf(now, first, undefined);
        return one._ === 'documentAttributeSticker' ? attributeOf(now, first, mask ?? one.mask_coords) : one;
      }));
      return {};
    });
    publishAccountHint(this.#deps.bus, { kind: 'document', documentId: id });
    return changed;
  }

  /** Moves a sticker within its set. @param position from 0; beyond the end is the end @throws RpcError STICKER_INVALID */
  async doMove(makerId: bigint, input: tl.InputDocument, position: number): Promise<WholeMadeSet> {
    const { set, id } = await this.#parts.made.accessSetOf(makerId, input);
    return this.#change(set, async (tx, now) => {
      placeIn(now, id);
      const ids = now.documents.map((one) => one.id).filter((one) => one !== id);
      ids.splice(Math.max(0, position), 0, id);
      if (String(ids) === String(now.documents.map((one) => one.id))) return undefined;
      await placeMadeItems(tx, set.id, ids);
      return {};
    });
  }

  /** Takes a sticker out of its set. Messages that show it keep it. @throws RpcError STICKER_INVALID */
  async doRemove(makerId: bigint, input: tl.InputDocument): Promise<WholeMadeSet> {
    const { set, id } = await this.#parts.made.accessSetOf(makerId, input);
    const changed = await this.#change(set, async (tx, now) => {
      placeIn(now, id);
      await retireMadeItem(tx, id);
      await placeMadeItems(tx, set.id, now.documents.map((one) => one.id).filter((one) => one !== id));
      return pictureWithout(now, id);
    });
    this.#noteLeft([id]);
    return changed;
  }

  /** Tells the nodes of documents that their set does not show any more. */
  #noteLeft(ids: readonly bigint[]): void {
    for (const documentId of ids) publishAccountHint(this.#deps.bus, { kind: 'document', documentId });
  }

  /** @throws RpcError STICKERSET_INVALID, BOT_MISSING, PACK_TITLE_INVALID */
  async doRename(makerId: bigint, input: tl.InputStickerSet, title: string): Promise<WholeMadeSet> {
    const clean = checkedTitle(title);
    const set = await this.#parts.made.accessOwn(makerId, input);
    return this.#change(set, (_tx, now) => Promise.resolve(now.title === clean ? undefined : { title: clean }));
  }

  /**
   * Sets the picture of a set: a file, or for custom emoji one of the set; undefined takes it away.
   * @throws RpcError STICKERSET_INVALID, BOT_MISSING, STICKER_INVALID (it is not in the set), and as {@link SetDocuments.doMake}
   */
  async doSetPicture(makerId: bigint, input: tl.InputStickerSet, picture: { file: tl.InputDocument | undefined; emojiId: bigint | undefined }): Promise<WholeMadeSet> {
    const set = await this.#parts.made.accessOwn(makerId, input);
    if (set.kind === 'emoji') {
      return this.#change(set, (_tx, now) => {
        if (picture.emojiId !== undefined) placeIn(now, picture.emojiId);
        return Promise.resolve(picture.emojiId === now.made.thumbId ? undefined : { thumbId: picture.emojiId });
      });
    }
    if (picture.emojiId !== undefined) throw rpcError('STICKERSET_INVALID');
    if (picture.file !== undefined) await this.#checkRoom(this.#deps.db, makerId, { sets: 0, documents: 1 });
    if (picture.file === undefined) return this.#change(set, () => Promise.resolve({ thumbId: undefined }));
    const added = await makePicture(this.#parts.documents, makerId, picture.file);
    return this.#orGiveUp([added], () => this.#change(set, async (tx, now, date) => {
      await this.#addIn(tx, now, added, date);
      return { thumbId: added.id };
    }));
  }

  /** Deletes a set. Whoever owns it may, also if a bot has made it. @throws RpcError STICKERSET_INVALID */
  async doDelete(userId: bigint, input: tl.InputStickerSet): Promise<void> {
    const set = await this.#parts.made.find(input);
    if (set === undefined || ![set.made.makerId, set.made.creatorId].includes(userId)) throw rpcError('STICKERSET_INVALID');
    const left = await this.#deps.writeBoxes('delete-sticker-set', [set.made.creatorId], (tx, _boxes, date) => deleteMadeSet(tx, set.id, date));
    this.#noteLeft(left);
  }

  async #isTaken(userId: bigint, name: string): Promise<boolean> {
    const { db, clock } = this.#deps;
    if (isReservedSetName(name) || this.#parts.sets.isNameTaken(name)) return true;
    const nameKey = name.toLowerCase();
    return (await findMadeSets(db, { nameKeys: [nameKey] })).length > 0 || (await isNameHeld(db, nameKey, { creatorId: userId, nowDate: clock.now() }));
  }

  /** The set that an earlier call has made of the same documents. @throws RpcError PACK_SHORT_NAME_OCCUPIED (another set has the name) */
  async #findEarlier({ shortName, sourceIds, ...wanted }: WantedSet): Promise<WholeMadeSet | undefined> {
    if (isReservedSetName(shortName) || this.#parts.sets.isNameTaken(shortName)) throw rpcError('PACK_SHORT_NAME_OCCUPIED');
    const found = await findMadeSets(this.#deps.db, { nameKeys: [shortName.toLowerCase()] });
    const [set] = await this.#parts.made.withDocuments(found);
    if (set === undefined) return undefined;
    const { made: { makerId, creatorId }, kind, title, documents } = set;
    const isSame = isDeepStrictEqual({ makerId, creatorId, kind, title }, wanted) && String(documents.map(({ sourceId }) => sourceId)) === String(sourceIds);
    if (!isSame) throw rpcError('PACK_SHORT_NAME_OCCUPIED');
    return set;
  }

  /** @throws RpcError STICKERS_TOO_MUCH (the maker has no room for more) */
  async #checkRoom(db: Pick<DomainDeps['db'], 'run'>, makerId: bigint, wanted: { sets: number; documents: number; bytes?: number }): Promise<void> {
    const sinceDate = this.#deps.clock.now() - DAY_S;
    if (wanted.sets > 0) {
      const { sets, recent } = await countMadeSets(db, makerId, sinceDate);
      if (sets + wanted.sets > LIMITS.sets || recent + wanted.sets > LIMITS.setsADay) throw rpcError('STICKERS_TOO_MUCH');
    }
    const { documents, recent, bytes } = await countStickerDocuments(db, makerId, sinceDate);
    if (documents + wanted.documents > LIMITS.documents || recent + wanted.documents > LIMITS.documentsADay || bytes + BigInt(wanted.bytes ?? 0) > LIMITS.bytes) throw rpcError('STICKERS_TOO_MUCH');
  }

  async #addIn(tx: Tx, set: MadeSet, item: NewItem, date: number): Promise<void> {
    await this.#checkRoom(tx, set.made.makerId, { sets: 0, documents: 1, bytes: item.size });
    await keepItems(tx, [item]);
    await insertMadeItems(tx, set, [item], date);
  }

  /** Changes a set for which a document was made. */
  #changeWith(added: NewItem, set: MadeSet, change: (tx: Tx, now: WholeMadeSet, date: number) => Promise<Changed | undefined>): Promise<WholeMadeSet> {
    return this.#orGiveUp([added], async () => {
      const changed = await this.#change(set, change);
      // A call that was repeated meanwhile may have added another one of the same file.
      if (changed.documents.every(({ id }) => id !== added.id)) await this.#parts.documents.doGiveUp([added.id]);
      return changed;
    });
  }

  /** Changes a set under the lock of its owner. @param change gets the set as it is now; undefined: nothing has changed @throws RpcError STICKERSET_INVALID (it was deleted meanwhile) */
  async #change({ id, made: { creatorId } }: MadeSet, change: (tx: Tx, now: WholeMadeSet, date: number) => Promise<Changed | undefined>): Promise<WholeMadeSet> {
    return this.#deps.writeBoxes('change-sticker-set', [creatorId], async (tx, _boxes, date) => {
      const now = await readWhole(tx, id);
      if (now === undefined) throw rpcError('STICKERSET_INVALID');
      const changed = await change(tx, now, date);
      if (changed === undefined) return now;
      await changeMadeSet(tx, id, { title: now.title, thumbId: now.made.thumbId, ...changed });
      // It is there: all changes of it wait for the lock of its owner.
      return (await readWhole(tx, id))!;
    });
  }
}

/** The picture among new documents: only it has no place. */
const pictureIn = (made: readonly NewItem[]): bigint | undefined => made.find(({ position }) => position === null)?.id;

const bytesOf = (items: readonly NewItem[]): number => items.reduce((sum, { size }) => sum + size, 0);

async function readWhole(tx: Tx, id: bigint): Promise<WholeMadeSet | undefined> {
  return (await withMadeItems(tx, await findMadeSets(tx, { ids: [id] })))[0];
}

/** @throws RpcError STICKER_INVALID (it is not in the set, as after another device has removed it) */
function placeIn({ documents }: { documents: readonly MadeItem[] }, id: bigint): number {
  const place = documents.findIndex((one) => one.id === id);
  if (place === -1) throw rpcError('STICKER_INVALID');
  return place;
}

/** The picture of a set of custom emoji, which goes with the emoji that it shows. */
function pictureWithout({ made: { thumbId } }: MadeSet, id: bigint): Changed {
  return { thumbId: thumbId === id ? undefined : thumbId };
}

/** Whether a set has a sticker that an earlier call has made of the same document for the same emoji. */
function hasSource(documents: readonly MadeItem[], { document, emoji }: ItemWish): boolean {
  return document._ === 'inputDocument' && documents.some((one) => one.sourceId === document.id && one.emoji === emoji[0]);
}

/** @throws RpcError USER_ID_INVALID (sets belong to people, not to bots, and to nobody who has left) */
async function checkOwner(tx: Tx, ownerId: bigint): Promise<void> {
  const owner = (await findUserRows(tx, [ownerId])).get(ownerId);
  if (owner === undefined || owner.deleted || owner.bot) throw rpcError('USER_ID_INVALID');
}
