import { rpcError } from '@aerogram/errors';

import type { Files } from '../files/index.ts';
import type { FileMedia } from '../content/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { isOfKind, type UrlFileOfKind, type UrlUploads } from '../web-files/index.ts';
import { keepFileOfResult } from './inline-set-store.ts';

/** A result that is a file of another site. */
export interface FileResult {
  /** The `query_id` of the results. */
  setId: bigint;
  resultId: string;
  file: UrlFileOfKind;
}

/** What {@link ResultFiles} needs. */
export interface ResultFilesDeps extends Pick<DomainDeps, 'db'> {
  files: Pick<Files, 'doPrepareMedia' | 'photos'>;
  urlUploads: Pick<UrlUploads, 'doUse'>;
}

/** Makes the files of results that are at a URL. The first person who sends such a result gives it its file; from then on it is that file for everybody who is shown it. */
export class ResultFiles {
  readonly #deps: ResultFilesDeps;
  /** Files that are being made, by set and result. All who send the result meanwhile wait for the same one. */
  readonly #making = new Map<string, Promise<FileMedia>>();

  constructor(deps: ResultFilesDeps) {
    this.#deps = deps;
  }

  /**
   * Fetches the file of a result and makes media of it. No transaction is open while it is fetched.
   * @throws RpcError as {@link UrlUploads.doUse}, {@link Files.doPrepareMedia} and {@link Photos.doPrepareMedia}; WEBPAGE_MEDIA_EMPTY if the file is no such media as the result says
   */
  doMake(userId: bigint, result: FileResult): Promise<FileMedia> {
    const key = `${result.setId} ${result.resultId}`;
    const making = this.#making.get(key) ?? this.#make(userId, result).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  async #make(userId: bigint, { setId, resultId, file }: FileResult): Promise<FileMedia> {
    const { db, files, urlUploads } = this.#deps;
    const media = await urlUploads.doUse({ userId, isBot: false }, file, async (upload) => {
      const made = upload._ === 'inputMediaUploadedPhoto' ? await files.photos.doPrepareMedia(userId, upload) : await files.doPrepareMedia(userId, upload);
      if (!isOfKind(file.kind, made)) throw rpcError('WEBPAGE_MEDIA_EMPTY');
      return made;
    });
    await db.transact('keep-file-of-result', (tx) => keepFileOfResult(tx, setId, resultId, media));
    return media;
  }
}
