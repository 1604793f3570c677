import type { Domain, LinkedFile } from '@aerogram/domain';

import type { FileIds, NamedFile } from './file-ids.ts';
import { extensionOf, extensionOfType } from './mime-types.ts';

/** The first part of the path of a file, by its kind. */
const FOLDERS: Readonly<Record<NamedFile['kind'], string>> = {
  photo: 'photos', video: 'videos', animation: 'animations', document: 'documents', audio: 'music', voice: 'voice', video_note: 'video_notes', sticker: 'stickers', thumbnail: 'thumbnails',
  profile_photo: 'profile_photos', chat_photo: 'profile_photos',
};

const PATH = /^[a-z_]{1,20}\/([\w-]{20,64})(?:\.[A-Za-z0-9]{1,10})?$/;

type BotFilesDoor = { domain: { botFiles: Pick<Domain['botFiles'], 'pathOf' | 'openPath'> } };

/** The path by which a bot may load a file for an hour at least. Programs tell the type of the file by the end of the path. */
export function filePathOf({ domain, botId }: BotFilesDoor & { botId: bigint }, named: NamedFile, file: Pick<LinkedFile, 'name' | 'mimeType'>): string {
  return pathOf(named.kind, domain.botFiles.pathOf(botId, { documentId: named.id, sizeType: named.size }), file);
}

/** Folder and name of the copy of a file in local mode: the same for the same file. */
export function copyNameOf({ fileIds }: { fileIds: Pick<FileIds, 'uniqueId'> }, named: NamedFile, file: Pick<LinkedFile, 'name' | 'mimeType'>): string {
  return pathOf(named.kind, fileIds.uniqueId(named), file);
}

function pathOf(kind: NamedFile['kind'], place: string, { name, mimeType }: Pick<LinkedFile, 'name' | 'mimeType'>): string {
  const extension = extensionOf(name) || extensionOfType(mimeType);
  return `${FOLDERS[kind]}/${place}${extension === '' ? '' : `.${extension}`}`;
}

/**
 * Finds the file for `/file/bot<token>/<file_path>`, once the token has been checked.
 * @param filePath as the request has it behind the token, without a slash at its beginning
 * @returns undefined if the path is not one that this bot got in the last hours, or the file is gone
 */
export async function openBotFile({ domain, botId }: BotFilesDoor & { botId: bigint }, filePath: string): Promise<LinkedFile | undefined> {
  const place = PATH.exec(filePath)?.[1];
  return place === undefined ? undefined : domain.botFiles.openPath(botId, place);
}
