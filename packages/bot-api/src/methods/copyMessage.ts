import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { readInt32 } from '../params/int32.ts';
import { readMessageId } from '../params/message-ids.ts';
import { copyContent, FORWARDED } from '../sending/copy-content.ts';
import { forwardCopy } from '../sending/forward-messages.ts';
import { CONTENT_PARAMS, sendContent } from '../sending/send-content.ts';
import { CAPTION_PARAMS, readCaption } from '../sending/send-file.ts';
import { messageIdsOf } from '../sending/sent-messages.ts';

/** Sends the content of a message once more, a poll as a new one. With `caption`, even an empty one, media get another text. */
export const copyMessage = defineBotMethod({
  method: 'copyMessage',
  params: [...CONTENT_PARAMS, ...CAPTION_PARAMS, 'from_chat_id', 'message_id', 'video_start_timestamp'],
  sends: () => 1,
  async run(call, params) {
    const caption = params.isGiven('caption') ? readCaption(params) : undefined;
    const from = await readChat(call, params, 'from_chat_id');
    const id = readMessageId(params);
    const content = await copyContent(call, { from, id, caption, videoStart: readInt32(params, 'video_start_timestamp') });
    const [copied] = messageIdsOf(content === FORWARDED ? await forwardCopy(call, params, { from, ids: [id] }) : await sendContent(call, params, content));
    return copied;
  },
});
