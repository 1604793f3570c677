import { personOf } from '../chats/met-people.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { projectUserProfileAudios } from '../objects/index.ts';
import { readUser } from '../params/chat-id.ts';
import { readInt32 } from '../params/int32.ts';
import { renameErrors } from '../rename-errors.ts';

/** Maximum number of audios in an answer. */
const AUDIOS_MAX = 100;

export const getUserProfileAudios = defineBotMethod({
  method: 'getUserProfileAudios',
  params: ['user_id', 'offset', 'limit'],
  async run(call, params) {
    const offset = Math.max(readInt32(params, 'offset'), 0);
    const limit = Math.min(Math.max(params.int('limit', AUDIOS_MAX), 1), AUDIOS_MAX);
    const answer = await renameErrors(call.invoke({ _: 'users.getSavedMusic', id: await personOf(call, readUser(params, 'user_id')), offset, limit, hash: 0n }), { USER_ID_INVALID: 'user not found' });
    return projectUserProfileAudios(call, answer);
  },
});
