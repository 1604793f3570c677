import { newPresentedId, newPresentedToken } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { defineRecurringJob, type JobKind, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { dropKept, keepFirst, lockToKeep, WALLPAPERS } from '../collections/index.ts';
import type { Files } from '../files/index.ts';
import { findDocuments, type MediaFiller } from '../documents/index.ts';
import { WALLPAPER_TYPES } from '../uploads/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import { type DomainDeps, inSlices } from '../shared/index.ts';
import { DEFAULT_WALLPAPERS } from './default-wallpapers.ts';
import { checkedWallpaperSettings, isPlain, settingsOfFill } from './wallpaper-settings.ts';
import {
  dropSavedWallpapers, findNamedWallpapers, findWallpapers, insertWallpaper, listSavedWallpapers, saveWallpaper, sweepWallpapers, type WallpaperRow,
} from './wallpaper-store.ts';

/** Access hashes of wallpapers are the same for everybody: whoever has the link may see the wallpaper. */
const EVERYBODY = 0n;
/** The most wallpapers in the list of a user; the oldest ones go. */
const SAVED_MAX = 100;

const SLUG_BYTES = 15;
const DAY_S = 86_400;
const SWEEP_EVERY_MS = 3_600_000;
const SLICE = 1000;

/** An uploaded wallpaper. */
export interface WallpaperUpload {
  file: tl.InputFile;
  mimeType: string;
  settings: tl.wallPaperSettings;
}

/** A wallpaper that somebody has uploaded. */
interface Uploaded {
  kind: 'uploaded';
  row: WallpaperRow;
  document: tl.document;
}

/** A wallpaper that a client has named: an uploaded one, or one that everybody has. */
type Found = Uploaded | { kind: 'default'; wallpaper: tl.wallPaperNoFile };

interface WallpaperParts {
  files: Pick<Files, 'doCreateWallpaperFile'>;
  accessHashes: AccessHashes;
  filler: Pick<MediaFiller, 'fillDocument'>;
}

/** A fill that everybody has, with the settings that somebody has chosen for it. Pure. */
const withSettings = (fill: tl.wallPaperNoFile, settings: tl.wallPaperSettings | undefined): tl.wallPaperNoFile => (settings === undefined ? fill : { ...fill, settings: settingsOfFill(fill.settings, settings) });

const idOf = (found: Found): bigint => (found.kind === 'uploaded' ? found.row.id : found.wallpaper.id);

/** Wallpapers (core.telegram.org/api/wallpapers). Whoever has the link of an uploaded one may use it. */
export class Wallpapers {
  readonly #deps: Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config'>;
  readonly #parts: WallpaperParts;
  readonly jobKinds: readonly JobKind[];

  constructor(deps: Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config'>, parts: WallpaperParts) {
    this.#deps = deps;
    this.#parts = parts;
    this.jobKinds = [
      defineRecurringJob({
        kind: 'sweep-wallpapers',
        everyMs: SWEEP_EVERY_MS,
        clockNeed: 'proven',
        run: ({ signal }) => inSlices(SLICE, signal, () => deps.db.transact('sweep-wallpapers', (tx) => sweepWallpapers(tx, deps.clock.now() - DAY_S, SLICE))),
      }),
    ];
  }

  /**
   * Makes a wallpaper of an uploaded picture: a JPEG, or a pattern, which is a PNG or a compressed SVG file. The wallpaper is in no list. Until somebody saves it, it is kept for a week.
   * @throws RpcError WALLPAPER_MIME_INVALID, WALLPAPER_FILE_INVALID, WALLPAPER_INVALID (the settings), and as {@link Files.doCreateWallpaperFile}
   */
  async doUpload(userId: bigint, { file, mimeType, settings }: WallpaperUpload): Promise<tl.wallPaper> {
    const { random, config } = this.#deps;
    const type = WALLPAPER_TYPES.get(mimeType);
    if (type === undefined) throw rpcError('WALLPAPER_MIME_INVALID');
    const checked = checkedWallpaperSettings(settings);
    const document = await this.#parts.files.doCreateWallpaperFile(userId, file, mimeType);
    const row = await this.#deps.db.transact('create-wallpaper', (tx) =>
      insertWallpaper(
        tx,
        {
          id: newPresentedId(random, config.homeDcId),
          slug: Buffer.from(newPresentedToken(random, SLUG_BYTES, config.homeDcId)).toString('base64url'),
          creatorId: userId,
          documentId: document.id,
          isPattern: type.isPattern,
          settings: isPlain(checked) ? undefined : checked,
        },
        this.#deps.clock.now(),
      ),
    );
    return this.#projectUploaded(userId, { kind: 'uploaded', row, document });
  }

  /**
   * Finds wallpapers that a client names, in this order.
   * @throws RpcError WALLPAPER_INVALID
   */
  async find(viewerId: bigint, inputs: readonly tl.InputWallPaper[]): Promise<tl.WallPaper[]> {
    return (await this.#accessAll(inputs)).map((found) => this.#project(viewerId, found));
  }

  /**
   * Finds a wallpaper that is to be set for a chat, in the form in which it is stored. A fill with the id 0 consists of colours that the client chose.
   * @throws RpcError WALLPAPER_INVALID
   */
  async accessForChat(input: tl.InputWallPaper, settings: tl.wallPaperSettings | undefined): Promise<tl.WallPaper> {
    const checked = settings && checkedWallpaperSettings(settings);
    if (input._ === 'inputWallPaperNoFile' && input.id === 0n) {
      if (checked?.background_color === undefined) throw rpcError('WALLPAPER_INVALID');
      return { _: 'wallPaperNoFile', id: 0n, settings: checked };
    }
    const found = await this.#access(input);
    if (found.kind === 'default') return withSettings(found.wallpaper, checked);
    const { row, document } = found;
    return { _: 'wallPaper', id: row.id, pattern: row.isPattern || undefined, access_hash: 0n, slug: row.slug, document, settings: checked ?? row.settings };
  }

  /** Lists the wallpapers of a user: those that were saved, latest first, and those that everybody has unless they were removed. */
  async list(userId: bigint): Promise<tl.WallPaper[]> {
    const { db } = this.#deps;
    const saved = await listSavedWallpapers(db, userId);
    const uploaded = await this.#withDocuments([...(await findWallpapers(db, saved.map(({ id }) => id))).values()]);
    const own = saved.flatMap(({ id, isHidden, settings }) => {
      const wallpaper = DEFAULT_WALLPAPERS.get(id);
      const found: Found | undefined = wallpaper === undefined ? uploaded.get(id) : { kind: 'default', wallpaper };
      return found === undefined || isHidden ? [] : [this.#project(userId, found, settings)];
    });
    const changed = new Set(saved.map(({ id }) => id));
    return [...own, ...[...DEFAULT_WALLPAPERS.values()].filter(({ id }) => !changed.has(id))];
  }

  /**
   * Puts a wallpaper at the beginning of a user's list, with these settings.
   * @throws RpcError WALLPAPER_INVALID
   */
  async doSave(userId: bigint, input: tl.InputWallPaper, settings: tl.wallPaperSettings): Promise<void> {
    const found = await this.#access(input);
    const checked = checkedWallpaperSettings(settings);
    await this.#change('save-wallpaper', userId, async (tx) => {
      if (found.kind === 'uploaded' && !(await lockToKeep(tx, found.document))) throw rpcError('WALLPAPER_INVALID');
      await saveWallpaper(tx, userId, { id: idOf(found), isHidden: false, settings: isPlain(checked) ? undefined : checked });
      if (found.kind === 'uploaded') await keepFirst(tx, { ownerId: userId, list: WALLPAPERS }, found.row.documentId);
      const shown = (await listSavedWallpapers(tx, userId)).filter(({ isHidden }) => !isHidden);
      await this.#drop(tx, userId, shown.slice(SAVED_MAX).map(({ id }) => id));
    });
  }

  /**
   * Removes a wallpaper from a user's list. Nothing happens if the list does not have the wallpaper.
   * @throws RpcError WALLPAPER_INVALID
   */
  async doRemove(userId: bigint, input: tl.InputWallPaper): Promise<void> {
    const found = await this.#access(input);
    await this.#change('remove-wallpaper', userId, async (tx) => {
      if (found.kind === 'uploaded') await this.#drop(tx, userId, [found.row.id]);
      else await saveWallpaper(tx, userId, { id: found.wallpaper.id, isHidden: true, settings: undefined });
    });
  }

  /** Makes the list of a user what it is for a new account. */
  doReset(userId: bigint): Promise<void> {
    return this.#change('reset-wallpapers', userId, async (tx) => this.#drop(tx, userId, (await listSavedWallpapers(tx, userId)).map(({ id }) => id)));
  }

  #project(viewerId: bigint, found: Found, settings?: tl.wallPaperSettings): tl.WallPaper {
    if (found.kind === 'default') return withSettings(found.wallpaper, settings);
    return this.#projectUploaded(viewerId, found, settings);
  }

  #projectUploaded(viewerId: bigint, { row, document }: Uploaded, settings = row.settings): tl.wallPaper {
    return {
      _: 'wallPaper',
      id: row.id,
      creator: row.creatorId === viewerId || undefined,
      pattern: row.isPattern || undefined,
      access_hash: this.#parts.accessHashes.of('wallpaper', EVERYBODY, row.id),
      slug: row.slug,
      document: this.#parts.filler.fillDocument(document, { kind: 'wallpaper', wallpaperId: row.id }),
      settings,
    };
  }

  /** Adds their documents to rows. Wallpapers whose document was collected are left out. */
  async #withDocuments(rows: readonly WallpaperRow[]): Promise<Map<bigint, Uploaded>> {
    const documents = await findDocuments(this.#deps.db, rows.map(({ documentId }) => documentId));
    return new Map(rows.flatMap((row) => {
      const document = documents.get(row.documentId)?.document;
      return document === undefined ? [] : [[row.id, { kind: 'uploaded', row, document }]];
    }));
  }

  /** Finds what a client names, in this order. Many take as many queries as one. */
  async #accessAll(inputs: readonly tl.InputWallPaper[]): Promise<Found[]> {
    const isNamed = ({ id, access_hash: hash }: tl.inputWallPaper): boolean => this.#parts.accessHashes.matches('wallpaper', EVERYBODY, id, hash);
    const ids = inputs.flatMap((input) => (input._ === 'inputWallPaper' && isNamed(input) ? [input.id] : []));
    const slugs = inputs.flatMap((input) => (input._ === 'inputWallPaperSlug' ? [input.slug] : []));
    const byId = ids.length + slugs.length === 0 ? new Map<bigint, Uploaded>() : await this.#withDocuments(await findNamedWallpapers(this.#deps.db, { ids, slugs }));
    const bySlug = new Map([...byId.values()].map((found) => [found.row.slug, found]));

    const findOne = (input: tl.InputWallPaper): Found | undefined => {
      if (input._ === 'inputWallPaperSlug') return bySlug.get(input.slug);
      if (input._ === 'inputWallPaper') return isNamed(input) ? byId.get(input.id) : undefined;
      const wallpaper = DEFAULT_WALLPAPERS.get(input.id);
      return wallpaper && { kind: 'default', wallpaper };
    };
    return inputs.map((input) => {
      const found = findOne(input);
      if (found === undefined) throw rpcError('WALLPAPER_INVALID');
      return found;
    });
  }

  async #access(input: tl.InputWallPaper): Promise<Found> {
    return (await this.#accessAll([input]))[0]!;
  }

  /** Changes the list of a user. The lock keeps two devices from changing it at once: a wallpaper in the list would lose its document. */
  #change(name: string, userId: bigint, edit: (tx: Tx) => Promise<void>): Promise<void> {
    return this.#deps.db.transact(name, async (tx) => {
      await tx.lockCounters([userId]);
      await edit(tx);
    });
  }

  /** Takes uploaded wallpapers out of a list, and lets their documents go. */
  async #drop(tx: Tx, userId: bigint, ids: readonly bigint[]): Promise<void> {
    await dropSavedWallpapers(tx, userId, ids);
    const rows = await findWallpapers(tx, ids);
    await dropKept(tx, { ownerId: userId, list: WALLPAPERS }, [...rows.values()].map(({ documentId }) => documentId));
  }
}
