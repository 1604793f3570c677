import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { BoxWriter, Origin } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import { accessBundled, type BundledPlace, cleanMimeType, describeBundled, type FileAccess, findDocuments, hashBody, type MediaFiller, type StoredDocument } from '../documents/index.ts';
import type { DocumentUploads } from '../uploads/index.ts';
import { lockToKeep } from './lock-document.ts';
import { KEPT_LISTS, type KeptList, type KeptListName, sentListOf } from './kept-lists.ts';
import { dropKept, keepFirst, keepInOrder, type KeptPlace, type KeptRow, listKept, listKeptIds } from './kept-store.ts';

/** Whose list changes, and who changes it. */
export interface KeptChange {
  ownerId: bigint;
  list: KeptListName;
  /** The device that is not told of the change, because it has made it; undefined: all are. */
  origin: Origin | undefined;
}

/** Lists of documents that users keep: saved GIFs, favourite and recent stickers, sounds for notifications, the music on a profile. Whether a viewer may see a list is for the caller to decide. */
export interface KeptDocuments {
  /** Lists the ids of the documents, first one first. */
  listIds(ownerId: bigint, list: KeptListName): Promise<bigint[]>;
  /** Lists the documents with the dates on which they were put at the beginning last, first one first. */
  list(ownerId: bigint, list: KeptListName): Promise<KeptRow[]>;
  /**
   * Returns documents of a list, in this order, with file references that are valid for a day, and only while they are in the list.
   * @param documentIds of those that {@link KeptDocuments.listIds} has listed
   */
  find(ownerId: bigint, list: KeptListName, documentIds: readonly bigint[]): Promise<tl.document[]>;
  /**
   * Puts a document that the owner may read at the beginning of a list, or moves it there.
   * @param after a document of the list behind which it is put; ignored if it is not in the list
   * @throws RpcError GIF_ID_INVALID, RINGTONE_INVALID, RINGTONE_MIME_INVALID, STICKER_ID_INVALID or DOCUMENT_INVALID (it does not exist or does not belong in this list), LIMIT_INVALID
   * (the list is full), and as {@link FileAccess.accessToCopy}
   */
  doKeep(change: KeptChange, input: tl.InputDocument, after?: tl.InputDocument): Promise<void>;
  /**
   * Keeps a document that the owner has sent, as {@link sentListOf} says: puts it at the beginning of the list, or moves it there. Nothing happens if it was deleted since.
   * All devices are told, also the one that has sent it: not every client knows that sending keeps.
   * @param document as the server has named it to the owner
   */
  doKeepSent(ownerId: bigint, document: tl.document): Promise<void>;
  /** Takes a document out of a list. Nothing happens if it is not in it. */
  doDrop(change: KeptChange, input: tl.InputDocument): Promise<void>;
  /** Takes all documents out of a list. */
  doClear(change: KeptChange): Promise<void>;
  /**
   * Makes a sound for notifications of an uploaded file, and keeps it.
   * @throws RpcError RINGTONE_MIME_INVALID, RINGTONE_INVALID, LIMIT_INVALID, and as {@link DocumentUploads.doCreateDocument}
   */
  doUploadRingtone(ownerId: bigint, upload: { file: tl.InputFile; fileName: string; mimeType: string }, origin: Origin): Promise<tl.document>;
}

interface KeptParts {
  access: FileAccess<StoredDocument>;
  uploads: Pick<DocumentUploads, 'doCreateDocument'>;
  filler: Pick<MediaFiller, 'fillDocument'>;
  place: BundledPlace;
  accessHashes: Pick<AccessHashes, 'matches'>;
}

/** Creates the operations on lists that users keep. */
export function createKeptDocuments({ db, writeBoxes }: Pick<DomainDeps, 'db'> & Pick<BoxWriter, 'writeBoxes'>, { access, uploads, filler, ...parts }: KeptParts): KeptDocuments {
  const placeOf = (ownerId: bigint, list: KeptListName): KeptPlace => ({ ownerId, list: KEPT_LISTS[list].number });

  /**
   * Adds a document that the owner may read, and tells the other devices. The document may have been found in a cache, so it is locked.
   * @returns false if it was deleted
   */
  const keepIfThere = ({ ownerId, list: name, origin }: KeptChange, document: tl.document, afterId?: bigint): Promise<boolean> => {
    const [place, list]: [KeptPlace, KeptList] = [placeOf(ownerId, name), KEPT_LISTS[name]];
    return writeBoxes('keep-document', [ownerId], async (tx, boxes, date) => {
      const before = await listKeptIds(tx, place);
      const documentId = document.id;
      if (!before.includes(documentId) && !(await lockToKeep(tx, document))) return false;
      const others = before.filter((id) => id !== documentId);
      if (others.length >= list.max && !list.forgetsOldest) throw rpcError('LIMIT_INVALID');
      const after = [...others];
      after.splice(afterId === undefined ? 0 : others.indexOf(afterId) + 1, 0, documentId);
      if (String(after) === String(before)) return true;
      if (after[0] === documentId) await keepFirst(tx, place, documentId, date);
      else await keepInOrder(tx, place, after);
      await dropKept(tx, place, after.slice(list.max));
      boxes.addLoose(ownerId, date, origin, [list.update(ownerId)]);
      return true;
    });
  };

  /** The same, and refuses a document that was deleted. */
  const keep = async (change: KeptChange, document: tl.document, afterId?: bigint): Promise<void> => {
    if (!(await keepIfThere(change, document, afterId))) throw rpcError(KEPT_LISTS[change.list].unknown);
  };

  /** Takes documents out of a list, and tells the other devices if the list changes. @param choose of the ids in the list those that are taken out */
  const drop = async ({ ownerId, list, origin }: KeptChange, choose: (ids: readonly bigint[]) => readonly bigint[]): Promise<void> => {
    await writeBoxes('drop-kept-document', [ownerId], async (tx, boxes, date) => {
      const place = placeOf(ownerId, list);
      const dropped = choose(await listKeptIds(tx, place));
      if (dropped.length === 0) return;
      await dropKept(tx, place, dropped);
      boxes.bereft.add(ownerId);
      boxes.addLoose(ownerId, date, origin, [KEPT_LISTS[list].update(ownerId)]);
    });
  };

  const find: KeptDocuments['find'] = async (ownerId, list, documentIds) => {
    const stored = await findDocuments(db, documentIds);
    return documentIds.flatMap((id) => {
      const found = stored.get(id)?.document ?? describeBundled(id, parts.place);
      return found === undefined ? [] : [filler.fillDocument(found, { kind: 'kept', ...placeOf(ownerId, list) })];
    });
  };

  return {
    listIds: (ownerId, list) => listKeptIds(db, placeOf(ownerId, list)),
    list: (ownerId, list) => listKept(db, placeOf(ownerId, list)),
    find,
    async doKeep(change, input, after) {
      const { unknown, check } = KEPT_LISTS[change.list];
      if (input._ !== 'inputDocument') throw rpcError(unknown);
      const document = accessBundled(parts, change.ownerId, input, unknown) ?? (await access.accessToCopy(change.ownerId, input, unknown)).document;
      check(document);
      await keep(change, document, after?._ === 'inputDocument' ? after.id : undefined);
    },
    async doKeepSent(ownerId, document) {
      const list = sentListOf(document);
      if (list !== undefined) await keepIfThere({ ownerId, list, origin: undefined }, document);
    },
    async doDrop(change, input) {
      if (input._ === 'inputDocument') await drop(change, (ids) => ids.filter((id) => id === input.id));
    },
    doClear: (change) => drop(change, (ids) => ids),
    async doUploadRingtone(ownerId, { file, fileName, mimeType }, origin) {
      const attributes: tl.DocumentAttribute[] = [
        { _: 'documentAttributeFilename', file_name: fileName },
        // Clients say no duration here.
        { _: 'documentAttributeAudio', duration: 0, title: fileName.replace(/\.[^.]*$/, '') },
      ];
      if (!cleanMimeType(mimeType).startsWith('audio/')) throw rpcError('RINGTONE_MIME_INVALID');
      const made = await uploads.doCreateDocument(ownerId, { _: 'inputMediaUploadedDocument', file, mime_type: mimeType, attributes });
      KEPT_LISTS.ringtones.check(made.document);
      // A call that is repeated after its answer was lost makes another document, because the first one is in use.
      const known = [...(await findDocuments(db, await listKeptIds(db, placeOf(ownerId, 'ringtones')))).values()].find((other) => isSameContent(other, made));
      const { document } = known ?? made;
      if (known === undefined) await keep({ ownerId, list: 'ringtones', origin }, document);
      return filler.fillDocument(document, { kind: 'kept', ...placeOf(ownerId, 'ringtones') });
    },
  };
}

/** Whether two documents differ only in id and date. */
function isSameContent(one: StoredDocument, other: StoredDocument): boolean {
  return Buffer.compare(one.blob.identity, other.blob.identity) === 0 && Buffer.compare(hashBody(one.document), hashBody(other.document)) === 0;
}
