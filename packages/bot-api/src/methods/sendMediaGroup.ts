import { defineBotMethod } from '../define-bot-method.ts';
import { readInputMediaList } from '../sending/input-media-object.ts';
import { ALBUM_PARAMS, sendAlbum } from '../sending/send-album.ts';

export const sendMediaGroup = defineBotMethod({
  method: 'sendMediaGroup',
  params: ALBUM_PARAMS,
  sends: (params) => readInputMediaList(params).length,
  run: sendAlbum,
});
