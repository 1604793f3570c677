import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { findMessageId } from '../params/message-ids.ts';

const ACTIONS: ReadonlyMap<string, tl.SendMessageAction> = new Map<string, tl.SendMessageAction>([
  ['typing', { _: 'sendMessageTypingAction' }],
  ['cancel', { _: 'sendMessageCancelAction' }],
  ['upload_photo', { _: 'sendMessageUploadPhotoAction', progress: 0 }],
  ['record_video', { _: 'sendMessageRecordVideoAction' }],
  ['upload_video', { _: 'sendMessageUploadVideoAction', progress: 0 }],
  ['record_voice', { _: 'sendMessageRecordAudioAction' }],
  ['upload_voice', { _: 'sendMessageUploadAudioAction', progress: 0 }],
  // Older libraries still give these parameters by their former names.
  ['record_audio', { _: 'sendMessageRecordAudioAction' }],
  ['upload_audio', { _: 'sendMessageUploadAudioAction', progress: 0 }],
  ['upload_document', { _: 'sendMessageUploadDocumentAction', progress: 0 }],
  ['choose_sticker', { _: 'sendMessageChooseStickerAction' }],
  ['find_location', { _: 'sendMessageGeoLocationAction' }],
  ['pick_up_location', { _: 'sendMessageGeoLocationAction' }],
  ['record_video_note', { _: 'sendMessageRecordRoundAction' }],
  ['upload_video_note', { _: 'sendMessageUploadRoundAction', progress: 0 }],
]);

export const sendChatAction = defineBotMethod({
  method: 'sendChatAction',
  params: ['chat_id', 'message_thread_id', 'action'],
  async run(call, params) {
    const action = ACTIONS.get(params.text('action').toLowerCase());
    if (action === undefined) throw badRequest('wrong parameter action in request');
    const peer = await readChat(call, params, 'chat_id');
    // The id of General is allowed here, unlike in sends. An id of no thread is no error: the action is then shown nowhere.
    const threadId = findMessageId(params, 'message_thread_id');
    if (threadId !== 0 && peer._ !== 'inputPeerChannel') throw badRequest('message thread not found');
    await call.invoke({ _: 'messages.setTyping', peer, top_msg_id: threadId === 0 ? undefined : threadId, action });
    return true;
  },
});
