import { createInProcessBus } from '@aerogram/bus';
import { markPeer } from '@aerogram/cluster';
import { createFakeClock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { expect, test } from 'vitest';

import { AwaitedCopies } from '../src/channel-posts/index.ts';
import { packMessageExtra, type PostRow } from '../src/events/index.ts';
import { publishBoxHint } from '../src/events/user-hints.ts';

const CHANNEL: tl.peerChannel = { _: 'peerChannel', channel_id: 18n };
const GROUP = markPeer({ _: 'peerChannel', channel_id: 54n });

/** Calls that wait for the copy of the post 7, which counts its reads. */
function stage() {
  const bus = createInProcessBus();
  const clock = createFakeClock();
  const copies = new AwaitedCopies({ bus, clock });
  const found = { reads: 0, copy: undefined as string | undefined };
  const read = async (): Promise<string | undefined> => {
    found.reads++;
    return found.copy;
  };
  const ask = (ageS = 0): Promise<string | undefined> => copies.find({ channelId: 18n, groupId: 54n, postId: 7, date: clock.now() - ageS }, read);
  const announce = (postId: number): void => {
    const fwdFrom: tl.messageFwdHeader = { _: 'messageFwdHeader', date: 100, from_id: CHANNEL, channel_post: postId, saved_from_peer: CHANNEL, saved_from_msg_id: postId };
    const message = { from_id: markPeer(CHANNEL), peer_id: GROUP, extra: packMessageExtra({ fwdFrom }) } as PostRow;
    publishBoxHint(bus, { kind: 'box', owner: GROUP, pts: 2, ptsCount: 1, looseCount: 0, events: [{ kind: 'new_message', pts: 2, ptsCount: 1, message }] });
  };
  return { clock, found, ask, announce };
}

const settle = (): Promise<void> => new Promise((turn) => setImmediate(turn));

test('all who wait for a copy get it as soon as it is announced, with one timer, and read nothing meanwhile', async () => {
  const { clock, found, ask, announce } = stage();
  const asked = Promise.all([ask(), ask(), ask()]);
  await settle();
  expect([found.reads, clock.pendingTimers()]).toEqual([6, 1]);
  // The copies of other posts wake nobody.
  for (let n = 0; n < 50; n++) announce(8);
  await settle();
  expect(found.reads).toBe(6);
  found.copy = 'the copy';
  announce(7);
  expect(await asked).toEqual(['the copy', 'the copy', 'the copy']);
  expect([found.reads, clock.pendingTimers()]).toEqual([9, 0]);
});

test('a copy whose announcement is lost is found at the end of two seconds, and a missing one is given up then', async () => {
  const { clock, found, ask } = stage();
  for (const copy of [undefined, 'the copy']) {
    found.copy = undefined;
    const asked = ask();
    await settle();
    found.copy = copy;
    await clock.advance(2000);
    expect(await asked).toBe(copy);
    expect(clock.pendingTimers()).toBe(0);
  }
});

test('nobody waits for what is there, for the copy of an old post, or beside a thousand others', async () => {
  const { clock, found, ask, announce } = stage();
  expect(await ask(31)).toBeUndefined();
  found.copy = 'the copy';
  expect(await ask()).toBe('the copy');
  expect([found.reads, clock.pendingTimers()]).toEqual([2, 0]);
  found.copy = undefined;
  const waiting = Promise.all(Array.from({ length: 1000 }, () => ask()));
  await settle();
  expect(await ask()).toBeUndefined();
  announce(7);
  await waiting;
});
