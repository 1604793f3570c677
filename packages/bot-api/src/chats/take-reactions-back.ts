import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import type { Params } from '../params/params.ts';
import type { ErrorTexts } from '../rename-errors.ts';
import { accessSender, readSender } from './ban-sender.ts';
import { accessChat } from './bot-chat.ts';
import { readMember, UNKNOWN_MEMBER } from './chat-member.ts';

/** The parameters that name a group and somebody who has reacted there. */
export const REACTOR_PARAMS = ['chat_id', 'user_id', 'actor_chat_id'] as const;

/** What the Bot API says if reactions cannot be taken back. */
export const TAKE_BACK_ERRORS = {
  ...UNKNOWN_MEMBER,
  MSG_ID_INVALID: 'message not found',
  MESSAGE_DELETE_FORBIDDEN: 'not enough rights to delete message reactions',
  CHANNEL_INVALID: 'PARTICIPANT_ID_INVALID',
  CHANNEL_PRIVATE: 'PARTICIPANT_ID_INVALID',
} as const satisfies ErrorTexts;

/**
 * The group, and the person or channel that has reacted.
 * @throws BotError 400 `method is available only for groups and supergroups`, `invalid user_id specified` if nobody is named, and as `accessChat`, `readMember` and `readSender`
 */
export async function accessReactor(call: BotCall, params: Params<(typeof REACTOR_PARAMS)[number]>): Promise<{ peer: tl.InputPeer; participant: tl.InputPeer }> {
  const chat = await accessChat(call, params);
  if (chat.kind === 'private' || chat.kind === 'channel') throw badRequest('method is available only for groups and supergroups');
  if (params.has('user_id')) return { peer: chat.peer, participant: (await readMember(call, params, chat)).peer };
  if (!params.has('actor_chat_id')) throw badRequest('invalid user_id specified');
  return { peer: chat.peer, participant: await accessSender(call, readSender(params, 'actor_chat_id')) };
}
