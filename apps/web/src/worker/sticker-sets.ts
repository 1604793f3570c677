import type { tl } from '@mtcute/core';
import Long from 'long';
import type { SetKind, SetRef } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { CustomEmoji } from './custom-emoji.ts';
import { placesOfDie } from './models/dice.ts';
import { findStickers, readSet, readSticker, readStickers, type SetRow, type StickerRow } from './models/sticker-set.ts';
import { Refused } from './refusal.ts';

/** Stickers of which it is noted where they are. */
const FILES_MAX = 20_000;
/** Sets whose stickers are remembered. */
const SETS_MAX = 100;
/** Stickers that a search asks the server for. */
const FOUND_MAX = 60;
/** Archived sets that are asked for at once. */
const PAGE = 20;

/** A set with its stickers. */
export interface LoadedSet {
  row: SetRow;
  stickers: StickerRow[];
}

type SetInput = tl.TypeInputStickerSet;

/** The sets of the account, and the stickers that were shown lately. */
export class StickerSets {
  readonly emoji: CustomEmoji;
  readonly #account: Account;
  #loaded = new Map<string, Promise<LoadedSet>>();
  #rows = new Map<string, SetRow>();
  #files = new Map<string, { row: StickerRow; from?: SetInput }>();
  #asked: Record<SetKind, number> = { stickers: 0, emoji: 0 };

  constructor(account: Account) {
    this.#account = account;
    this.emoji = new CustomEmoji(account);
  }

  /** Asks the server for the sets of a kind that the account has. */
  async refresh(kind: SetKind): Promise<void> {
    const serial = ++this.#asked[kind];
    const answer = await this.#account.call({ _: kind === 'emoji' ? 'messages.getEmojiStickers' : 'messages.getAllStickers', hash: Long.ZERO });
    // A newer question is on its way.
    if (serial !== this.#asked[kind] || answer._ !== 'messages.allStickers') return;
    const rows = answer.sets.map(readSet).map((row): SetRow => ({ ...row, isInstalled: true }));
    for (const row of rows) this.#note(row);
    this.#account.store.setFact(kind === 'emoji' ? 'emojiSets' : 'stickerSets', rows);
  }

  /** Loads the lists of which an update says that they are different. */
  consider(update: tl.TypeUpdate): void {
    const kind = changedKind(update);
    if (kind) void this.refresh(kind).catch(() => undefined);
  }

  /** Remembers a set. What is known of an older state of it is worth nothing. */
  #note(row: SetRow): void {
    if (this.#rows.get(row.id)?.version !== row.version) this.#loaded.delete(row.id);
    this.#rows.set(row.id, row);
  }

  /** Loads a set with its stickers. @throws Refused STICKERSET_INVALID if there is no such one */
  async find(ref: SetRef): Promise<LoadedSet> {
    const id = ref.by === 'id' ? ref.id : ref.by === 'name' ? [...this.#rows.values()].find(({ name }) => name === ref.name)?.id : undefined;
    const known = id === undefined ? undefined : this.#loaded.get(id);
    if (known) return await known;
    const loading = this.#load(await this.#inputOf(ref));
    if (id !== undefined) this.#keep(id, loading);
    const loaded = await loading;
    this.#keep(loaded.row.id, loading);
    return loaded;
  }

  #keep(id: string, loading: Promise<LoadedSet>): void {
    this.#loaded.set(id, loading);
    loading.catch(() => this.#loaded.delete(id));
    for (const oldest of [...this.#loaded.keys()].slice(0, -SETS_MAX)) this.#loaded.delete(oldest);
  }

  async #load(stickerset: SetInput): Promise<LoadedSet> {
    const answer = await this.#account.call({ _: 'messages.getStickerSet', stickerset, hash: 0 });
    if (answer._ !== 'messages.stickerSet') throw new Refused({ code: 'STICKERSET_INVALID' });
    const row = readSet(answer.set);
    const stickers = readStickers(answer);
    this.#note(row);
    this.noteFiles(stickers, stickerset);
    return { row, stickers };
  }

  async #inputOf(ref: SetRef): Promise<SetInput> {
    switch (ref.by) {
      case 'name':
        return { _: 'inputStickerSetShortName', shortName: ref.name };
      case 'id':
        return this.inputSet(ref.id);
      case 'use':
        return { _: 'inputStickerSetEmojiDefaultTopicIcons' };
      case 'message': {
        const row = await this.#account.store.findMessage(ref.peer, ref.message);
        return inputOf(Object.values(row?.locations ?? {}).find((location) => location.set)?.set);
      }
      case 'emoji':
        return inputOf((await this.emoji.find(ref.emoji))?.location.set);
    }
  }

  /** Names a set for the server. @throws Refused STICKERSET_INVALID if it was never seen */
  inputSet(id: string): SetInput {
    const { stickerSets, emojiSets } = this.#account.store.facts;
    return inputOf(this.#rows.get(id) ?? [...stickerSets, ...emojiSets].find((row) => row.id === id));
  }

  /** Notes where stickers are. @param from the set that they belong to, if it is known */
  noteFiles(stickers: readonly StickerRow[], from?: SetInput): void {
    for (const row of stickers) {
      this.#files.delete(row.document.id);
      this.#files.set(row.document.id, { row, from });
    }
    for (const oldest of [...this.#files.keys()].slice(0, -FILES_MAX)) this.#files.delete(oldest);
  }

  /** A sticker or custom emoji that was shown. @param isStale what is known of its place is too old @throws Refused FILE_ID_INVALID */
  async file(id: string, isStale = false): Promise<StickerRow> {
    const known = this.#files.get(id);
    if (known && !isStale) return known.row;
    const from = known?.from ?? (known?.row.location.set && inputOf(known.row.location.set));
    const fresh = from ? (await this.#load(from)).stickers.find(({ document }) => document.id === id) : await this.emoji.find(id, isStale);
    if (!fresh) throw new Refused({ code: 'FILE_ID_INVALID' });
    return fresh;
  }

  /** Adds a set to those of the account. */
  async install(id: string): Promise<void> {
    await this.#account.call({ _: 'messages.installStickerSet', stickerset: this.inputSet(id), archived: false });
    await this.#changed(id);
  }

  async uninstall(id: string): Promise<void> {
    await this.#account.call({ _: 'messages.uninstallStickerSet', stickerset: this.inputSet(id) });
    await this.#changed(id);
  }

  /** Whether the account has a set is said by the set, too. */
  async #changed(id: string): Promise<void> {
    const kind = this.#rows.get(id)?.kind ?? 'stickers';
    this.#loaded.delete(id);
    await this.refresh(kind);
  }

  async order(kind: SetKind, sets: readonly string[]): Promise<void> {
    await this.#account.call({ _: 'messages.reorderStickerSets', emojis: kind === 'emoji', order: sets.map((id) => Long.fromString(id)) });
    await this.refresh(kind);
  }

  /** A page of the sets that the account has put away. @param after the last set of the page before */
  async archived(kind: SetKind, after = '0'): Promise<{ rows: SetRow[]; hasMore: boolean }> {
    const { sets } = await this.#account.call({ _: 'messages.getArchivedStickers', emojis: kind === 'emoji', offsetId: Long.fromString(after), limit: PAGE });
    return { rows: this.#readCovered(sets), hasMore: sets.length === PAGE };
  }

  /** The sets that the server offers to everybody. */
  async featured(kind: SetKind): Promise<SetRow[]> {
    const answer = await this.#account.call({ _: kind === 'emoji' ? 'messages.getFeaturedEmojiStickers' : 'messages.getFeaturedStickers', hash: Long.ZERO });
    return answer._ === 'messages.featuredStickers' ? this.#readCovered(answer.sets) : [];
  }

  #readCovered(sets: readonly tl.TypeStickerSetCovered[]): SetRow[] {
    const rows = sets.map(({ set }) => readSet(set));
    for (const row of rows) this.#note(row);
    return rows;
  }

  /** Stickers for an emoji or a word: of the sets of the account that are known, then what the server finds. */
  async search(query: string): Promise<StickerRow[]> {
    const isWord = /[\p{L}\p{N}]/u.test(query);
    const [own, answer] = await Promise.all([
      this.#findOwn(query),
      this.#account.call({ _: 'messages.searchStickers', q: isWord ? query : '', emoticon: isWord ? '' : query, langCode: [navigator.language.split('-')[0]!], offset: 0, limit: FOUND_MAX, hash: Long.ZERO }).catch(() => undefined),
    ]);
    const found = answer?._ === 'messages.foundStickers' ? answer.stickers.flatMap((document) => readSticker(document) ?? []) : [];
    this.noteFiles(found);
    return unique([...own, ...found]);
  }

  async #findOwn(query: string): Promise<StickerRow[]> {
    const ids = this.#account.store.facts.stickerSets.map(({ id }) => id);
    const loaded = await Promise.all(ids.flatMap((id) => this.#loaded.get(id)?.catch(() => undefined) ?? []));
    return findStickers(loaded.flatMap((set) => set?.stickers ?? []), query);
  }

  /** Stickers that the server offers for an emoji. */
  async suggested(emoji: string): Promise<StickerRow[]> {
    const answer = await this.#account.call({ _: 'messages.getStickers', emoticon: emoji, hash: Long.ZERO });
    const found = answer._ === 'messages.stickers' ? answer.stickers.flatMap((document) => readSticker(document) ?? []) : [];
    this.noteFiles(found);
    return found;
  }

  #animated: Promise<LoadedSet> | undefined;

  /** What moves in the place of an emoji that stands alone. */
  async animated(emoji: string): Promise<StickerRow | undefined> {
    const loading = (this.#animated ??= this.#load({ _: 'inputStickerSetAnimatedEmoji' }));
    loading.catch(() => (this.#animated = undefined));
    const { stickers } = await loading;
    return findStickers(stickers, emoji)[0];
  }

  #dice = new Map<string, Promise<LoadedSet>>();

  /** What shows how something falls, the lowest first; nothing if the server has no drawings of it. */
  async die(emoji: string, value: number): Promise<StickerRow[]> {
    const loading = this.#dice.get(emoji) ?? this.#load({ _: 'inputStickerSetDice', emoticon: emoji });
    this.#dice.set(emoji, loading);
    loading.catch(() => this.#dice.delete(emoji));
    const { stickers } = await loading;
    const found = placesOfDie(emoji, value).map((place) => stickers[place]);
    return found.every((row) => row !== undefined) ? found : [];
  }
}

/** The kind of sets of which an update says that something is different. Pure. */
export function changedKind(update: tl.TypeUpdate): SetKind | undefined {
  if (update._ === 'updateNewStickerSet') return update.stickerset._ !== 'messages.stickerSet' || update.stickerset.set.masks ? undefined : update.stickerset.set.emojis ? 'emoji' : 'stickers';
  if (update._ !== 'updateStickerSets' && update._ !== 'updateStickerSetsOrder' && update._ !== 'updateMoveStickerSetToTop') return undefined;
  return update.masks ? undefined : update.emojis ? 'emoji' : 'stickers';
}

/** Names a set for the server. Pure. @throws Refused STICKERSET_INVALID for none */
function inputOf(set: { id: string; accessHash: string } | undefined): tl.RawInputStickerSetID {
  if (!set) throw new Refused({ code: 'STICKERSET_INVALID' });
  return { _: 'inputStickerSetID', id: Long.fromString(set.id), accessHash: Long.fromString(set.accessHash) };
}

/** Each sticker once. Pure. */
const unique = (stickers: readonly StickerRow[]): StickerRow[] => [...new Map(stickers.map((row) => [row.document.id, row])).values()];
