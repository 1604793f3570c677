import type { DocumentRole, LocalFile, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { readAttached, type StoredFile } from '../models/attached.ts';
import { Refused } from '../refusal.ts';
import { inputOf } from './known-media.ts';
import { storeMedia, uploadMedia } from './upload.ts';

/** As many files are known; pages that were closed have left some. */
const KEPT = 100;

/** Files that are uploaded before what they stand in is sent, so that what is wrong with them is told while it is written. Pages name them. */
export class Uploads {
  readonly #account: Account;
  readonly #files = new Map<string, { abort: AbortController; stored?: StoredFile }>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Uploads a file for a chat. @param onProgress gets 0 to 1 @returns as what the server takes it @throws Refused CANCELLED if it was dropped meanwhile, and what the server says of the file */
  async start(upload: string, { peer, file }: { peer: PeerId; file: LocalFile }, onProgress: (part: number) => void): Promise<'photo' | DocumentRole> {
    const abort = new AbortController();
    const entry: { abort: AbortController; stored?: StoredFile } = { abort };
    this.#files.set(upload, entry);
    const [oldest] = this.#files.keys();
    if (this.#files.size > KEPT) this.drop(oldest!);
    try {
      const stored = await storeMedia(this.#account, peer, await uploadMedia(this.#account, file, onProgress, abort.signal));
      const { media, locations } = readAttached(stored)!;
      entry.stored = { input: inputOf(stored), media, locations };
      return media.kind === 'document' ? media.role : 'photo';
    } catch (error) {
      if (this.#files.get(upload) === entry) this.#files.delete(upload);
      throw abort.signal.aborted ? new Refused({ code: 'CANCELLED' }) : error;
    }
  }

  /** Forgets a file, and ends its transfer. */
  drop(upload: string): void {
    this.#files.get(upload)?.abort.abort();
    this.#files.delete(upload);
  }

  /** A file that has arrived. @throws Refused FILE_LOST */
  find(upload: string): StoredFile {
    const stored = this.#files.get(upload)?.stored;
    if (!stored) throw new Refused({ code: 'FILE_LOST' });
    return stored;
  }
}
