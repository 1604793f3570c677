import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { documentsOf, findSetNames, KnownPeers, projectPollIn } from '../objects/index.ts';
import { readChat } from '../params/chat-id.ts';
import { readInlineMarkup } from '../params/markup.ts';
import { readMessageId } from '../params/message-ids.ts';
import { renameErrors } from '../rename-errors.ts';
import { NO_BUTTONS } from '../sending/edit-content.ts';
import { findMessages } from '../sending/find-messages.ts';
import { messagesOf } from '../sending/sent-messages.ts';

/** Closes a poll that the bot has sent, and shows how it has ended. */
export const stopPoll = defineBotMethod({
  method: 'stopPoll',
  params: ['chat_id', 'message_id', 'reply_markup'],
  async run(call, params) {
    const reply_markup = readInlineMarkup(params) ?? NO_BUTTONS;
    const peer = await readChat(call, params, 'chat_id');
    const id = readMessageId(params);
    const { messages: [message] } = await findMessages(call, peer, [id]);
    const poll = message?._ === 'message' && message.media?._ === 'messageMediaPoll' ? message.media.poll : undefined;
    if (message !== undefined && poll === undefined) throw badRequest('message is not a poll');
    if (poll?.closed === true) throw badRequest('poll has already been closed');
    // Where there is no such message, the edit says whether there is such a chat.
    const end: tl.poll = { _: 'poll', id: poll?.id ?? 0n, closed: true, question: poll?.question ?? { _: 'textWithEntities', text: '', entities: [] }, answers: [], hash: 0n };
    const answer = await renameErrors(call.invoke({ _: 'messages.editMessage', peer, id, reply_markup, media: { _: 'inputMediaPoll', poll: end } }), STOP_ERRORS);
    const { messages: [edited], users, chats } = messagesOf(answer);
    if (edited?._ !== 'message' || edited.media?._ !== 'messageMediaPoll') throw new Error('the answer of an edit has no poll');
    return projectPollIn({ source: call, peers: new KnownPeers({ users, chats }), setNames: await findSetNames(call, documentsOf(edited.media)) }, edited.media);
  },
});

const STOP_ERRORS = {
  MESSAGE_ID_INVALID: 'message with poll to stop not found',
  MESSAGE_AUTHOR_REQUIRED: "poll can't be stopped",
  CHAT_ADMIN_REQUIRED: "poll can't be stopped",
  MEDIA_PREV_INVALID: 'message is not a poll',
} as const;
