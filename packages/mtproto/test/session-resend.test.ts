import { describe, expect, test } from 'vitest';
import { mtEncode, type mt } from '@aerogram/tl';
import { serviceMessage } from '../src/client/client-session.ts';
import { decryptMessage, sealHere } from '../src/session/envelope.ts';
import { SessionLink } from '../src/session/session-link.ts';
import { call, Stage, TOO_LONG } from './session-stage.ts';

const numbers = (messages: readonly { body: Uint8Array }[]): number[] =>
  messages.filter((m) => Buffer.from(m.body).readUInt32LE(0) === 0xaabbccdd).map((m) => Buffer.from(m.body).readUInt32LE(4));

describe('a client that returns over another connection', () => {
  test('gets unacknowledged messages again, with the same msg_id, in order', () => {
    const stage = new Stage().begin();
    const request = stage.call(1);
    stage.session.reply(request, call(1));
    stage.session.push(call(2));
    const before = stage.take();
    stage.session.closeLink(stage.link, stage.nowMs);
    stage.session.push(call(3));

    stage.link = new SessionLink();
    stage.service({ _: 'ping', ping_id: 1n }, false);
    const after = stage.take().filter((m) => m.seqNo % 2 !== 0);
    expect(numbers(after)).toEqual([1, 2, 3]);
    expect(after.slice(0, 2).map((m) => [m.msgId, m.seqNo])).toEqual(before.map((m) => [m.msgId, m.seqNo]));
  });

  test('gets nothing again that it acknowledged', () => {
    const stage = new Stage().begin();
    stage.session.push(call(2));
    stage.acknowledge(stage.take());
    stage.session.closeLink(stage.link, stage.nowMs);
    stage.link = new SessionLink();
    stage.service({ _: 'ping', ping_id: 1n }, false);
    expect(stage.take()).toHaveLength(1);
  });

  test('takes over the session even while the old connection seems to be open', () => {
    const stage = new Stage().begin();
    stage.session.push(call(2));
    const old = stage.link;
    stage.take();
    stage.link = new SessionLink();
    stage.service({ _: 'ping', ping_id: 1n }, false);
    expect(numbers(stage.take())).toEqual([2]);
    stage.session.push(call(3));
    expect(stage.take(old)).toEqual([]);
    expect(numbers(stage.take())).toEqual([3]);
  });

  test('gets nothing repeatedly if it uses two connections in turn', () => {
    const stage = new Stage().begin();
    const [one, two] = [stage.link, new SessionLink()];
    stage.service({ _: 'ping', ping_id: 1n }, false, two);
    stage.take(two);
    stage.session.push(call(2));
    stage.take(two);
    for (const link of [one, two, one, two]) {
      stage.service({ _: 'ping', ping_id: 1n }, false, link);
      expect(numbers(stage.take(link))).toEqual([]);
    }
    stage.session.closeLink(two, stage.nowMs);
    expect(stage.session.currentLink).toBe(one);
    expect(numbers(stage.take(one))).toEqual([2]);
  });

  test('does not lose the session to a replayed packet on another connection', () => {
    const stage = new Stage().begin();
    const { packet } = stage.client.encrypt([{ body: call(1) }]);
    stage.deliver(packet);
    const stranger = new SessionLink();
    stage.deliver(packet, stranger);
    expect(stage.session.currentLink).toBe(stage.link);
  });

  test('loses nothing to a replayed packet while it is disconnected', () => {
    const stage = new Stage().begin();
    const { packet } = stage.client.encrypt([{ body: call(1) }]);
    stage.deliver(packet);
    stage.session.closeLink(stage.link, stage.nowMs);
    stage.session.push(call(2));
    const stranger = new SessionLink();
    stage.deliver(packet, stranger);
    expect(stage.session.currentLink).toBeUndefined();
    expect(stage.take(stranger)).toEqual([]);
    stage.link = new SessionLink();
    stage.service({ _: 'ping', ping_id: 1n }, false);
    expect(numbers(stage.take())).toEqual([2]);
  });

  test('shares no link with the answer to a packet that contains nothing new', () => {
    const stage = new Stage().begin();
    const aside = new SessionLink();
    const receive = (packet: Uint8Array): boolean =>
      stage.session.receive(stage.link, decryptMessage(stage.key, packet)!, stage.nowMs, aside).isNews;
    const container = stage.client.encrypt([{ body: call(1) }, { body: mtEncode({ _: 'ping', ping_id: 7n }), content: false }]).packet;
    expect(receive(container)).toBe(true);
    expect(stage.takeService(aside)).toEqual([]);
    expect(stage.takeService()).toContainEqual(expect.objectContaining({ _: 'pong', ping_id: 7n }));
    expect(receive(container)).toBe(false);
    expect(stage.takeService(aside)).toMatchObject([{ _: 'bad_msg_notification', error_code: 19 }]);
    expect(stage.take()).toEqual([]);
  });
});

describe('a repeated request', () => {
  test('while it runs: is acknowledged and not run twice', () => {
    const stage = new Stage().begin();
    const { packet, msgIds } = stage.client.encrypt([{ body: call(1) }]);
    stage.deliver(packet);
    expect(stage.deliver(packet)).toEqual([]);
    stage.nowMs += 1000;
    expect(stage.takeService()).toEqual([{ _: 'msgs_ack', msg_ids: msgIds }]);
  });

  test('after it was answered: the kept answer is sent again', () => {
    const stage = new Stage().begin();
    const { packet, msgIds } = stage.client.encrypt([{ body: call(1) }]);
    stage.deliver(packet);
    stage.session.reply(msgIds[0]!, call(5));
    const [first] = stage.take();
    expect(stage.deliver(packet)).toEqual([]);
    expect(stage.take().filter((m) => m.answers)).toEqual([first]);
  });

  test('after a long answer: msg_detailed_info, and the answer on msg_resend_req', () => {
    const stage = new Stage().begin();
    const { packet, msgIds } = stage.client.encrypt([{ body: call(1) }]);
    stage.deliver(packet);
    stage.session.reply(msgIds[0]!, call(5, 8000));
    const [first] = stage.take();
    stage.deliver(packet);
    expect(stage.takeService()).toEqual([
      { _: 'msg_detailed_info', msg_id: msgIds[0], answer_msg_id: first!.msgId, bytes: 8020, status: 4 + 32 + 64 },
    ]);
    stage.service({ _: 'msg_resend_req', msg_ids: [first!.msgId] }, false);
    expect(stage.take()).toEqual([first]);
  });

  test('after its answer was acknowledged: is only acknowledged', () => {
    const stage = new Stage().begin();
    const { packet, msgIds } = stage.client.encrypt([{ body: call(1) }]);
    stage.deliver(packet);
    stage.session.reply(msgIds[0]!, call(5));
    stage.acknowledge(stage.take());
    expect(stage.deliver(packet)).toEqual([]);
    stage.nowMs += 1000;
    expect(stage.takeService()).toEqual([{ _: 'msgs_ack', msg_ids: msgIds }]);
  });

  test('after its answer was dropped: 20, so that the client sends it as a new message', () => {
    const stage = new Stage({ limits: { unacknowledged: 2 } }).begin();
    const { packet, msgIds } = stage.client.encrypt([{ body: call(1) }]);
    stage.deliver(packet);
    stage.session.reply(msgIds[0]!, call(5));
    for (let i = 0; i < 3; i++) stage.session.reply(stage.call(i), call(i));
    stage.take();
    stage.deliver(packet);
    expect(stage.takeService()).toMatchObject([{ _: 'bad_msg_notification', bad_msg_id: msgIds[0], error_code: 20 }]);
  });
});

describe('msg_resend_req and states', () => {
  test('a request for messages that are not kept is answered with the states of all', () => {
    const stage = new Stage().begin();
    stage.session.push(call(1));
    const [sent] = stage.take();
    const { msgId } = stage.service({ _: 'msg_resend_req', msg_ids: [sent!.msgId, 4n] }, false);
    const got = stage.take();
    expect(got).toContainEqual(sent);
    expect(got.map(serviceMessage)).toContainEqual(expect.objectContaining({ _: 'msgs_state_info', req_msg_id: msgId }));
  });

  test.each<[string, (id: bigint) => mt.AnyService]>([
    ['msg_resend_req', (id) => ({ _: 'msg_resend_req', msg_ids: Array.from({ length: 8000 }, () => id) })],
    ['msgs_all_info', (id) => ({ _: 'msgs_all_info', msg_ids: Array.from({ length: 8000 }, () => id), info: new Uint8Array(8000).fill(2) })],
  ])('a message that %s names many times is sent once', (_, ask) => {
    const stage = new Stage().begin();
    stage.session.push(call(1));
    const [sent] = stage.take();
    stage.service(ask(sent!.msgId), false);
    expect(stage.take()).toEqual([sent]);
    // It is queued already, so further requests do not add it again.
    stage.send([1, 2, 3].map(() => ({ body: mtEncode({ _: 'msg_resend_req', msg_ids: [sent!.msgId] }), content: false })));
    expect(stage.take()).toEqual([sent]);
  });

  test('msgs_all_info acknowledges what the client has and sends again what it lacks', () => {
    const stage = new Stage().begin();
    stage.session.push(call(1));
    stage.session.push(call(2));
    const [one, two] = stage.take();
    const body = mtEncode({ _: 'msgs_all_info', msg_ids: [one!.msgId, two!.msgId], info: Uint8Array.of(4, 2) });
    stage.send([{ body, content: false }]);
    expect(stage.take()).toEqual([two]);
    stage.session.closeLink(stage.link, stage.nowMs);
    stage.link = new SessionLink();
    stage.service({ _: 'ping', ping_id: 1n }, false);
    expect(numbers(stage.take())).toEqual([2]);
  });
});

describe('a client that is too slow', () => {
  test('gets updatesTooLong after what was queued, then updates again', () => {
    const stage = new Stage({ limits: { queuedUpdates: 3 } }).begin();
    const results = [1, 2, 3, 4, 5].map((i) => stage.session.push(call(i)));
    expect(results).toEqual(['queued', 'queued', 'queued', 'dropped', 'dropped']);
    const got = stage.take();
    expect(numbers(got)).toEqual([1, 2, 3]);
    expect(got.at(-1)!.body).toEqual(TOO_LONG);
    expect(stage.session.push(call(6))).toBe('queued');
    expect(numbers(stage.take())).toEqual([6]);
  });

  test('and disconnected for too long gets only updatesTooLong when it returns', () => {
    const stage = new Stage({ limits: { detachedUpdates: 3 } }).begin();
    stage.session.closeLink(stage.link, stage.nowMs);
    for (let i = 1; i <= 5; i++) stage.session.push(call(i));
    stage.link = new SessionLink();
    stage.service({ _: 'ping', ping_id: 1n }, false);
    const got = stage.take().filter((m) => m.seqNo % 2 !== 0);
    expect(got.map((m) => m.body)).toEqual([TOO_LONG]);
  });

  test('and never acknowledges: old updates are dropped, and it is told when it returns', () => {
    const stage = new Stage({ limits: { unacknowledged: 3 } }).begin();
    for (let i = 1; i <= 10; i++) {
      stage.session.push(call(i));
      stage.take();
    }
    stage.session.closeLink(stage.link, stage.nowMs);
    stage.link = new SessionLink();
    stage.service({ _: 'ping', ping_id: 1n }, false);
    const got = stage.take();
    expect(numbers(got)).toEqual([8, 9, 10]);
    expect(got.at(-1)!.body).toEqual(TOO_LONG);
  });
});

describe('packing', () => {
  test('what is queued goes in one packet of at most 1020 messages and 1 MiB', () => {
    const stage = new Stage({ limits: { queuedUpdates: 5000, queuedBytes: 1e8 } }).begin();
    for (let i = 0; i < 2000; i++) stage.session.push(call(i));
    const packet = sealHere(stage.session.takeOutgoing(stage.link, stage.nowMs)!);
    expect(stage.client.open(packet)).toHaveLength(1020);
    stage.take();
    const big = stage.random.bytes(400 * 1024);
    for (let i = 0; i < 4; i++) stage.session.push(big);
    const sizes: number[] = [];
    while (stage.session.hasOutgoing(stage.link, stage.nowMs)) sizes.push(sealHere(stage.session.takeOutgoing(stage.link, stage.nowMs)!).length);
    expect(sizes).toHaveLength(2);
    for (const size of sizes) expect(size).toBeLessThan(1024 * 1024);
  });
});
