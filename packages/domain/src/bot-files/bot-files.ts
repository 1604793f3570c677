import { defineRecurringJob, type JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { EVERYBODY, type FileLinks, type FileReferences, findDocuments, findPhotos, type NamedPart } from '../documents/index.ts';
import type { Files, LinkedFile, NamedFile } from '../files/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { findBotFileUse, findBotWithFiles, keepBotFile, trimBotFiles } from './bot-file-store.ts';

/** Maximum number of files that are kept for one bot; those that it has not used for the longest time go. */
const FILES_MAX = 50_000;
/** How often files beyond that go. A bot may have more for that long. */
const TRIM_EVERY_MS = 6 * 3_600_000;
/** Rows that one statement deletes. */
const TRIM_SLICE = 1000;
/** A file that was used again so soon is not noted once more, in seconds. */
const USE_NOTED_S = 86_400;
/** For how long the path of a file is valid at least, in seconds (core.telegram.org/bots/api#getfile). */
const PATH_S = 3600;

/** A file as a bot names it to a method of the API. */
export type UsableFile = { kind: 'document'; id: tl.inputDocument } | { kind: 'photo'; id: tl.inputPhoto };

interface BotFilesParts {
  files: Pick<Files, 'named' | 'bundled'>;
  accessHashes: Pick<AccessHashes, 'of'>;
  references: Pick<FileReferences, 'of'>;
  links: Pick<FileLinks, 'ofBot' | 'openOfBot'>;
}

/**
 * The files of bots that use the Bot API, where a file is named by a `file_id`. That the server gave this `file_id` to this bot is for the caller to prove. A file that a bot
 * has uploaded, or used by its `file_id`, is kept for it; one that it has merely received lives as long as somebody's message.
 */
export class BotFiles {
  /** Drops what is more than is kept for a bot. */
  readonly jobKind: JobKind;
  readonly #deps: Pick<DomainDeps, 'db' | 'clock'>;
  readonly #parts: BotFilesParts;

  constructor(deps: Pick<DomainDeps, 'db' | 'clock'>, parts: BotFilesParts) {
    this.#deps = deps;
    this.#parts = parts;
    this.jobKind = defineRecurringJob({ kind: 'trim-bot-files', everyMs: TRIM_EVERY_MS, clockNeed: 'proven', run: ({ signal }) => this.#trim(signal) });
  }

  /** Finds a document or photo, or one of its sizes. @returns undefined if it does not exist, or an operator has deleted it */
  find(part: NamedPart): Promise<NamedFile | undefined> {
    return this.#parts.files.named.open(part);
  }

  /**
   * Lets a bot use a file that the server gave it: keeps the file for the bot, unless it ships with the server, and names it with access hash and a file reference that only this bot may use, for a day.
   * @returns undefined if the file does not exist any more, or an operator has deleted or blocked it
   */
  async doUse(botId: bigint, documentId: bigint): Promise<UsableFile | undefined> {
    const [bundled] = this.#parts.files.bundled.listDocuments([documentId]);
    if (bundled !== undefined) return { kind: 'document', id: { _: 'inputDocument', id: documentId, access_hash: bundled.access_hash, file_reference: bundled.file_reference } };
    const { db } = this.#deps;
    const [documents, photos] = await Promise.all([findDocuments(db, [documentId]), findPhotos(db, [documentId])]);
    const kind = documents.has(documentId) ? 'document' : photos.has(documentId) ? 'photo' : undefined;
    if (kind === undefined || !(await this.#keepOnUse(botId, documentId))) return undefined;
    const id = {
      id: documentId,
      access_hash: this.#parts.accessHashes.of(kind, EVERYBODY, documentId),
      file_reference: this.#parts.references.of(documentId, { kind: 'bot', fileId: documentId }),
    };
    return kind === 'document' ? { kind, id: { _: 'inputDocument', ...id } } : { kind, id: { _: 'inputPhoto', ...id } };
  }

  /** Keeps files that a bot has uploaded and sent, by the ids of documents and photos. Those that are gone are left out. */
  async doKeep(botId: bigint, documentIds: readonly bigint[]): Promise<void> {
    if (documentIds.length === 0) return;
    await this.#deps.db.transact('keep-bot-files', async (tx) => {
      for (const id of new Set(documentIds)) await keepBotFile(tx, botId, id, this.#deps.clock.now());
    });
  }

  /** The part of a path by which this bot may load a file, for one to two hours. It is the same for an hour. */
  pathOf(botId: bigint, part: NamedPart): string {
    const untilDate = Math.ceil(this.#deps.clock.now() / PATH_S) * PATH_S + PATH_S;
    return this.#parts.links.ofBot(botId, part, untilDate);
  }

  /** Finds the file of a path of this bot. @returns undefined if the path is not ours, another bot's or not valid any more, or the file is gone or was deleted by an operator */
  async openPath(botId: bigint, path: string): Promise<LinkedFile | undefined> {
    const link = this.#parts.links.openOfBot(botId, path);
    const file = link && (await this.find(link));
    return link && file && { ...file, linkSeconds: link.seconds };
  }

  /** Keeps a file for a bot that is about to use it. @returns false if the file is gone */
  async #keepOnUse(botId: bigint, documentId: bigint): Promise<boolean> {
    const { db, clock } = this.#deps;
    const usedDate = await findBotFileUse(db, botId, documentId);
    if (usedDate !== undefined && clock.now() - usedDate < USE_NOTED_S) return true;
    return db.transact('keep-bot-file', (tx) => keepBotFile(tx, botId, documentId, clock.now()));
  }

  async #trim(signal: AbortSignal): Promise<void> {
    const { db } = this.#deps;
    for (let botId = await findBotWithFiles(db, 0n); botId !== undefined; botId = await findBotWithFiles(db, botId)) {
      for (let dropped = TRIM_SLICE; dropped === TRIM_SLICE; ) {
        signal.throwIfAborted();
        const [id, most] = [botId, FILES_MAX];
        dropped = await db.transact('trim-bot-files', (tx) => trimBotFiles(tx, id, { most, limit: TRIM_SLICE }));
      }
    }
  }
}
