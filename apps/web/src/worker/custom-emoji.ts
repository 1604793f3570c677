import Long from 'long';
import type { Account } from './account.ts';
import { readSticker, type StickerRow } from './models/sticker-set.ts';

/** Most custom emoji of one call. Those that come into sight at the same moment are asked for together. @see https://core.telegram.org/method/messages.getCustomEmojiDocuments */
const AT_ONCE_MAX = 200;
/** How long others are waited for, in milliseconds. */
const WAIT_MS = 30;
/** Custom emoji that are remembered. */
const KEPT_MAX = 2000;

/** Custom emoji by their ids. */
export class CustomEmoji {
  readonly #account: Account;
  #known = new Map<string, Promise<StickerRow | undefined>>();
  #waiting = new Map<string, (row: StickerRow | undefined) => void>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** One custom emoji; undefined if there is no such one. @param isStale asks for it again */
  find(id: string, isStale = false): Promise<StickerRow | undefined> {
    const known = isStale ? undefined : this.#known.get(id);
    if (known) return known;
    const found = new Promise<StickerRow | undefined>((resolve) => {
      if (this.#waiting.size === 0) setTimeout(() => this.#load(), WAIT_MS);
      this.#waiting.set(id, resolve);
    });
    this.#known.set(id, found);
    for (const oldest of [...this.#known.keys()].slice(0, -KEPT_MAX)) this.#known.delete(oldest);
    return found;
  }

  #load(): void {
    const asked = [...this.#waiting];
    this.#waiting.clear();
    for (let at = 0; at < asked.length; at += AT_ONCE_MAX) void this.#ask(asked.slice(at, at + AT_ONCE_MAX));
  }

  async #ask(asked: [id: string, tell: (row: StickerRow | undefined) => void][]): Promise<void> {
    const documents = await this.#account.call({ _: 'messages.getCustomEmojiDocuments', documentId: asked.map(([id]) => Long.fromString(id)) }).catch(() => undefined);
    const rows = new Map((documents ?? []).flatMap((document) => readSticker(document) ?? []).map((row) => [row.document.id, row]));
    for (const [id, tell] of asked) {
      // What could not be asked for is asked for again.
      if (!documents) this.#known.delete(id);
      tell(rows.get(id));
    }
  }
}
