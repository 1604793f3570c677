import { createFakeClock, type FakeClock } from '@aerogram/runtime';
import { encode, type tl } from '@aerogram/tl';
import { beforeEach, expect, test } from 'vitest';
import { defineMethod, type Dispatcher, type RpcAnswer, type SessionRef } from '../src/index.ts';
import { dispatcherForUser, newSession } from './user-stage.ts';

let clock: FakeClock;
let session: SessionRef;
beforeEach(() => {
  clock = createFakeClock();
  session = newSession();
});

const call = (dispatcher: Dispatcher, request: tl.AnyMethod, msgId: bigint): Promise<RpcAnswer> => dispatcher.dispatch({ session, msgId, body: encode(request) });
const status = defineMethod({ method: 'account.updateStatus', access: 'user', cost: 1, repeat: 'idempotent', handler: () => Promise.resolve(true) });

test('runs sends of a session to one peer in the order of msg_id, and other calls in parallel', async () => {
  const started: bigint[] = [];
  const finish = new Map<bigint, () => void>();
  const send = defineMethod({
    method: 'messages.sendMessage', access: 'user', cost: 1, repeat: 'random_id',
    handler: (ctx) => {
      started.push(ctx.caller.msgId);
      return new Promise((resolve) =>
        finish.set(ctx.caller.msgId, () => resolve({ _: 'updates', updates: [], users: [], chats: [], date: 0, seq: 0 })),
      );
    },
  });
  const dispatcher = dispatcherForUser([send], { clock });
  const to = (user: bigint, id: bigint): Promise<RpcAnswer> =>
    call(dispatcher, { _: 'messages.sendMessage', peer: { _: 'inputPeerUser', user_id: user, access_hash: 1n }, message: 'm', random_id: id }, id);
  // One container with its messages out of order.
  const calls = [to(5n, 208n), to(5n, 200n), to(6n, 212n), to(5n, 204n)];
  await clock.advance(1);
  expect(started).toEqual([200n, 212n]);
  finish.get(200n)?.();
  await clock.advance(1);
  expect(started).toEqual([200n, 212n, 204n]);
  const other = session;
  session = newSession();
  const elsewhere = to(5n, 100n);
  session = other;
  await clock.advance(1);
  expect(started).toContain(100n);
  for (const id of [204n, 212n, 100n]) finish.get(id)?.();
  await clock.advance(1);
  finish.get(208n)?.();
  expect((await Promise.all([...calls, elsewhere])).every((answer) => answer.error === undefined)).toBe(true);
});

test('says of a send behind one that waits for another call that it waits, too, so that the other call gets a place', async () => {
  const send = defineMethod({
    method: 'messages.sendMessage', access: 'user', cost: 1, repeat: 'random_id',
    handler: () => Promise.resolve({ _: 'updates', updates: [], users: [], chats: [], date: 0, seq: 0 }),
  });
  const dispatcher = dispatcherForUser([send, status], { clock });
  const waiting = new Set<bigint>();
  const to = (id: bigint, after?: bigint): Promise<RpcAnswer> => {
    const query: tl.messages.sendMessage = { _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'm', random_id: id };
    const body = encode(after === undefined ? query : { _: 'invokeAfterMsg', msg_id: after, query });
    return dispatcher.dispatch({ session, msgId: id, body, onChained: (waits) => void (waits ? waiting.add(id) : waiting.delete(id)) });
  };
  const sends = [to(104n, 100n), to(108n)];
  await clock.advance(1);
  expect([...waiting]).toEqual([104n, 108n]);
  await call(dispatcher, { _: 'account.updateStatus', offline: false }, 100n);
  expect((await Promise.all(sends)).map(({ error }) => error)).toEqual([undefined, undefined]);
  expect(waiting.size).toBe(0);
});

test('starts the next send to a peer as soon as the previous one is queued in order', async () => {
  const started: bigint[] = [];
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const send = defineMethod({
    method: 'messages.sendMessage', access: 'user', cost: 1, repeat: 'random_id',
    handler: async (ctx) => {
      started.push(ctx.caller.msgId);
      ctx.handedOn();
      await finished;
      return { _: 'updates', updates: [], users: [], chats: [], date: 0, seq: 0 };
    },
  });
  const dispatcher = dispatcherForUser([send], { clock });
  const request = (id: bigint) => ({ _: 'messages.sendMessage' as const, peer: { _: 'inputPeerSelf' as const }, message: 'm', random_id: id });
  const calls = [204n, 200n, 208n].map((id) => call(dispatcher, request(id), id));
  await clock.advance(1);
  expect(started).toEqual([200n, 204n, 208n]);
  finish();
  expect((await Promise.all(calls)).every((answer) => answer.error === undefined)).toBe(true);
});
