import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { accessThread } from '../sending/access-thread.ts';
import { readText, TEXT_NAMES } from '../texts/index.ts';

/**
 * Shows a text that is still being written, in a private chat. Nothing is stored. An empty text shows that the bot is thinking. How often and how much counts for
 * the quotas `liveDrafts` and `liveDraftBytes` of `messages.setTyping`.
 */
export const sendMessageDraft = defineBotMethod({
  method: 'sendMessageDraft',
  params: ['chat_id', 'message_thread_id', 'draft_id', 'text', 'parse_mode', 'entities'],
  async run(call, params) {
    const { message, entities } = readText(params, TEXT_NAMES);
    const draftId = params.int('draft_id');
    if (draftId === 0) throw badRequest('draft identifier must be non-zero');
    const peer = await readChat(call, params, 'chat_id');
    if (peer._ !== 'inputPeerUser') throw badRequest('private chat not found');
    await accessThread(call, params, peer);
    await call.invoke({ _: 'messages.setTyping', peer, action: { _: 'sendMessageTextDraftAction', random_id: BigInt(draftId), text: { _: 'textWithEntities', text: message, entities } } });
    return true;
  },
});
