import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { type ChatPeer, findChat } from './chat-id.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

/**
 * The chats that a list of commands is for, from the parameter `scope`. Without it, the list is for everybody.
 * @throws BotError 400 `can't parse BotCommandScope JSON object`, `can't parse BotCommandScope: …`, and as {@link findGroup}
 */
export async function accessScope(call: Pick<BotCall, 'invoke'>, params: Pick<Params<'scope'>, 'json'>): Promise<tl.BotCommandScope> {
  const value = params.json('scope', 'BotCommandScope');
  if (value === undefined) return { _: 'botCommandScopeDefault' };
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse BotCommandScope: ");
  if (!isJsonObject(value)) throw fields.error('BotCommandScope must be an Object');
  const type = fields.neededText('type');
  switch (type) {
    case 'default':
      return { _: 'botCommandScopeDefault' };
    case 'all_private_chats':
      return { _: 'botCommandScopeUsers' };
    case 'all_group_chats':
      return { _: 'botCommandScopeChats' };
    case 'all_chat_administrators':
      return { _: 'botCommandScopeChatAdmins' };
    case 'chat':
      return { _: 'botCommandScopePeer', peer: await findChat(call, readChatId(fields)) };
    case 'chat_administrators':
      return { _: 'botCommandScopePeerAdmins', peer: await findGroup(call, readChatId(fields)) };
    case 'chat_member': {
      const chat = readChatId(fields);
      const user_id = readUser(fields);
      return { _: 'botCommandScopePeerUser', peer: await findGroup(call, chat), user_id };
    }
    default:
      throw fields.error('Unsupported type specified');
  }
}

/** @throws BotError 400 `can't use specified scope in private chats`, and as {@link findChat} */
async function findGroup(call: Pick<BotCall, 'invoke'>, text: string): Promise<ChatPeer> {
  const chat = await findChat(call, text);
  if (chat._ === 'inputPeerUser') throw badRequest("can't use specified scope in private chats");
  return chat;
}

function readChatId(fields: JsonFields): string {
  const chat = fields.neededText('chat_id');
  if (chat.trim() === '') throw fields.error('Empty chat_id specified');
  return chat;
}

function readUser(fields: JsonFields): tl.inputUser {
  const id = fields.neededText('user_id');
  if (!/^[1-9]\d{0,15}$/.test(id)) throw fields.error('Invalid user_id specified');
  return { _: 'inputUser', user_id: BigInt(id), access_hash: 0n };
}
