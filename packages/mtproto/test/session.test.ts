import { gzipSync } from 'node:zlib';
import { mtEncode } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { encodeContainer, serviceMessage } from '../src/client/client-session.ts';
import { GZIP_PACKED } from '../src/session/constructors.ts';
import { sealHere } from '../src/session/envelope.ts';
import { packBody } from '../src/session/gzip.ts';
import { SessionLink } from '../src/session/session-link.ts';
import { call, Stage } from './session-stage.ts';

function packed(body: Uint8Array): Uint8Array {
  return mtEncode({ _: 'gzip_packed', packed_data: gzipSync(body) });
}

describe('calls and answers', () => {
  test('the first call creates the session and is answered', () => {
    const stage = new Stage();
    const { events, msgIds } = stage.send([{ body: call(1) }]);
    expect(events).toEqual([{ type: 'request', msgId: msgIds[0], body: call(1) }]);
    stage.session.reply(msgIds[0]!, call(9));
    const [created, answer] = stage.take();
    expect(serviceMessage(created!)).toMatchObject({ _: 'new_session_created', first_msg_id: msgIds[0], server_salt: stage.client.salt });
    expect(answer).toMatchObject({ answers: msgIds[0], body: call(9) });
    expect(created!.seqNo % 2).toBe(1);
    expect(answer!.seqNo).toBe(created!.seqNo + 2);
    expect([created!.msgId & 3n, answer!.msgId & 3n]).toEqual([3n, 1n]);
    expect(answer!.msgId > created!.msgId).toBe(true);
  });

  test('new_session_created names the lowest message of the first container, once', () => {
    const stage = new Stage();
    const { msgIds } = stage.send([{ body: call(1) }, { body: call(2) }]);
    expect(stage.takeService()).toMatchObject([{ _: 'msgs_ack' }, { _: 'new_session_created', first_msg_id: msgIds[0] }]);
    stage.call(3);
    expect(stage.takeService().filter((m) => m._ === 'new_session_created')).toEqual([]);
  });

  test('calls of a container run in parallel and are answered in any order', () => {
    const stage = new Stage().begin();
    const { events, msgIds } = stage.send([{ body: call(1) }, { body: call(2) }, { body: call(3) }]);
    expect(events).toHaveLength(3);
    expect(stage.session.running).toBe(3);
    for (const id of msgIds.toReversed()) stage.session.reply(id, call(4));
    expect(stage.take().map((m) => m.answers)).toEqual(msgIds.toReversed());
    expect(stage.session.running).toBe(0);
  });

  test('a slow call is acknowledged after a while, a fast one by its answer', () => {
    const stage = new Stage().begin();
    const slow = stage.call(1);
    expect(stage.take()).toEqual([]);
    stage.nowMs += 500;
    expect(stage.session.acksDueMs).toBeLessThanOrEqual(stage.nowMs);
    expect(stage.takeService()).toEqual([{ _: 'msgs_ack', msg_ids: [slow] }]);
    stage.session.reply(stage.call(2), call(2));
    expect(stage.takeService()).toEqual([]);
  });

  test('long answers are packed, parts of files are not', () => {
    const stage = new Stage().begin();
    const long = call(1, 8000);
    const first = stage.call(1);
    stage.session.reply(first, packBody(long));
    const small = sealHere(stage.session.takeOutgoing(stage.link, stage.nowMs)!);
    expect(small.length).toBeLessThan(500);
    expect(Uint8Array.from(stage.client.open(small)[0]!.body)).toEqual(long);
    stage.session.reply(stage.call(2), long);
    expect(sealHere(stage.session.takeOutgoing(stage.link, stage.nowMs)!).length).toBeGreaterThan(8000);
  });
});

describe('gzip_packed from the client', () => {
  test('is unpacked', () => {
    const stage = new Stage().begin();
    const { events } = stage.send([{ body: packed(call(5, 2000)) }]);
    expect(events[0]).toMatchObject({ type: 'request', body: Buffer.from(call(5, 2000)) });
  });

  test.each([
    ['a bomb', packed(new Uint8Array(64 * 1024 * 1024))],
    ['packed twice', packed(packed(call(1)))],
    ['a packed container', packed(encodeContainer([{ msgId: 4n, seqNo: 1, body: call(1) }]))],
    ['nonsense', mtEncode({ _: 'gzip_packed', packed_data: Uint8Array.of(1, 2, 3) })],
    ['cut', Uint8Array.of(GZIP_PACKED & 255, 0xcf, 0x72, 0x30, 200, 1, 2, 3)],
  ])('%s is answered with an error and never runs', (_, body) => {
    const stage = new Stage().begin();
    const { events, msgIds } = stage.send([{ body }]);
    expect(events).toEqual([{ type: 'unreadable' }]);
    const [answer] = stage.take();
    expect(answer!.answers).toBe(msgIds[0]);
    expect(serviceMessage(answer!)).toEqual({ _: 'rpc_error', error_code: 400, error_message: 'INPUT_FETCH_ERROR' });
  });

  test('the parts of one container share one allowance', () => {
    const stage = new Stage().begin();
    const big = { body: packed(new Uint8Array(700 * 1024)) };
    expect(stage.send([big, big, big]).events.map((event) => event.type)).toEqual(['request', 'unreadable', 'unreadable']);
  });
});

describe('service messages', () => {
  test('ping', () => {
    const stage = new Stage().begin();
    const { msgId } = stage.service({ _: 'ping', ping_id: 5n }, false);
    const [pong] = stage.take();
    expect(serviceMessage(pong!)).toEqual({ _: 'pong', msg_id: msgId, ping_id: 5n });
    expect(pong!.msgId & 3n).toBe(1n);
    expect(pong!.seqNo % 2).toBe(0);
  });

  test('a ping that is too long is ignored', () => {
    const stage = new Stage().begin();
    stage.send([{ body: Buffer.concat([mtEncode({ _: 'ping', ping_id: 5n }), Buffer.alloc(4)]), content: false }]);
    expect(stage.take()).toEqual([]);
  });

  test('ping_delay_disconnect sets when to close', () => {
    const stage = new Stage().begin();
    const { events } = stage.service({ _: 'ping_delay_disconnect', ping_id: 5n, disconnect_delay: 75 });
    expect(events).toEqual([{ type: 'disconnect-after', delayMs: 75_000 }]);
    expect(stage.takeService()).toMatchObject([{ _: 'msgs_ack' }, { _: 'pong', ping_id: 5n }]);
  });

  test('get_future_salts gives at most 64, overlapping, the first valid now', () => {
    const stage = new Stage().begin();
    const { msgId } = stage.service({ _: 'get_future_salts', num: 1000 }, false);
    const [answer] = stage.takeService();
    if (answer?._ !== 'future_salts') throw new Error('no salts');
    expect(answer).toMatchObject({ req_msg_id: msgId, now: stage.nowMs / 1000 });
    expect(answer.salts).toHaveLength(64);
    expect(new Set(answer.salts.map((s) => s.salt)).size).toBe(64);
    const starts = answer.salts.map((salt) => salt.valid_since);
    expect(starts).toEqual(starts.map((_, i) => starts[0]! + i * 1800));
    for (const salt of answer.salts) {
      stage.nowMs = salt.valid_since * 1000;
      expect(stage.salts.accepts(salt.salt, stage.nowMs)).toBe(true);
      expect(salt.valid_until - salt.valid_since).toBe(3600);
    }
  });

  test('http_wait, destroy_session and destroy_auth_key become session events', () => {
    const stage = new Stage().begin();
    expect(stage.service({ _: 'http_wait', max_delay: 1, wait_after: 2, max_wait: 3 }, false).events).toEqual([
      { type: 'http-wait', maxDelayMs: 1, waitAfterMs: 2, maxWaitMs: 3 },
    ]);
    expect(stage.service({ _: 'destroy_session', session_id: 9n }, false).events).toEqual([{ type: 'destroy-session', sessionId: 9n }]);
    stage.session.destroySessionResult(stage.link, 9n, true);
    expect(stage.takeService()).toEqual([{ _: 'destroy_session_ok', session_id: 9n }]);
    expect(stage.service({ _: 'destroy_auth_key' }, false).events).toEqual([{ type: 'destroy-auth-key' }]);
    stage.session.destroyKeyResult(stage.link, 'ok');
    expect(stage.takeService()).toEqual([{ _: 'destroy_auth_key_ok' }]);
  });

  test('msgs_state_req: forgotten, never received, too high, received, answered', () => {
    const stage = new Stage({ receivedFloor: 1000n }).begin();
    const before = stage.client.nextMsgId();
    const running = stage.call(1);
    const answered = stage.call(2);
    stage.session.reply(answered, call(2));
    const { msgIds: [acks] } = stage.send([{ body: mtEncode({ _: 'msgs_ack', msg_ids: [] }), content: false }]);
    stage.service({ _: 'msgs_state_req', msg_ids: [1000n, before, running, answered, acks!, acks! + (1n << 34n)] }, false);
    const info = stage.takeService().find((m) => m._ === 'msgs_state_info');
    expect([...info!.info]).toEqual([1, 2, 4 + 32, 4 + 32 + 64, 4 + 16, 3]);
  });

  test('malformed service messages are ignored', () => {
    const stage = new Stage().begin();
    const cut = mtEncode({ _: 'msgs_state_req', msg_ids: [1n, 2n] }).slice(0, 16);
    expect(stage.send([{ body: cut, content: false }]).events).toEqual([]);
    const acks = mtEncode({ _: 'msgs_ack', msg_ids: [1n] }).slice(0, 16);
    expect(stage.send([{ body: acks, content: false }]).events).toEqual([]);
    expect(stage.take()).toEqual([]);
  });
});

describe('rpc_drop_answer', () => {
  test('of a running call: both are told, and the answer is not sent', () => {
    const stage = new Stage().begin();
    const target = stage.call(1);
    const { msgId } = stage.service({ _: 'rpc_drop_answer', req_msg_id: target });
    stage.session.reply(target, call(1));
    const answers = stage.take().filter((m) => m.answers !== undefined);
    expect(answers.map((m) => m.answers)).toEqual([target, msgId]);
    for (const answer of answers) expect(serviceMessage(answer)).toEqual({ _: 'rpc_answer_dropped_running' });
    expect(stage.session.running).toBe(0);
  });

  test('of an answered one: the answer is removed', () => {
    const stage = new Stage().begin();
    const target = stage.call(1);
    stage.session.reply(target, call(1));
    const [sent] = stage.take();
    stage.service({ _: 'rpc_drop_answer', req_msg_id: target });
    const [answer] = stage.take();
    expect(serviceMessage(answer!)).toEqual({ _: 'rpc_answer_dropped', msg_id: sent!.msgId, seq_no: sent!.seqNo, bytes: 20 });
    expect(stage.take(new SessionLink())).toEqual([]);
  });

  test('of an unknown one', () => {
    const stage = new Stage().begin();
    stage.service({ _: 'rpc_drop_answer', req_msg_id: 4n });
    expect(serviceMessage(stage.take()[0]!)).toEqual({ _: 'rpc_answer_unknown' });
  });
});
