import type { Actor, BotClient } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { type MadeBot, meetBot, startBot } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import type { Scenario } from './scenario.ts';

/** One bot by both ways. */
export interface BothWays {
  made: MadeBot;
  mtproto: BotClient;
  http: CheckedBot;
  /** The update from which on it asks over HTTP. */
  offset: number;
}

/** Makes a bot that somebody has started. */
export async function bothWays(scenario: Scenario, username: string, owner: Actor): Promise<BothWays> {
  const mtproto = await startBot(scenario, username);
  const { made } = mtproto;
  await meetBot(owner, mtproto);
  return { made, mtproto, http: new CheckedBot(scenario.server, made.token), offset: 0 };
}

/** How bots name a chat by its marked id. */
export function peerOf(id: number): tl.RawInputPeerUser | tl.RawInputPeerChat | tl.RawInputPeerChannel {
  if (id > 0) return { _: 'inputPeerUser', userId: id, accessHash: Long.ZERO };
  return id > -1_000_000_000_000 ? { _: 'inputPeerChat', chatId: -id } : { _: 'inputPeerChannel', channelId: -1_000_000_000_000 - id, accessHash: Long.ZERO };
}

/** How bots name a supergroup or channel by its marked id. */
export const channelOf = (id: number): tl.RawInputChannel => ({ ...(peerOf(id) as tl.RawInputPeerChannel), _: 'inputChannel' });

type Asked = [method: string, params: Record<string, unknown>];

/** An action: what comes before it, how it is done by each way, and what either answers. */
export interface Action {
  before?: () => Promise<number>;
  mtproto: (id: number) => tl.RpcMethod;
  http: (id: number) => Asked;
  answers: [mtproto: string, http: string] | 'allowed';
}

/** Write to a chat. */
export const send = (to: number | tl.RawInputPeerUser, answers: Action['answers'], replyTo?: number): Action => ({
  mtproto: () => ({ _: 'messages.sendMessage', peer: typeof to === 'number' ? peerOf(to) : to, message: 'hello', randomId: randomLong(), ...(replyTo === undefined ? {} : { replyTo: { _: 'inputReplyToMessage', replyToMsgId: replyTo } }) }),
  http: () => ['sendMessage', { chat_id: typeof to === 'number' ? to : to.userId, text: 'hello', ...(replyTo === undefined ? {} : { reply_parameters: { message_id: replyTo } }) }],
  answers,
});

/** Do something with a message, which is made before. */
export const about = (where: number, before: () => Promise<number>, answers: Action['answers']) => ({
  edit: (): Action => ({
    before, answers,
    mtproto: (id) => ({ _: 'messages.editMessage', peer: peerOf(where), id, message: 'edited' }),
    http: (message_id) => ['editMessageText', { chat_id: where, message_id, text: 'edited' }],
  }),
  remove: (): Action => ({
    before, answers,
    mtproto: (id) => (where > 0 ? { _: 'messages.deleteMessages', id: [id], revoke: true } : { _: 'channels.deleteMessages', channel: channelOf(where), id: [id] }),
    http: (message_id) => ['deleteMessage', { chat_id: where, message_id }],
  }),
  pin: (): Action => ({
    before, answers,
    mtproto: (id) => ({ _: 'messages.updatePinnedMessage', peer: peerOf(where), id }),
    http: (message_id) => ['pinChatMessage', { chat_id: where, message_id }],
  }),
  forward: (to: number): Action => ({
    before, answers,
    mtproto: (id) => ({ _: 'messages.forwardMessages', fromPeer: peerOf(where), toPeer: peerOf(to), id: [id], randomId: [randomLong()] }),
    http: (message_id) => ['forwardMessage', { chat_id: to, from_chat_id: where, message_id }],
  }),
  copy: (to: number): Action => ({
    before, answers,
    mtproto: (id) => ({ _: 'messages.forwardMessages', fromPeer: peerOf(where), toPeer: peerOf(to), id: [id], randomId: [randomLong()], dropAuthor: true }),
    http: (message_id) => ['copyMessage', { chat_id: to, from_chat_id: where, message_id }],
  }),
  react: (): Action => ({
    before, answers,
    mtproto: (msgId) => ({ _: 'messages.sendReaction', peer: peerOf(where), msgId, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] }),
    http: (message_id) => ['setMessageReaction', { chat_id: where, message_id, reaction: [{ type: 'emoji', emoji: '👍' }] }],
  }),
});

/** Ban somebody from a supergroup or channel. */
export const ban = (where: number, whom: tl.RawInputPeerUser, answers: Action['answers']): Action => ({
  answers,
  mtproto: () => ({ _: 'channels.editBanned', channel: channelOf(where), participant: whom, bannedRights: { _: 'chatBannedRights', untilDate: 0, viewMessages: true } }),
  http: () => ['banChatMember', { chat_id: where, user_id: whom.userId }],
});

/** Change the title. */
export const title = (where: number, answers: Action['answers']): Action => ({
  answers,
  mtproto: () => (where > -1_000_000_000_000 ? { _: 'messages.editChatTitle', chatId: -where, title: 'Cliffs' } : { _: 'channels.editTitle', channel: channelOf(where), title: 'Cliffs' }),
  http: () => ['setChatTitle', { chat_id: where, title: 'Crags' }],
});

/** Look at a supergroup or channel. */
export const look = (where: number, answers: Action['answers']): Action => ({ answers, mtproto: () => ({ _: 'channels.getFullChannel', channel: channelOf(where) }), http: () => ['getChat', { chat_id: where }] });

/** Make an invite link. */
export const link = (where: number, answers: Action['answers']): Action => ({ answers, mtproto: () => ({ _: 'messages.exportChatInvite', peer: peerOf(where) }), http: () => ['createChatInviteLink', { chat_id: where }] });

/** Say that the bot types. */
export const typing = (where: number, answers: Action['answers']): Action => ({ answers, mtproto: () => ({ _: 'messages.setTyping', peer: peerOf(where), action: { _: 'sendMessageTypingAction' } }), http: () => ['sendChatAction', { chat_id: where, action: 'typing' }] });

/** List the admins. */
export const members = (where: number, answers: Action['answers']): Action => ({
  answers,
  mtproto: () => ({ _: 'channels.getParticipants', channel: channelOf(where), filter: { _: 'channelParticipantsAdmins' }, offset: 0, limit: 10, hash: Long.ZERO }),
  http: () => ['getChatAdministrators', { chat_id: where }],
});

/** Look at a member. */
export const member = (where: number, whom: tl.RawInputPeerUser, answers: Action['answers']): Action => ({
  answers,
  mtproto: () => ({ _: 'channels.getParticipant', channel: channelOf(where), participant: whom }),
  http: () => ['getChatMember', { chat_id: where, user_id: whom.userId }],
});

/** Make somebody an admin. */
export const makeAdmin = (where: number, whom: tl.RawInputPeerUser, answers: Action['answers']): Action => ({
  answers,
  mtproto: () => ({ _: 'channels.editAdmin', channel: channelOf(where), userId: { ...whom, _: 'inputUser' }, adminRights: { _: 'chatAdminRights', pinMessages: true }, rank: '' }),
  http: () => ['promoteChatMember', { chat_id: where, user_id: whom.userId, can_pin_messages: true }],
});

/** Look at a person. */
export const lookAt = (whom: tl.RawInputPeerUser, answers: Action['answers']): Action => ({
  answers,
  mtproto: () => ({ _: 'users.getFullUser', id: { ...whom, _: 'inputUser' } }),
  http: () => ['getChat', { chat_id: whom.userId }],
});
