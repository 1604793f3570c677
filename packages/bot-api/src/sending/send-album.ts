import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { prepareAlbumMedia } from '../files/input-file.ts';
import { readChat } from '../params/chat-id.ts';
import type { Params } from '../params/params.ts';
import { readReply, REPLY_PARAMS } from '../params/reply.ts';
import { readSendOptions, SEND_PARAMS } from '../params/send-options.ts';
import { renameErrors } from '../rename-errors.ts';
import { accessThread, sendTo } from './access-thread.ts';
import { ALBUM_ERRORS } from './error-texts.ts';
import { type InputMediaObject, readInputMediaList } from './input-media-object.ts';
import { projectSent } from './sent-messages.ts';

const ALBUM_MAX = 10;

/** Parameters of {@link sendAlbum}. */
export const ALBUM_PARAMS = [...SEND_PARAMS, ...REPLY_PARAMS, 'media'] as const;

/** Sends photos and videos, or music, or other files, as one album, and returns its Message objects. A single one is no album, but is sent as well. @throws BotError, RpcError */
export async function sendAlbum(call: BotCall, params: Params<(typeof ALBUM_PARAMS)[number]>): Promise<object[]> {
  const items = readInputMediaList(params);
  checkItems(items);
  const reply = await readReply(call, params);
  const peer = await readChat(call, params, 'chat_id');
  const threadId = await accessThread(call, params, peer, reply);
  const multi_media: tl.inputSingleMedia[] = [];
  // One after the other: each may have the server fetch a file.
  for (const { wanted, caption: { message, entities } } of items) {
    multi_media.push({ _: 'inputSingleMedia', media: await prepareAlbumMedia(call, wanted, peer), random_id: call.random.int63(), message, entities });
  }
  const options = { peer, ...readSendOptions(params), invert_media: items.some(({ caption }) => caption.invertMedia) };
  const answer = await sendTo({ reply, threadId }, (reply_to) => renameErrors(call.invoke({ _: 'messages.sendMultiMedia', ...options, reply_to, multi_media }), ALBUM_ERRORS));
  return projectSent(call, answer);
}

/** Music and other files stand among themselves. */
function checkItems(items: readonly InputMediaObject[]): void {
  if (items.length === 0) throw badRequest('there are no messages to send');
  if (items.length > ALBUM_MAX) throw badRequest('too many messages to send as an album');
  const kinds = new Set(items.map(({ wanted }) => wanted.kind));
  if (kinds.size === 1) return;
  if (kinds.has('audio')) throw badRequest("audio can't be mixed with other media types");
  if (kinds.has('document')) throw badRequest("document can't be mixed with other media types");
}
