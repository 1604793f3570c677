import { newPresentedId, newPresentedToken } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { defineRecurringJob, type JobKind, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { dropKept, type Files, findDocuments, keepFirst, lockToKeep, type MediaFiller, WALLPAPER_TYPES, WALLPAPERS } from '../files/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { DEFAULT_WALLPAPERS } from './default-wallpapers.ts';
import { checkedSettings, isPlain, settingsOfFill } from './wallpaper-settings.ts';
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

/** Wallpapers (core.telegram.org/api/wallpapers). Whoever has the link of an uploaded one may use it. */
export interface Wallpapers {
  /**
   * Makes a wallpaper of an uploaded picture: a JPEG, or a pattern, which is a PNG or a compressed SVG file. It is in no list. Until somebody saves it, it is kept for a week.
   * @throws RpcError WALLPAPER_MIME_INVALID, WALLPAPER_FILE_INVALID, WALLPAPER_INVALID (the settings), and as {@link Files.doCreateWallpaperFile}
   */
  doUpload(userId: bigint, upload: WallpaperUpload): Promise<tl.wallPaper>;
  /**
   * Finds wallpapers that a client names, in this order.
   * @throws RpcError WALLPAPER_INVALID
   */
  find(viewerId: bigint, inputs: readonly tl.InputWallPaper[]): Promise<tl.WallPaper[]>;
  /**
   * Finds a wallpaper that is to be set for a chat, in the form in which it is stored. A fill with the id 0 consists of colours that the client chose.
   * @throws RpcError WALLPAPER_INVALID
   */
  accessForChat(input: tl.InputWallPaper, settings: tl.wallPaperSettings | undefined): Promise<tl.WallPaper>;
  /** Lists the wallpapers of a user: those that were saved, latest first, and those that everybody has unless they were removed. */
  list(userId: bigint): Promise<tl.WallPaper[]>;
  /**
   * Puts a wallpaper at the beginning of a user's list, with these settings.
   * @throws RpcError WALLPAPER_INVALID
   */
  doSave(userId: bigint, input: tl.InputWallPaper, settings: tl.wallPaperSettings): Promise<void>;
  /**
   * Removes a wallpaper from a user's list. Nothing happens if it is not in it.
   * @throws RpcError WALLPAPER_INVALID
   */
  doRemove(userId: bigint, input: tl.InputWallPaper): Promise<void>;
  /** Makes the list as it was in the beginning. */
  doReset(userId: bigint): Promise<void>;
  readonly jobKinds: readonly JobKind[];
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

/** Creates the operations on wallpapers. */
export function createWallpapers({ db, clock, random, config }: Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config'>, { files, accessHashes, filler }: WallpaperParts): Wallpapers {
  const idOf = (found: Found): bigint => (found.kind === 'uploaded' ? found.row.id : found.wallpaper.id);

  const project = (viewerId: bigint, found: Found, settings?: tl.wallPaperSettings): tl.WallPaper => {
    if (found.kind === 'default') return withSettings(found.wallpaper, settings);
    return projectUploaded(viewerId, found, settings);
  };

  const projectUploaded = (viewerId: bigint, { row, document }: Uploaded, settings = row.settings): tl.wallPaper => ({
    _: 'wallPaper',
    id: row.id,
    creator: row.creatorId === viewerId || undefined,
    pattern: row.isPattern || undefined,
    access_hash: accessHashes.of('wallpaper', EVERYBODY, row.id),
    slug: row.slug,
    document: filler.fillDocument(document, { kind: 'wallpaper', wallpaperId: row.id }),
    settings,
  });

  /** Adds their documents to rows. Wallpapers whose document was collected are left out. */
  const withDocuments = async (rows: readonly WallpaperRow[]): Promise<Map<bigint, Uploaded>> => {
    const documents = await findDocuments(db, rows.map(({ documentId }) => documentId));
    return new Map(rows.flatMap((row) => {
      const document = documents.get(row.documentId)?.document;
      return document === undefined ? [] : [[row.id, { kind: 'uploaded', row, document }]];
    }));
  };

  /** Finds what a client names, in this order. Many take as many queries as one. */
  const accessAll = async (inputs: readonly tl.InputWallPaper[]): Promise<Found[]> => {
    const isNamed = ({ id, access_hash: hash }: tl.inputWallPaper): boolean => accessHashes.matches('wallpaper', EVERYBODY, id, hash);
    const ids = inputs.flatMap((input) => (input._ === 'inputWallPaper' && isNamed(input) ? [input.id] : []));
    const slugs = inputs.flatMap((input) => (input._ === 'inputWallPaperSlug' ? [input.slug] : []));
    const byId = ids.length + slugs.length === 0 ? new Map<bigint, Uploaded>() : await withDocuments(await findNamedWallpapers(db, { ids, slugs }));
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
  };
  const access = async (input: tl.InputWallPaper): Promise<Found> => (await accessAll([input]))[0]!;

  /** Changes the list of a user. The lock keeps two devices from changing it at once: a wallpaper in the list would lose its document. */
  const change = (name: string, userId: bigint, edit: (tx: Tx) => Promise<void>): Promise<void> =>
    db.transact(name, async (tx) => {
      await tx.lockCounters([userId]);
      await edit(tx);
    });

  /** Takes uploaded wallpapers out of a list, and lets their documents go. */
  const drop = async (tx: Tx, userId: bigint, ids: readonly bigint[]): Promise<void> => {
    await dropSavedWallpapers(tx, userId, ids);
    const rows = await findWallpapers(tx, ids);
    await dropKept(tx, { ownerId: userId, list: WALLPAPERS }, [...rows.values()].map(({ documentId }) => documentId));
  };

  return {
    async doUpload(userId, { file, mimeType, settings }) {
      const type = WALLPAPER_TYPES.get(mimeType);
      if (type === undefined) throw rpcError('WALLPAPER_MIME_INVALID');
      const checked = checkedSettings(settings);
      const document = await files.doCreateWallpaperFile(userId, file, mimeType);
      const row = await db.transact('create-wallpaper', (tx) =>
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
          clock.now(),
        ),
      );
      return projectUploaded(userId, { kind: 'uploaded', row, document });
    },
    find: async (viewerId, inputs) => (await accessAll(inputs)).map((found) => project(viewerId, found)),
    async accessForChat(input, settings) {
      const checked = settings && checkedSettings(settings);
      if (input._ === 'inputWallPaperNoFile' && input.id === 0n) {
        if (checked?.background_color === undefined) throw rpcError('WALLPAPER_INVALID');
        return { _: 'wallPaperNoFile', id: 0n, settings: checked };
      }
      const found = await access(input);
      if (found.kind === 'default') return withSettings(found.wallpaper, checked);
      const { row, document } = found;
      return { _: 'wallPaper', id: row.id, pattern: row.isPattern || undefined, access_hash: 0n, slug: row.slug, document, settings: checked ?? row.settings };
    },
    async list(userId) {
      const saved = await listSavedWallpapers(db, userId);
      const uploaded = await withDocuments([...(await findWallpapers(db, saved.map(({ id }) => id))).values()]);
      const own = saved.flatMap(({ id, isHidden, settings }) => {
        const wallpaper = DEFAULT_WALLPAPERS.get(id);
        const found: Found | undefined = wallpaper === undefined ? uploaded.get(id) : { kind: 'default', wallpaper };
        return found === undefined || isHidden ? [] : [project(userId, found, settings)];
      });
      const changed = new Set(saved.map(({ id }) => id));
      return [...own, ...[...DEFAULT_WALLPAPERS.values()].filter(({ id }) => !changed.has(id))];
    },
    async doSave(userId, input, settings) {
      const found = await access(input);
      const checked = checkedSettings(settings);
      await change('save-wallpaper', userId, async (tx) => {
        if (found.kind === 'uploaded' && !(await lockToKeep(tx, found.document))) throw rpcError('WALLPAPER_INVALID');
        await saveWallpaper(tx, userId, { id: idOf(found), isHidden: false, settings: isPlain(checked) ? undefined : checked });
        if (found.kind === 'uploaded') await keepFirst(tx, { ownerId: userId, list: WALLPAPERS }, found.row.documentId);
        const shown = (await listSavedWallpapers(tx, userId)).filter(({ isHidden }) => !isHidden);
        await drop(tx, userId, shown.slice(SAVED_MAX).map(({ id }) => id));
      });
    },
    async doRemove(userId, input) {
      const found = await access(input);
      await change('remove-wallpaper', userId, async (tx) => {
        if (found.kind === 'uploaded') await drop(tx, userId, [found.row.id]);
        else await saveWallpaper(tx, userId, { id: found.wallpaper.id, isHidden: true, settings: undefined });
      });
    },
    doReset: (userId) => change('reset-wallpapers', userId, async (tx) => drop(tx, userId, (await listSavedWallpapers(tx, userId)).map(({ id }) => id))),
    jobKinds: [
      defineRecurringJob({
        kind: 'sweep-wallpapers',
        everyMs: SWEEP_EVERY_MS,
        clockNeed: 'proven',
        async run({ signal }) {
          for (let removed = SLICE; removed === SLICE; ) {
            signal.throwIfAborted();
            removed = await db.transact('sweep-wallpapers', (tx) => sweepWallpapers(tx, clock.now() - DAY_S, SLICE));
          }
        },
      }),
    ],
  };
}
