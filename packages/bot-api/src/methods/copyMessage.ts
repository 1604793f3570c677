import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { readMessageId } from '../params/message-ids.ts';
import { copyContent } from '../sending/copy-content.ts';
import { oneMessage } from '../sending/count-messages.ts';
import { CONTENT_PARAMS, sendContent } from '../sending/send-content.ts';
import { CAPTION_PARAMS, readCaption } from '../sending/send-file.ts';
import { messageIdsOf } from '../sending/sent-messages.ts';

/** Sends the content of a message once more. With `caption`, even an empty one, media get another text. */
export const copyMessage = defineBotMethod({
  method: 'copyMessage',
  params: [...CONTENT_PARAMS, ...CAPTION_PARAMS, 'from_chat_id', 'message_id'],
  sends: oneMessage,
  async run(call, params) {
    const caption = params.isGiven('caption') ? readCaption(params) : undefined;
    const from = await readChat(call, params, 'from_chat_id');
    const content = await copyContent(call, { from, id: readMessageId(params), caption });
    const [copied] = messageIdsOf(await sendContent(call, params, content));
    return copied;
  },
});
