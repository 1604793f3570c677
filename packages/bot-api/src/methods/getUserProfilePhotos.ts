import { personOf } from '../chats/met-people.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { projectUserProfilePhotos } from '../objects/index.ts';
import { readUser } from '../params/chat-id.ts';
import { readInt32 } from '../params/int32.ts';
import { renameErrors } from '../rename-errors.ts';

/** Maximum number of photos in an answer. */
const PHOTOS_MAX = 100;

export const getUserProfilePhotos = defineBotMethod({
  method: 'getUserProfilePhotos',
  params: ['user_id', 'offset', 'limit'],
  async run(call, params) {
    const offset = Math.max(readInt32(params, 'offset'), 0);
    const limit = Math.min(Math.max(params.int('limit', PHOTOS_MAX), 1), PHOTOS_MAX);
    const answer = await renameErrors(call.invoke({ _: 'photos.getUserPhotos', user_id: await personOf(call, readUser(params, 'user_id')), offset, max_id: 0n, limit }), { USER_ID_INVALID: 'user not found' });
    return projectUserProfilePhotos(call, answer);
  },
});
