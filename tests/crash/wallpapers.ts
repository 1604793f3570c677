import { callPatiently, type RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { inputUser } from './channel-input.ts';
import { loadAt } from './load-at.ts';
import { makePicture } from './pictures.ts';
import { inputFileOf, repeatWithUpload, type Upload, uploadParts } from './upload.ts';

interface SetWallpaper extends Upload {
  id: bigint | undefined;
  access_hash: bigint;
  isSaved: boolean;
  isSet: boolean;
}

/** The list of wallpapers holds no more. */
const SAVED_MAX = 60;

/** Wallpapers that an account uploads, saves, and sets for a private chat. */
export class Wallpapers {
  readonly #account: RawAccount;
  readonly #other: RawAccount;
  readonly #all: SetWallpaper[] = [];

  /** @param other with whom the private chat is */
  constructor(account: RawAccount, other: RawAccount) {
    this.#account = account;
    this.#other = other;
  }

  get count(): number {
    return this.#all.length;
  }

  async change(random: Random): Promise<void> {
    if (this.#all.length >= SAVED_MAX) return;
    const one: SetWallpaper = { bytes: await makePicture(this.#all.length, random), fileId: random.int64(), id: undefined, access_hash: 0n, isSaved: false, isSet: false };
    this.#all.push(one);
    await uploadParts(this.#account, one);
    await this.#finish(one);
  }

  /** Makes a wallpaper of the upload, saves it and sets it, as far as this was not acknowledged before. */
  async #finish(one: SetWallpaper): Promise<void> {
    if (one.id === undefined) {
      const made = await callPatiently<'account.uploadWallPaper'>(this.#account, { _: 'account.uploadWallPaper', file: inputFileOf(one, 'a.jpg'), mime_type: 'image/jpeg', settings: { _: 'wallPaperSettings' } });
      if (made._ !== 'wallPaper') throw new Error(`uploadWallPaper answers ${made._}`);
      Object.assign(one, { id: made.id, access_hash: made.access_hash });
    }
    const wallpaper: tl.inputWallPaper = { _: 'inputWallPaper', id: one.id!, access_hash: one.access_hash };
    if (!one.isSaved) {
      await callPatiently<'account.saveWallPaper'>(this.#account, { _: 'account.saveWallPaper', wallpaper, unsave: false, settings: { _: 'wallPaperSettings' } });
      one.isSaved = true;
    }
    await callPatiently<'messages.setChatWallPaper'>(this.#account, { _: 'messages.setChatWallPaper', peer: this.#account.inputPeer(this.#other), wallpaper, settings: { _: 'wallPaperSettings' } });
    one.isSet = true;
  }

  async repeatOpen(): Promise<void> {
    for (const one of this.#all) if (!one.isSet) await repeatWithUpload(() => this.#finish(one), () => uploadParts(this.#account, one));
  }

  /** Checks that saved wallpapers are in the list once and can be loaded, and that the chat has the last one, or the one without an answer. @throws if not */
  async check(): Promise<void> {
    const list = await this.#account.call<'account.getWallPapers'>({ _: 'account.getWallPapers', hash: 0n });
    const listed = list._ === 'account.wallPapers' ? list.wallpapers.filter((one) => one._ === 'wallPaper') : [];
    for (const { id, bytes } of this.#all.filter(({ isSaved }) => isSaved)) {
      const found = listed.filter((one) => one.id === id);
      if (found.length !== 1) throw new Error(`the wallpaper ${id} is in the list ${found.length} times`);
      const { document } = found[0]!;
      if (document._ !== 'document') throw new Error(`the wallpaper ${id} has lost its file`);
      const { access_hash, file_reference } = document;
      const loaded = await loadAt(this.#account, { _: 'inputDocumentFileLocation', id: document.id, access_hash, file_reference, thumb_size: '' });
      if (Buffer.compare(loaded, bytes) !== 0) throw new Error(`the wallpaper ${id} is not what was sent`);
    }
    const last = this.#all.findLast(({ isSet }) => isSet);
    if (last === undefined) return;
    const { full_user } = await this.#account.call<'users.getFullUser'>({ _: 'users.getFullUser', id: inputUser(this.#account, this.#other) });
    const possible = [last, ...this.#all.filter(({ isSet }) => !isSet)].map(({ id }) => id);
    if (!possible.includes(full_user.wallpaper?.id)) throw new Error(`the chat has the wallpaper ${full_user.wallpaper?.id} instead of ${possible.join(' or ')}`);
  }
}
