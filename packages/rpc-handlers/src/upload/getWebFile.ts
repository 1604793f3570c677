import type { OpenWebFile } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { checkPart } from './part-limits.ts';

/**
 * Resolves a location to a file that does not belong to a message.
 * @throws RpcError LOCATION_INVALID, DOCUMENT_INVALID, FLOOD_WAIT_%d, and those of file references
 */
async function access({ domain, userId }: RpcContext, location: tl.InputWebFileLocation): Promise<OpenWebFile> {
  switch (location._) {
    case 'inputWebFileLocation':
      return domain.webFiles.accessFile(userId, location);
    case 'inputWebFileAudioAlbumThumbLocation':
      // A title alone would have to be searched for at a service that knows covers, and there is none.
      if (location.document?._ !== 'inputDocument') throw rpcError('LOCATION_INVALID');
      return domain.files.accessCover(userId, location.document);
    case 'inputWebFileGeoPointLocation':
      // This server draws no maps and asks no service that does.
      throw rpcError('LOCATION_INVALID');
  }
}

export const getWebFile = defineMethod({
  method: 'upload.getWebFile',
  access: 'user',
  cost: 2,
  quotas: ['webFiles'],
  repeat: 'read',
  part: { direction: 'out', bytes: ({ limit }) => limit },
  async handler(ctx, { location, offset, limit }): Promise<tl.upload.webFile> {
    checkPart(BigInt(offset), limit, false);
    const { size, mimeType, type, changed_date: mtime, read } = await access(ctx, location);
    return { _: 'upload.webFile', size, mime_type: mimeType, file_type: type, mtime, bytes: await read(offset, limit) };
  },
});
