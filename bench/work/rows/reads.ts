import type { tl } from '@aerogram/tl';
import type { WorkRow } from '../work-row.ts';
import { sendText } from './messages.ts';

/** Number of messages in a page of history and in a difference. */
const MESSAGES = 10;

const page = { offset_id: 0, offset_date: 0, limit: 20, hash: 0n };
const history = { ...page, add_offset: 0, max_id: 0, min_id: 0 };

/** What apps read when they start and when a chat is opened. */
export const READ_ROWS: readonly WorkRow[] = [
  { name: 'getDialogs', memory: 'alone', prepare: ({ account }) => ({ call: () => account.call<'messages.getDialogs'>({ _: 'messages.getDialogs', ...page, offset_peer: { _: 'inputPeerEmpty' } }) }) },
  {
    name: 'getHistory of a private chat',
    memory: 'alone',
    async prepare({ account, friend }) {
      const peer = account.inputPeer(friend);
      for (let n = 0; n < MESSAGES; n++) await sendText({ account }, peer);
      return { call: () => account.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, ...history, limit: MESSAGES }) };
    },
  },
  {
    name: 'getHistory of a supergroup',
    async prepare({ account, supergroup: peer }) {
      for (let n = 0; n < MESSAGES; n++) await sendText({ account }, peer);
      return { call: () => account.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, ...history, limit: MESSAGES }) };
    },
  },
  {
    name: 'getDifference of ten messages',
    async prepare({ account, friend }) {
      for (let n = 0; n < MESSAGES; n++) await sendText({ account }, account.inputPeer(friend));
      const { pts, date, qts } = await account.call<'updates.getState'>({ _: 'updates.getState' });
      return { call: () => account.call<'updates.getDifference'>({ _: 'updates.getDifference', pts: pts - MESSAGES, date, qts }) };
    },
  },
  {
    name: 'getChannelDifference of ten posts',
    async prepare({ account, channel: peer }) {
      for (let n = 0; n < MESSAGES; n++) await sendText({ account }, peer);
      const channel: tl.InputChannel = { ...peer, _: 'inputChannel' };
      const { full_chat: full } = await account.call<'channels.getFullChannel'>({ _: 'channels.getFullChannel', channel });
      if (full._ !== 'channelFull') throw new Error(`getFullChannel answers ${full._}`);
      return { call: () => account.call<'updates.getChannelDifference'>({ _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts: full.pts - MESSAGES, limit: 100 }) };
    },
  },
  {
    name: 'search in a private chat',
    prepare: ({ account, friend }) => ({
      call: () => account.call<'messages.search'>({ _: 'messages.search', peer: account.inputPeer(friend), q: 'ordinary', filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, offset_id: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0, hash: 0n }),
    }),
  },
  {
    name: 'getFullUser',
    prepare({ account, friend }) {
      const peer = account.inputPeer(friend);
      if (peer._ !== 'inputPeerUser') throw new Error('the friend is somebody else');
      return { call: () => account.call<'users.getFullUser'>({ _: 'users.getFullUser', id: { ...peer, _: 'inputUser' } }) };
    },
  },
  { name: 'getFullChannel', prepare: ({ account, supergroup }) => ({ call: () => account.call<'channels.getFullChannel'>({ _: 'channels.getFullChannel', channel: { ...supergroup, _: 'inputChannel' } }) }) },
  {
    name: 'join by a link',
    isAlone: true,
    async prepare({ account, friend, supergroup: peer }) {
      const invite = await account.call<'messages.exportChatInvite'>({ _: 'messages.exportChatInvite', peer });
      if (invite._ !== 'chatInviteExported') throw new Error(`exportChatInvite answers ${invite._}`);
      const hash = invite.link.split('+').at(-1)!;
      const known = await friend.call<'messages.checkChatInvite'>({ _: 'messages.checkChatInvite', hash });
      const channel: tl.InputChannel = { ...peer, _: 'inputChannel', access_hash: 0n };
      let isIn = known._ === 'chatInviteAlready';
      if (known._ === 'chatInviteAlready' && known.chat._ === 'channel') channel.access_hash = known.chat.access_hash!;
      return {
        async before() {
          if (isIn) await friend.call<'channels.leaveChannel'>({ _: 'channels.leaveChannel', channel });
        },
        async call() {
          const joined = await friend.call<'messages.importChatInvite'>({ _: 'messages.importChatInvite', hash });
          const updates = joined._ === 'messages.chatInviteJoinResultOk' ? joined.updates : undefined;
          const chat = updates !== undefined && 'chats' in updates ? updates.chats[0] : undefined;
          if (chat?._ !== 'channel') throw new Error(`importChatInvite answers ${joined._}`);
          channel.access_hash = chat.access_hash!;
          isIn = true;
        },
      };
    },
  },
];
