import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { readMessageId } from '../params/message-ids.ts';
import { readSendOptions, SEND_PARAMS } from '../params/send-options.ts';
import { accessThread } from '../sending/access-thread.ts';
import { forwardMessages } from '../sending/forward-messages.ts';
import { projectOne } from '../sending/sent-messages.ts';

export const forwardMessage = defineBotMethod({
  method: 'forwardMessage',
  params: [...SEND_PARAMS, 'from_chat_id', 'message_id', 'video_start_timestamp'],
  sends: () => 1,
  async run(call, params) {
    const to = await readChat(call, params, 'chat_id');
    const from = await readChat(call, params, 'from_chat_id');
    const threadId = await accessThread(call, params, to);
    const forwarding = { from, to, threadId, ids: [readMessageId(params)], videoStart: params.int('video_start_timestamp') };
    return projectOne(call, await forwardMessages(call, readSendOptions(params), forwarding));
  },
});
