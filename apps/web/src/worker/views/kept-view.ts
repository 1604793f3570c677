import type { KeptList, KeptView, ViewPatches } from '../../protocol/index.ts';
import type { KeptFiles, KeptRow } from '../kept-files.ts';
import { Values, type View } from './view.ts';

/** A list of stickers or GIFs that the account keeps. */
export class KeptListView implements View<'kept'> {
  readonly #kept: KeptFiles;
  readonly #list: KeptList;
  #values = new Values<KeptView>();
  #shown: readonly KeptRow[] | undefined;

  constructor({ kept, say: { list } }: { kept: KeptFiles; say: { list: KeptList } }) {
    this.#kept = kept;
    this.#list = list;
  }

  async start(): Promise<void> {
    await this.#kept.load(this.#list);
    this.#show();
  }

  #show(): void {
    const rows = this.#kept.known(this.#list);
    if (!rows || rows === this.#shown) return;
    this.#shown = rows;
    this.#values.set({ documents: rows.map(({ document, role }) => ({ document, role })) });
  }

  notice(): void {
    this.#show();
  }

  takePatch(): ViewPatches['kept'] | undefined {
    return this.#values.take();
  }

  peersOf(): Iterable<number> {
    return [];
  }

  close(): void {}
}
