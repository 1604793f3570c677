import { badRequest, type BotError } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { copyNameOf, filePathOf } from '../files/bot-file.ts';

/** Maximum length of a file that a bot may load unless the server is in local mode, in bytes. @see https://core.telegram.org/bots/api#getfile */
const DOWNLOAD_BYTES_MAX = 20 * 1024 * 1024;

/** The path by which a bot loads a file that it may use: of the HTTP port, or in local mode of this machine. */
export const getFile = defineBotMethod({
  method: 'getFile',
  params: ['file_id'],
  async run(call, params) {
    const { botId, domain, fileIds, localFiles } = call;
    const fileId = params.text('file_id');
    if (fileId === '') throw badRequest('file_id not specified');
    const named = fileIds.read(fileId);
    if (named === undefined) throw badRequest('invalid file_id');
    const file = await domain.botFiles.find({ documentId: named.id, sizeType: named.size });
    if (file === undefined) throw unavailable();
    if (localFiles === undefined && file.size > DOWNLOAD_BYTES_MAX) throw badRequest('file is too big');
    const path = localFiles === undefined ? filePathOf(call, named, file) : await localFiles.copy(botId, copyNameOf(call, named, file), file);
    if (path === undefined) throw unavailable();
    return { file_id: fileId, file_unique_id: fileIds.uniqueId(named), file_size: file.size, file_path: path };
  },
});

function unavailable(): BotError {
  return badRequest('wrong file_id or the file is temporarily unavailable');
}
