import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { expect, test } from 'vitest';

import { copiedPostOf } from '../src/channel-state/index.ts';
import { packMessageExtra } from '../src/events/index.ts';

const CHANNEL: tl.peerChannel = { _: 'peerChannel', channel_id: 18n };
const OTHER: tl.peerChannel = { _: 'peerChannel', channel_id: 36n };
const GROUP = markPeer({ _: 'peerChannel', channel_id: 54n });

const message = (from_id: bigint, fwdFrom?: Omit<tl.messageFwdHeader, '_' | 'date'>) => ({
  from_id,
  peer_id: GROUP,
  extra: packMessageExtra(fwdFrom === undefined ? {} : { fwdFrom: { _: 'messageFwdHeader', date: 100, ...fwdFrom } }),
});

test('a copy by the channel tells which post it copies', () => {
  const copy = message(markPeer(CHANNEL), { from_id: CHANNEL, channel_post: 7, saved_from_peer: CHANNEL, saved_from_msg_id: 7 });
  expect(copiedPostOf(copy)).toEqual({ channelId: 18n, postId: 7 });
});

test('the copy of a forwarded post tells the post of the channel, not the one that was forwarded', () => {
  const copy = message(markPeer(CHANNEL), { from_id: OTHER, channel_post: 99, saved_from_peer: CHANNEL, saved_from_msg_id: 7 });
  expect(copiedPostOf(copy)).toEqual({ channelId: 18n, postId: 7 });
});

test('other messages copy no post', () => {
  const saved = { from_id: CHANNEL, channel_post: 7, saved_from_peer: CHANNEL, saved_from_msg_id: 7 };
  expect(copiedPostOf(message(1n))).toBeUndefined();
  expect(copiedPostOf(message(1n, saved))).toBeUndefined();
  expect(copiedPostOf(message(GROUP, saved))).toBeUndefined();
  expect(copiedPostOf(message(markPeer(OTHER), saved))).toBeUndefined();
  expect(copiedPostOf(message(markPeer(CHANNEL)))).toBeUndefined();
  expect(copiedPostOf(message(markPeer(CHANNEL), { from_id: CHANNEL, channel_post: 7 }))).toBeUndefined();
});
