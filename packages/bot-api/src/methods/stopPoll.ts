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
    if (message === undefined) throw badRequest('message with poll to stop not found');
    const media = message._ === 'message' ? message.media : undefined;
    if (media?._ !== 'messageMediaPoll') throw badRequest('message is not a poll');
    if (media.poll.closed === true) throw badRequest('poll has already been closed');
    const end: typeof media.poll = { _: 'poll', id: media.poll.id, closed: true, question: media.poll.question, answers: [], hash: 0n };
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
