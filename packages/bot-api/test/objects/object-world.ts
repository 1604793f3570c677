import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { ObjectSource } from '../../src/objects/index.ts';

/** The bot of these tests. */
export const BOT_ID = 100n;

/** A request that the fake server has got. */
type Request = { _: string } & Record<string, unknown>;

/** A source of objects for one bot, with the messages that the bot sees; other calls are refused. @param sets the short names of sticker sets, by id */
export function createSource(seen: readonly tl.Message[] = [], answers: Record<string, unknown> = {}, sets: ReadonlyMap<bigint, string> = new Map()): ObjectSource & { requests: Request[] } {
  const requests: Request[] = [];
  const invoke = (request: Request): Promise<unknown> => {
    requests.push(request);
    if (request._ in answers) return Promise.resolve(answers[request._]);
    if (!request._.endsWith('.getMessages')) return Promise.reject(rpcError('PEER_ID_INVALID'));
    const ids = (request['id'] as tl.inputMessageID[]).map(({ id }) => id);
    const messages = ids.map((id): tl.Message => seen.find((one) => one.id === id) ?? { _: 'messageEmpty', id });
    return Promise.resolve({ _: 'messages.messages', messages, topics: [], users: [alice, bot], chats: [group, channel] } satisfies tl.messages.messages);
  };
  return {
    botId: BOT_ID,
    requests,
    // The cast is safe: nothing else of the domain is asked.
    domain: { stickerSets: { findHeads: (ids: readonly bigint[]) => Promise.resolve(new Map(ids.flatMap((id) => (sets.has(id) ? [[id, { shortName: sets.get(id) }]] : [])))) } } as unknown as ObjectSource['domain'],
    // The cast is safe: each call of these tests gets the answer of its own method.
    invoke: invoke as unknown as ObjectSource['invoke'],
    fileIds: { fileId: ({ kind, id, size }) => `${kind} ${id} ${size}`.trim(), uniqueId: ({ id, size }) => `unique ${id} ${size}`.trim(), read: () => undefined },
  };
}

const noPhoto: tl.chatPhotoEmpty = { _: 'chatPhotoEmpty' };

export const alice: tl.user = { _: 'user', id: 5n, access_hash: 1n, first_name: 'Alice', last_name: 'Ant', username: 'alice', lang_code: 'de' };

export const bob: tl.user = { _: 'user', id: 6n, access_hash: 1n, first_name: 'Bob' };

export const bot: tl.user = { _: 'user', self: true, bot: true, id: BOT_ID, access_hash: 1n, first_name: 'Robot', username: 'robot_bot', bot_info_version: 1 };

export const basicGroup: tl.chat = { _: 'chat', id: 7n, title: 'Garden', photo: noPhoto, participants_count: 2, date: 1, version: 1 };

export const group: tl.channel = { _: 'channel', megagroup: true, id: 8n, access_hash: 11n, title: 'Village', username: 'village', photo: noPhoto, date: 1 };

export const channel: tl.channel = { _: 'channel', broadcast: true, id: 9n, access_hash: 12n, title: 'News', photo: noPhoto, date: 1 };

export const peers = { users: [alice, bob, bot], chats: [basicGroup, group, channel] };

export const alicePeer: tl.peerUser = { _: 'peerUser', user_id: alice.id };

export const bobPeer: tl.peerUser = { _: 'peerUser', user_id: bob.id };

export const botPeer: tl.peerUser = { _: 'peerUser', user_id: BOT_ID };

export const basicGroupPeer: tl.peerChat = { _: 'peerChat', chat_id: basicGroup.id };

export const groupPeer: tl.peerChannel = { _: 'peerChannel', channel_id: group.id };

export const channelPeer: tl.peerChannel = { _: 'peerChannel', channel_id: channel.id };

/** A message of Alice in the private chat with the bot. */
export function text(fields: Partial<tl.message> = {}): tl.message {
  return { _: 'message', id: 21, from_id: alicePeer, peer_id: alicePeer, date: 1000, message: 'hello', ...fields };
}

/** A service message of Alice in the basic group. */
export function service(action: tl.MessageAction, fields: Partial<tl.messageService> = {}): tl.messageService {
  return { _: 'messageService', id: 22, from_id: alicePeer, peer_id: basicGroupPeer, date: 1000, action, ...fields };
}

export const photo: tl.photo = {
  _: 'photo', id: 50n, access_hash: 1n, file_reference: new Uint8Array(), date: 1, dc_id: 2,
  sizes: [
    { _: 'photoStrippedSize', type: 'i', bytes: Uint8Array.of(1) },
    { _: 'photoSizeProgressive', type: 'y', w: 1280, h: 960, sizes: [10, 20, 9000] },
    { _: 'photoSize', type: 'm', w: 320, h: 240, size: 800 },
  ],
};

/** A document with these attributes. */
export function document(mime_type: string, attributes: tl.DocumentAttribute[], thumbs?: tl.PhotoSize[]): tl.document {
  return { _: 'document', id: 60n, access_hash: 1n, file_reference: new Uint8Array(), date: 1, mime_type, size: 5000n, thumbs, dc_id: 2, attributes };
}
