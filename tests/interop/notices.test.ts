import { expect, test } from 'vitest';
import { writeSecretNotice } from '../../packages/domain/src/notices/secret-notice.ts';
import { type NoticeChat, type NoticeDetail, type NoticeMessage, writeNotice } from '../../packages/domain/src/notices/write-notice.ts';
import type { BuiltMedia } from '../../packages/domain/src/content/media-kinds.ts';
import type { tl } from '@aerogram/tl';
import { useLibraries } from './libraries.ts';
import { enterPair } from './people-of-libraries.ts';

const libraries = useLibraries({}, ['tdlib', 'mtcute']);

const text = (words: string): tl.textWithEntities => ({ _: 'textWithEntities', text: words, entities: [] });
const documentOf = (...attributes: tl.DocumentAttribute[]): tl.messageMediaDocument => ({
  _: 'messageMediaDocument',
  document: { _: 'document', id: 1n, access_hash: 1n, file_reference: new Uint8Array(), date: 1, mime_type: 'video/mp4', size: 1n, dc_id: 2, attributes },
});
const video = (round: boolean): tl.documentAttributeVideo => ({ _: 'documentAttributeVideo', duration: 1, w: 1, h: 1, ...(round ? { round_message: true } : {}) });
const poll = (quiz: boolean): tl.messageMediaPoll => ({
  _: 'messageMediaPoll', poll: { _: 'poll', id: 1n, question: text('Which?'), answers: [], hash: 0n, ...(quiz ? { quiz: true } : {}) }, results: { _: 'pollResults' },
});
const geo: tl.geoPoint = { _: 'geoPoint', long: 1, lat: 1, access_hash: 0n };

/** Each kind of media, with all that it can be. */
const MEDIA: Record<BuiltMedia, tl.MessageMedia[]> = {
  messageMediaEmpty: [{ _: 'messageMediaEmpty' }],
  messageMediaWebPage: [{ _: 'messageMediaWebPage', webpage: { _: 'webPageEmpty', id: 1n } }],
  messageMediaPhoto: [{ _: 'messageMediaPhoto' }],
  messageMediaDocument: [
    documentOf(), documentOf(video(false)), documentOf(video(true)), documentOf({ _: 'documentAttributeAnimated' }), documentOf({ _: 'documentAttributeAudio', duration: 1 }), documentOf({ _: 'documentAttributeAudio', duration: 1, voice: true }),
    documentOf({ _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } }),
  ],
  messageMediaGeo: [{ _: 'messageMediaGeo', geo }],
  messageMediaGeoLive: [{ _: 'messageMediaGeoLive', geo, period: 60 }],
  messageMediaVenue: [{ _: 'messageMediaVenue', geo, title: 'Cafe', address: 'Here', provider: '', venue_id: '', venue_type: '' }],
  messageMediaContact: [{ _: 'messageMediaContact', phone_number: '1', first_name: 'Carl', last_name: '', vcard: '', user_id: 0n }],
  messageMediaDice: [{ _: 'messageMediaDice', value: 1, emoticon: '🎲' }],
  messageMediaPoll: [poll(false), poll(true)],
  messageMediaToDo: [{ _: 'messageMediaToDo', todo: { _: 'todoList', title: text('Shopping'), list: [] } }],
};

test('TDLib takes every notice that this server can write', async () => {
  const [alice, bob] = await enterPair(libraries, 'tdlib', 'mtcute');
  await bob.client.send({ peer: alice.id, text: 'first words' });
  await alice.client.seesMessage('first words');
  const chats: NoticeChat[] = [
    { kind: 'private', userId: BigInt(bob.id), author: 'Bob' },
    { kind: 'group', chatId: 10n, fromId: BigInt(bob.id), author: 'Bob', title: 'Choir' },
    { kind: 'channel', channelId: 10n, fromId: BigInt(bob.id), author: 'Bob', title: 'Choir', isBroadcast: false },
    { kind: 'channel', channelId: 12n, fromId: undefined, author: '', title: 'News', isBroadcast: true },
  ];
  const common = { ownerId: BigInt(alice.id), entities: [] };
  const contents: Partial<NoticeMessage>[] = [
    ...Object.values(MEDIA).flat().flatMap((media) => [{ media, text: '' }, { media, text: 'words' }]),
    { action: { _: 'messageActionChatCreate', title: 'Choir', users: [] } },
    { action: { _: 'messageActionChatAddUser', users: [BigInt(alice.id)] } },
    { action: { _: 'messageActionChatDeleteUser', user_id: BigInt(alice.id) } },
    ...Object.values(MEDIA).flat().flatMap((media) => ['', 'words'].map((words): Partial<NoticeMessage> => ({ action: { _: 'messageActionPinMessage' }, pinned: { text: words, entities: [], media } }))),
    { action: { _: 'messageActionPinMessage' }, pinned: undefined },
    ...Object.values(MEDIA).flat().flatMap((media) => ['', 'words'].map((words): Partial<NoticeMessage> => ({ reaction: '❤', media, text: words }))),
  ];
  let msgId = 1000;
  const refused: string[] = [];
  const keys = new Set<string>();
  const bring = (payload: string): Promise<unknown> =>
    alice.client.request({ _: 'processPushNotification', payload }).catch((error: Error) => {
      // 406: the app does not know the chat yet, and fetches it.
      if (!error.message.includes('406')) refused.push(`${error.message}: ${payload}`);
    });
  for (const what of ['message', 'request', 'accepted'] as const) await bring(JSON.stringify(writeSecretNotice(BigInt(alice.id), what, { chatId: 5, randomId: 6n }, false)));
  for (const chat of chats) {
    for (const content of contents) {
      // Service messages about members are those of groups.
      if (content.action !== undefined && content.action._ !== 'messageActionPinMessage' && (chat.kind === 'private' || (chat.kind === 'channel' && chat.isBroadcast))) continue;
      for (const detail of ['text', 'names', 'nothing'] as const satisfies readonly NoticeDetail[]) {
        const message: NoticeMessage = { ...common, msgId: ++msgId, chat, text: '', media: undefined, action: undefined, pinned: undefined, isSilent: msgId % 2 === 0, isMention: msgId % 3 === 0, ...content };
        const payload = JSON.stringify(writeNotice(message, detail, BigInt(msgId)));
        const { loc_key } = JSON.parse(payload) as { loc_key: string };
        keys.add(loc_key);
        await bring(payload);
      }
    }
  }
  expect(refused).toEqual([]);
  expect(keys.size).toBeGreaterThan(40);
  expect(await alice.client.complaints()).toEqual([]);
  await alice.client.close();
  await bob.client.close();
});
