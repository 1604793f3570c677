import { fileIdentity, type FinishedUpload, hashBlocks } from '@aerogram/blob';
import { RpcError, rpcError } from '@aerogram/errors';

import type { DomainDeps } from '../shared/index.ts';
import { blockedUploadsMetric, checkNotBlocked, isAccepted, once, saveAccepted, saveBlobBlock } from '../blobs/index.ts';
import type { EarlierUpload, UploadKey } from './finished-upload-store.ts';

/** How long a client should wait while the hook fails, in seconds. */
const FAILED_WAIT_S = 30;
/** How long a client should wait while too many files wait for the hook, in seconds. */
const BUSY_WAIT_S = 5;

/** Decides whether the content of an upload may come in: operators may have blocked it, and their hook is asked about what it has not seen. */
export interface ContentGate {
  /**
   * Checks the content of an upload, and deletes the upload if it is refused.
   * @param content.finished absent if the upload is gone, because an earlier call has made something of it
   * @throws RpcError MEDIA_INVALID (refused), FLOOD_WAIT_%d (the hook fails, or too many files wait for it)
   */
  checkUpload(upload: UploadKey, content: Pick<EarlierUpload, 'identity'> & { finished?: FinishedUpload }): Promise<void>;
  /**
   * Checks bytes that this server has fetched.
   * @param account whose turn at the hook it takes
   * @throws RpcError as {@link ContentGate.checkUpload}
   */
  checkBytes(account: bigint, bytes: Uint8Array): Promise<void>;
}

/** Content that the hook may be asked about. */
interface NewFile {
  identity: Uint8Array;
  size: number;
  read(): AsyncIterable<Uint8Array>;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'log' | 'metrics' | 'fileStorage' | 'fileHook'> & { config: Pick<DomainDeps['config'], 'fileHookFailure'> };

/** Creates the gate. */
export function createContentGate({ db, clock, log, metrics, config, fileHook, fileStorage: { uploads } }: Deps): ContentGate {
  const blocked = metrics.counter(blockedUploadsMetric);
  /** Questions that are under way, by the content. Several uploads of it share one. */
  const asked = new Map<string, Promise<void>>();

  /** Asks the hook, and keeps what it says. No transaction is open meanwhile. */
  const ask = async (hook: NonNullable<typeof fileHook>, account: bigint, { identity, size, read }: NewFile): Promise<void> => {
    const file = Buffer.from(identity).toString('hex');
    const verdict = await hook.ask({ account, size, hash: file, read });
    switch (verdict) {
      case 'accepted':
        return db.transact('accept-file', (tx) => saveAccepted(tx, identity, clock.now()));
      case 'refused':
        log.warn({ file, account }, 'the hook has refused a file');
        await db.transact('refuse-file', (tx) => saveBlobBlock(tx, identity, clock.now(), { byHook: true }));
        throw rpcError('MEDIA_INVALID');
      case 'failed':
        if (config.fileHookFailure === 'accept') return;
        throw rpcError('FLOOD_WAIT_%d', FAILED_WAIT_S);
      case 'busy':
        throw rpcError('FLOOD_WAIT_%d', BUSY_WAIT_S);
    }
  };

  /** Asks the hook about content that it has not accepted before. */
  const askOnce = async (account: bigint, content: NewFile): Promise<void> => {
    if (fileHook === undefined || (await isAccepted(db, content.identity))) return;
    const key = Buffer.from(content.identity).toString('hex');
    const question = asked.get(key) ?? ask(fileHook, account, content).finally(() => asked.delete(key));
    asked.set(key, question);
    await question;
  };

  return {
    async checkUpload(upload, { identity, finished }) {
      try {
        await checkNotBlocked(db, identity);
        // What an earlier call has made of an upload was judged then.
        if (finished !== undefined) await askOnce(upload.userId, { identity, size: finished.size, read: () => uploads.read(finished) });
      } catch (error) {
        if (error instanceof RpcError && error.text === 'MEDIA_INVALID') {
          blocked.inc();
          if (finished !== undefined) await uploads.discard(upload.userId, upload.fileId);
        }
        throw error;
      }
    },
    async checkBytes(account, bytes) {
      const identity = fileIdentity(bytes.length, hashBlocks(bytes));
      await checkNotBlocked(db, identity);
      await askOnce(account, { identity, size: bytes.length, read: () => once(bytes) });
    },
  };
}
