import { defineBotMethod } from '../define-bot-method.ts';
import { countListed } from '../sending/count-messages.ts';
import { ALBUM_PARAMS, sendAlbum } from '../sending/send-album.ts';

export const sendMediaGroup = defineBotMethod({
  method: 'sendMediaGroup',
  params: ALBUM_PARAMS,
  sends: (params) => countListed(params, 'media', 'media'),
  run: sendAlbum,
});
