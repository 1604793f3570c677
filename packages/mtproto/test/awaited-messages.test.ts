import { mtEncode } from '@aerogram/tl';
import { expect, test } from 'vitest';
import { idsOfRefused, RefusedMessages } from '../src/session/refused-messages.ts';
import { call, Stage } from './session-stage.ts';

/** The half of a msg_id that counts seconds. */
const SECOND = 1n << 32n;

test('a call runs from its arrival until its answer, and is gone then', () => {
  const stage = new Stage().begin();
  const { awaited } = stage.session;
  const id = stage.call(1);
  expect(awaited.fateOf(id)).toBe('running');
  const gone: (bigint | undefined)[] = [];
  awaited.onGone = (msgId) => gone.push(msgId);
  stage.session.reply(id, call(1));
  expect([awaited.fateOf(id), gone]).toEqual(['gone', [id]]);
});

test('a call whose answer the client dropped still runs', () => {
  const stage = new Stage().begin();
  const id = stage.call(1);
  stage.service({ _: 'rpc_drop_answer', req_msg_id: id });
  expect(stage.session.awaited.fateOf(id)).toBe('running');
});

test('a message that was not seen may come, unless it is older than the session: then it most likely does not', () => {
  const stage = new Stage();
  const first = stage.call(1);
  const { awaited } = stage.session;
  expect([awaited.fateOf(first + 4n), awaited.fateOf(first + SECOND), awaited.fateOf(first - 4n)]).toEqual(['unseen', 'unseen', 'early']);
  // No message has such an id.
  expect([awaited.fateOf(first + 5n), awaited.fateOf(first + 6n)]).toEqual(['gone', 'gone']);
});

test('a message that an earlier session may have received is gone', () => {
  const floor = (1_750_000_000n << 32n) + 400n;
  const { awaited } = new Stage({ receivedFloor: floor }).session;
  expect([awaited.fateOf(floor - 4n), awaited.fateOf(floor), awaited.fateOf(floor + 4n)]).toEqual(['gone', 'gone', 'early']);
});

test('a message that is no call is gone when it is there', () => {
  const stage = new Stage().begin();
  const gone: (bigint | undefined)[] = [];
  stage.session.awaited.onGone = (msgId) => gone.push(msgId);
  const { msgId } = stage.service({ _: 'ping', ping_id: 1n });
  expect([stage.session.awaited.fateOf(msgId), gone]).toEqual(['gone', [msgId]]);
});

test('a refused message is gone, also one in a container', () => {
  const refused = new RefusedMessages();
  const stage = new Stage({ refused }).begin();
  const { awaited } = stage.session;
  const gone: (bigint | undefined)[] = [];
  awaited.onGone = (msgId) => gone.push(msgId);
  const [single, inner] = [stage.client.encrypt([{ body: call(1) }]), stage.client.encrypt([{ body: call(2) }, { body: call(3) }])];
  for (const { packet } of [single, inner]) awaited.refuse(idsOfRefused(stage.open(packet)));
  const ids = [...single.msgIds, ...inner.msgIds];
  expect(gone).toEqual(ids);
  expect(ids.map((id) => awaited.fateOf(id))).toEqual(['gone', 'gone', 'gone']);
  // Sent again under the same id after all, it runs.
  stage.deliver(single.packet);
  expect(awaited.fateOf(ids[0]!)).toBe('running');
});

test('a message with a wrong number is refused, and gone', () => {
  const refused = new RefusedMessages();
  const stage = new Stage({ refused }).begin();
  const { packet, msgIds } = stage.client.encrypt([{ body: call(1), content: false }]);
  stage.deliver(packet);
  expect([stage.session.awaited.fateOf(msgIds[0]!), stage.takeService()[0]]).toMatchObject(['gone', { error_code: 35 }]);
});

test('of refused messages the last 128 are remembered', () => {
  const refused = new RefusedMessages();
  refused.add([4n]);
  refused.add(Array.from({ length: 127 }, (_, i) => BigInt(i + 2) * 4n));
  expect(refused.has(4n)).toBe(true);
  refused.add([2000n]);
  expect([refused.has(4n), refused.has(8n), refused.has(2000n)]).toEqual([false, true, true]);
});

test('nothing more comes to a session that is closed, and what runs goes on; when it has ended, nothing does', () => {
  const stage = new Stage().begin();
  const { awaited } = stage.session;
  const id = stage.call(1);
  const told: (bigint | undefined)[] = [];
  awaited.onGone = (msgId) => told.push(msgId);
  awaited.close();
  expect([awaited.fateOf(id), awaited.fateOf(id + 4n), awaited.fateOf(4n)]).toEqual(['running', 'gone', 'gone']);
  awaited.end();
  expect([awaited.fateOf(id), told]).toEqual(['gone', [undefined, undefined]]);
});

test('a call that cannot be unpacked is gone', () => {
  const stage = new Stage().begin();
  const body = mtEncode({ _: 'gzip_packed', packed_data: Uint8Array.of(1, 2, 3) });
  const { msgIds, events } = stage.send([{ body }]);
  expect([stage.session.awaited.fateOf(msgIds[0]!), events]).toEqual(['gone', [{ type: 'unreadable' }]]);
});
