import type { SetKind, StickerSetsView, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { publicSet } from '../models/sticker-set.ts';
import type { StickerSets } from '../sticker-sets.ts';
import type { Changes } from '../store/changes.ts';
import { Values, type View } from './view.ts';

/** The sets of one kind that the account has. What was known before is shown until the server has answered. */
export class StickerSetList implements View<'stickerSets'> {
  readonly #account: Account;
  readonly #sets: StickerSets;
  readonly #kind: SetKind;
  #values = new Values<StickerSetsView>();

  constructor({ account, sets, say: { kind } }: { account: Account; sets: StickerSets; say: { kind: SetKind } }) {
    this.#account = account;
    this.#sets = sets;
    this.#kind = kind;
  }

  get #known(): StickerSetsView['sets'] {
    const { stickerSets, emojiSets } = this.#account.store.facts;
    return (this.#kind === 'emoji' ? emojiSets : stickerSets).map(publicSet);
  }

  async start(): Promise<void> {
    if (this.#known.length > 0) this.#values.set({ sets: this.#known });
    await this.#sets.refresh(this.#kind);
    this.#values.set({ sets: this.#known });
  }

  notice(changes: Changes): void {
    if (changes.stickers) this.#values.set({ sets: this.#known });
  }

  takePatch(): ViewPatches['stickerSets'] | undefined {
    return this.#values.take();
  }

  peersOf(): Iterable<number> {
    return [];
  }

  close(): void {}
}
