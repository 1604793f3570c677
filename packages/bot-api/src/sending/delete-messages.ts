import type { BotCall } from '../bot-call.ts';
import { channelOf, type ChatPeer } from '../params/chat-id.ts';
import { findMessages } from './find-messages.ts';
import { DELETE_ERRORS, renameErrors } from './rename-errors.ts';

/** Deletes messages of a chat for everybody. Those that do not exist are skipped. @returns how many existed @throws BotError, RpcError */
export async function deleteOf(call: BotCall, chat: ChatPeer, ids: readonly number[]): Promise<number> {
  // The ids of people and basic groups are those of the whole box, so only those of this chat may be deleted.
  const id = (await findMessages(call, chat, ids)).messages.map((message) => message.id);
  if (id.length === 0) return 0;
  const channel = channelOf(chat);
  const deletion = channel === undefined ? call.invoke({ _: 'messages.deleteMessages', revoke: true, id }) : call.invoke({ _: 'channels.deleteMessages', channel, id });
  await renameErrors(DELETE_ERRORS, deletion);
  return id.length;
}
