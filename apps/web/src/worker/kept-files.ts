import type { tl } from '@mtcute/core';
import Long from 'long';
import type { Document, DocumentRole, KeptList } from '../protocol/index.ts';
import type { Account } from './account.ts';
import type { Location } from './models/location.ts';
import { readDocument } from './models/attached.ts';

/** A sticker or GIF that the account keeps on the server. */
export interface KeptRow {
  document: Document;
  role: DocumentRole;
  location: Location;
}

const CHANGED: Partial<Record<tl.TypeUpdate['_'], KeptList>> = { updateFavedStickers: 'favourite', updateRecentStickers: 'recent', updateSavedGifs: 'gifs' };

/** The stickers and GIFs that the account keeps: what was sent last, and what was chosen. */
export class KeptFiles {
  readonly #account: Account;
  #lists = new Map<KeptList, Promise<KeptRow[]>>();
  #known = new Map<KeptList, KeptRow[]>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Asks the server for a list. */
  async load(list: KeptList): Promise<KeptRow[]> {
    const loading = this.#ask(list);
    this.#lists.set(list, loading);
    loading.catch(() => this.#lists.delete(list));
    const rows = await loading;
    // A newer question is on its way.
    if (this.#lists.get(list) !== loading) return rows;
    this.#known.set(list, rows);
    this.#account.store.noteGathered();
    return rows;
  }

  /** A list as it was loaded last. */
  known(list: KeptList): KeptRow[] | undefined {
    return this.#known.get(list);
  }

  /** Loads a list anew of which an update says that it is different. */
  consider({ _: name }: tl.TypeUpdate): void {
    const list = CHANGED[name];
    if (list && this.#lists.has(list)) void this.load(list).catch(() => undefined);
  }

  /** One of a list, as it was loaded last. */
  async find(list: KeptList, id: string): Promise<KeptRow | undefined> {
    const rows = await (this.#lists.get(list) ?? this.load(list));
    return rows.find(({ document }) => document.id === id);
  }

  async #ask(list: KeptList): Promise<KeptRow[]> {
    return (await this.#askDocuments(list)).flatMap((each) => {
      const read = readDocument(each);
      const location = read?.locations[read.document.id];
      return read && location ? [{ document: read.document, role: read.role, location }] : [];
    });
  }

  async #askDocuments(list: KeptList): Promise<tl.TypeDocument[]> {
    switch (list) {
      case 'recent': {
        const answer = await this.#account.call({ _: 'messages.getRecentStickers', hash: Long.ZERO });
        return answer._ === 'messages.recentStickers' ? answer.stickers : [];
      }
      case 'favourite': {
        const answer = await this.#account.call({ _: 'messages.getFavedStickers', hash: Long.ZERO });
        return answer._ === 'messages.favedStickers' ? answer.stickers : [];
      }
      case 'gifs': {
        const answer = await this.#account.call({ _: 'messages.getSavedGifs', hash: Long.ZERO });
        return answer._ === 'messages.savedGifs' ? answer.gifs : [];
      }
    }
  }
}
