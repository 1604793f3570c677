import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { filePathOf } from '../files/bot-file.ts';

/** Maximum length of a file that a bot may load, in bytes. @see https://core.telegram.org/bots/api#getfile */
const DOWNLOAD_BYTES_MAX = 20 * 1024 * 1024;

/** The path by which a bot loads a file that it may use. */
export const getFile = defineBotMethod({
  method: 'getFile',
  params: ['file_id'],
  async run(call, params) {
    const { domain, fileIds } = call;
    const fileId = params.text('file_id');
    if (fileId === '') throw badRequest('file_id not specified');
    const named = fileIds.read(fileId);
    if (named === undefined) throw badRequest('invalid file_id');
    const file = await domain.botFiles.find({ documentId: named.id, sizeType: named.size });
    if (file === undefined) throw badRequest('wrong file_id or the file is temporarily unavailable');
    if (file.size > DOWNLOAD_BYTES_MAX) throw badRequest('file is too big');
    return { file_id: fileId, file_unique_id: fileIds.uniqueId(named), file_size: file.size, file_path: filePathOf(call, named, file) };
  },
});
