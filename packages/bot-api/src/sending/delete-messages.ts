import type { BotCall } from '../bot-call.ts';
import { channelOf, type ChatPeer } from '../params/chat-id.ts';
import { renameErrors } from '../rename-errors.ts';
import { DELETE_ERRORS } from './error-texts.ts';
import { findMessages } from './find-messages.ts';

/** Deletes messages of a chat for everybody. Those that do not exist are skipped. @returns how many existed @throws BotError, RpcError */
export async function deleteOf(call: BotCall, chat: ChatPeer, ids: readonly number[]): Promise<number> {
  const channel = channelOf(chat);
  if (channel !== undefined) return (await renameErrors(call.invoke({ _: 'channels.deleteMessages', channel, id: [...ids] }), DELETE_ERRORS)).pts_count;
  // The ids of people and basic groups are those of the whole box, so only those of this chat may be deleted.
  const id = (await findMessages(call, chat, ids)).messages.map((message) => message.id);
  if (id.length > 0) await renameErrors(call.invoke({ _: 'messages.deleteMessages', revoke: true, id }), DELETE_ERRORS);
  return id.length;
}
