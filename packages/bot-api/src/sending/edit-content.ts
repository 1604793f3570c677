import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { readInlineMessageId } from '../objects/index.ts';
import { type ChatPeer, readChat } from '../params/chat-id.ts';
import { readInlineMarkup } from '../params/markup.ts';
import { readMessageId } from '../params/message-ids.ts';
import type { Params } from '../params/params.ts';
import { renameErrors } from '../rename-errors.ts';
import { EDIT_ERRORS } from './error-texts.ts';
import { findMessages } from './find-messages.ts';
import { messagesOf, projectOne } from './sent-messages.ts';

/** Parameters that all methods have which edit a message. */
export const EDIT_PARAMS = ['chat_id', 'message_id', 'inline_message_id', 'reply_markup'] as const;

/** What an edit changes. The keyboard is always that of the parameters. */
export type Edit = Pick<tl.messages.editMessage, 'message' | 'entities' | 'media' | 'no_webpage' | 'invert_media'>;

/** How {@link editContent} edits. */
export interface EditPlan {
  edit: Edit;
  /** Checks that the message can be edited so. Messages in inline mode are not known to the bot, so they are not checked. */
  check?: (message: tl.message) => void;
  /** Keeps what the message has after the edit. */
  keep?: (message: tl.message) => Promise<void>;
}

/**
 * Edits a message of a chat, or one that was sent in inline mode, as the parameters say.
 * @returns the Message object, or true in inline mode
 * @throws BotError, RpcError
 */
export async function editContent(call: BotCall, params: Params<(typeof EDIT_PARAMS)[number]>, { edit, check, keep }: EditPlan): Promise<object | true> {
  const reply_markup = readInlineMarkup(params) ?? NO_BUTTONS;
  if (params.has('inline_message_id')) {
    const id = readInlineMessageId(params.text('inline_message_id'));
    if (id === undefined) throw badRequest('invalid inline message identifier specified');
    await renameErrors(call.invoke({ _: 'messages.editInlineBotMessage', id, reply_markup, ...edit }), EDIT_ERRORS);
    return true;
  }
  if (!params.has('chat_id') && !params.has('message_id')) throw badRequest('message identifier is not specified');
  const peer = await readChat(call, params, 'chat_id');
  const id = readMessageId(params);
  const edited = check === undefined ? undefined : await findEdited(call, peer, id);
  // Where there is no such message, the edit says whether there is such a chat.
  if (edited !== undefined) check?.(edited);
  const answer = await renameErrors(call.invoke({ _: 'messages.editMessage', peer, id, reply_markup, ...edit }), EDIT_ERRORS);
  if (keep !== undefined) for (const message of messagesOf(answer).messages) if (message._ === 'message') await keep(message);
  return projectOne(call, answer);
}

/** Says that there are no buttons below the message from then on, and is a change even if nothing else is. */
export const NO_BUTTONS: tl.replyInlineMarkup = { _: 'replyInlineMarkup', rows: [] };

async function findEdited(call: BotCall, chat: ChatPeer, id: number): Promise<tl.message | undefined> {
  const { messages: [message] } = await findMessages(call, chat, [id]);
  if (message !== undefined && message._ !== 'message') throw badRequest("message can't be edited");
  return message;
}

