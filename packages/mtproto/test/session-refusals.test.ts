import { mtEncode } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { encodeContainer } from '../src/client/client-session.ts';
import { decryptMessage } from '../src/session/envelope.ts';
import { ReceivedWindow } from '../src/session/received-window.ts';
import { KeySalts, SaltSource } from '../src/session/salts.ts';
import { call, Stage } from './session-stage.ts';

/** The code with which a message with these numbers is refused. */
function refusal(stage: Stage, message: { msgId: bigint; seqNo: number; body?: Uint8Array }): number | undefined {
  const result = stage.deliver(stage.client.encryptOne({ body: call(1), ...message }));
  if (!Array.isArray(result)) return result._ === 'bad_msg_notification' ? result.error_code : undefined;
  const { msgId, seqNo } = message;
  const notices = stage.takeService().filter((m) => m._ === 'bad_msg_notification');
  return notices.find((m) => m.bad_msg_id === msgId && m.bad_msg_seqno === seqNo)?.error_code;
}

describe('bad_msg_notification', () => {
  test('16 and 17: older than 300 s, more than 30 s ahead', () => {
    const stage = new Stage().begin();
    const at = (seconds: number): bigint => BigInt(stage.nowMs / 1000 + seconds) << 32n;
    expect(refusal(stage, { msgId: at(-301), seqNo: 101 })).toBe(16);
    expect(refusal(stage, { msgId: at(-299), seqNo: 0, body: mtEncode({ _: 'msgs_ack', msg_ids: [] }) })).toBeUndefined();
    expect(refusal(stage, { msgId: at(31), seqNo: 101 })).toBe(17);
    expect(refusal(stage, { msgId: at(30), seqNo: 101 })).toBeUndefined();
  });

  test('18: not divisible by 4, also inside a container', () => {
    const stage = new Stage().begin();
    const msgId = stage.client.nextMsgId();
    expect(refusal(stage, { msgId: msgId + 1n, seqNo: 101 })).toBe(18);
    const body = encodeContainer([{ msgId: msgId + 2n, seqNo: 101, body: call(1) }]);
    stage.deliver(stage.client.encryptOne({ body, msgId: stage.client.nextMsgId(), seqNo: 102 }));
    expect(stage.takeService()).toContainEqual({ _: 'bad_msg_notification', bad_msg_id: msgId + 2n, bad_msg_seqno: 101, error_code: 18 });
  });

  test('19: a container with a msg_id that was received before', () => {
    const stage = new Stage().begin();
    const msgId = stage.call(1);
    const body = encodeContainer([{ msgId: stage.client.nextMsgId(), seqNo: 101, body: call(2) }]);
    expect(refusal(stage, { msgId, seqNo: 102, body })).toBe(19);
  });

  test('20: below the remembered ids', () => {
    const stage = new Stage();
    const old = stage.client.nextMsgId();
    for (let i = 0; i < 2100; i++) stage.send([{ body: mtEncode({ _: 'msgs_ack', msg_ids: [] }), content: false }]);
    expect(refusal(stage, { msgId: old, seqNo: 1 })).toBe(20);
  });

  test('32 and 33: seq_no does not increase with msg_id', () => {
    const stage = new Stage().begin();
    const [low, middle, high] = [stage.client.nextMsgId(), stage.client.nextMsgId(), stage.client.nextMsgId()];
    expect(refusal(stage, { msgId: middle, seqNo: 51 })).toBeUndefined();
    expect(refusal(stage, { msgId: high, seqNo: 51 })).toBe(32);
    expect(refusal(stage, { msgId: high, seqNo: 49 })).toBe(32);
    expect(refusal(stage, { msgId: low, seqNo: 51 })).toBe(33);
    expect(refusal(stage, { msgId: low, seqNo: 53 })).toBe(33);
    expect(refusal(stage, { msgId: low, seqNo: 49 })).toBeUndefined();
    expect(refusal(stage, { msgId: high, seqNo: 53 })).toBeUndefined();
  });

  test('34 and 35: an odd seq_no for a message that needs no acknowledgement, an even one for a call', () => {
    const stage = new Stage().begin();
    const body = encodeContainer([{ msgId: stage.client.nextMsgId(), seqNo: 101, body: call(2) }]);
    expect(refusal(stage, { msgId: stage.client.nextMsgId(), seqNo: 103, body })).toBe(34);
    expect(refusal(stage, { msgId: stage.client.nextMsgId(), seqNo: 102 })).toBe(35);
  });

  test.each([
    ['nested', encodeContainer([{ msgId: 4n, seqNo: 0, body: encodeContainer([{ msgId: 8n, seqNo: 1, body: call(1) }]) }])],
    ['empty', encodeContainer([])],
    ['too many', encodeContainer(Array.from({ length: 1021 }, (_, i) => ({ msgId: BigInt(4 * i + 4), seqNo: 2 * i + 1, body: call(1) })))],
    ['cut', encodeContainer([{ msgId: 4n, seqNo: 1, body: call(1) }]).slice(0, -4)],
    ['with a rest', new Uint8Array([...encodeContainer([{ msgId: 4n, seqNo: 1, body: call(1) }]), 0, 0, 0, 0])],
    ['with an odd length', encodeContainer([{ msgId: 4n, seqNo: 1, body: new Uint8Array(6) }, { msgId: 8n, seqNo: 3, body: new Uint8Array(6) }])],
  ])('64: a container that is %s; none of it runs', (_, body) => {
    const stage = new Stage().begin();
    expect(refusal(stage, { msgId: stage.client.nextMsgId(), seqNo: 2, body })).toBe(64);
    expect(stage.session.running).toBe(0);
  });

  test.each([
    ['a higher msg_id than its own', 4n],
    ['its own msg_id', 0n],
  ])('64: a container that holds a message with %s; none of it runs', (_, above) => {
    const stage = new Stage().begin();
    const [inside, msgId] = [stage.client.nextMsgId(), stage.client.nextMsgId()];
    const body = encodeContainer([{ msgId: inside, seqNo: 101, body: call(1) }, { msgId: msgId + above, seqNo: 103, body: call(2) }]);
    expect(refusal(stage, { msgId, seqNo: 104, body })).toBe(64);
    expect(stage.session.running).toBe(0);
    // Sent again in a container with a higher msg_id, they are accepted.
    const again = encodeContainer([{ msgId: inside, seqNo: 101, body: call(1) }, { msgId: msgId + above, seqNo: 103, body: call(2) }]);
    stage.deliver(stage.client.encryptOne({ body: again, msgId: msgId + 8n, seqNo: 104 }));
    expect(stage.session.running).toBe(2);
  });

  test('a full container of 1020 calls is accepted', () => {
    const stage = new Stage().begin();
    expect(stage.send(Array.from({ length: 1020 }, (_, i) => ({ body: call(i) }))).events).toHaveLength(1020);
  });

  test('an old message is accepted inside a new container', () => {
    const stage = new Stage().begin();
    const late = stage.client.number({ body: call(7) });
    stage.nowMs += 400_000;
    expect(stage.send([late, { body: call(8) }]).events).toHaveLength(2);
  });
});

describe('salts', () => {
  test('a wrong salt is answered with the right one, and nothing runs', () => {
    const stage = new Stage();
    const { salt } = stage.client;
    stage.client.salt = 1n;
    const { packet, msgIds } = stage.client.encrypt([{ body: call(1) }]);
    expect(stage.deliver(packet)).toEqual({ _: 'bad_server_salt', bad_msg_id: msgIds[0], bad_msg_seqno: 1, error_code: 48, new_server_salt: salt });
    expect(stage.session.running).toBe(0);
  });

  test('a salt is valid for 30 to 60 minutes', () => {
    const stage = new Stage().begin();
    const { salt } = stage.client;
    stage.nowMs += 30 * 60_000 - 1;
    expect(stage.salts.accepts(salt, stage.nowMs)).toBe(true);
    stage.nowMs += 30 * 60_000 + 1;
    expect(stage.salts.accepts(salt, stage.nowMs)).toBe(false);
  });
});

describe('replay', () => {
  test('a message refused as too far ahead is not accepted later', () => {
    const stage = new Stage().begin();
    const msgId = BigInt(stage.nowMs / 1000 + 45) << 32n;
    const packet = stage.client.encryptOne({ body: call(1), msgId, seqNo: 101 });
    expect(stage.deliver(packet)).toMatchObject({ _: 'bad_msg_notification', error_code: 17 });
    stage.nowMs += 20_000;
    const replayed = stage.deliver(packet);
    expect(replayed).toMatchObject({ _: 'bad_server_salt', bad_msg_id: msgId });
    expect(stage.session.running).toBe(0);
    // A recording changes nothing more: the client's salt stays the same from now on.
    stage.client.salt = stage.salts.current(stage.nowMs);
    expect(stage.deliver(packet)).toEqual(replayed);
    expect(stage.send([{ body: call(2) }]).events).toHaveLength(1);
  });

  test('a message with a salt that was not valid yet is not accepted later', () => {
    const stage = new Stage().begin();
    stage.service({ _: 'get_future_salts', num: 3 });
    const { salts } = stage.takeService().find((m) => m._ === 'future_salts')!;
    const aheadMs = 60 * 60_000;
    const msgId = BigInt(Math.floor((stage.nowMs + aheadMs) / 1000)) << 32n;
    stage.client.salt = salts[2]!.salt;
    const packet = stage.client.encryptOne({ body: call(1), msgId, seqNo: 101 });
    expect(stage.deliver(packet)).toMatchObject({ _: 'bad_server_salt' });
    stage.nowMs += aheadMs;
    expect(stage.deliver(packet)).toMatchObject({ _: 'bad_server_salt' });
    expect(stage.session.running).toBe(0);
  });

  test('the same holds when the key was removed from memory meanwhile', () => {
    const source = new SaltSource(new Uint8Array(32));
    const nowMs = 1_750_000_000_000;
    const before = new KeySalts(source, 5n);
    const salt = before.current(nowMs);
    before.renew(nowMs);
    expect(new KeySalts(source, 5n).accepts(salt, nowMs)).toBe(false);
    expect(new KeySalts(source, 5n).current(nowMs)).toBe(before.current(nowMs));
    expect(new KeySalts(source, 6n).current(nowMs)).toBe(new KeySalts(new SaltSource(new Uint8Array(32)), 6n).current(nowMs));
  });

  test('a repeated packet runs nothing, whoever sends it', () => {
    const stage = new Stage().begin();
    const single = stage.client.encrypt([{ body: call(1) }]).packet;
    const several = stage.client.encrypt([{ body: call(2) }, { body: call(3) }]).packet;
    expect(stage.deliver(single)).toHaveLength(1);
    expect(stage.deliver(several)).toHaveLength(2);
    for (const packet of [single, several, single, several]) expect(stage.deliver(packet)).toEqual([]);
  });

  test('the window refuses every id it has seen, in any order, also after it forgot some', () => {
    const window = new ReceivedWindow();
    const ids = Array.from({ length: 5000 }, (_, i) => BigInt((i * 7919) % 5003) * 4n + 4n);
    let taken = 0;
    for (const id of ids) {
      if (window.verdict(id) !== 'new') continue;
      window.add(id, undefined);
      taken += 1;
    }
    expect(taken).toBeGreaterThan(2048);
    for (const id of ids) expect(window.verdict(id)).not.toBe('new');
  });

  test('the window refuses a message for its seq_no even after it has forgotten the earlier message', () => {
    const window = new ReceivedWindow();
    window.add(4n, 51);
    expect(window.orderError(1000n, 49)).toBe(32);
    for (let i = 1; i <= 2047; i++) window.add(1000n + BigInt(i) * 4n, undefined);
    window.add(90_000n, undefined);
    expect(window.verdict(4n)).toBe('too-old');
    expect(window.orderError(90_000n - 4n, 49)).toBe(32);
    expect(window.orderError(90_000n - 4n, 53)).toBeUndefined();
  });

  test('the window of a session that pings once a minute forgets ids that are over an hour old', () => {
    const window = new ReceivedWindow();
    const idAt = (minute: number): bigint => BigInt(minute * 60) << 32n;
    for (let minute = 1; minute <= 1000; minute++) window.add(idAt(minute), undefined);
    expect(window.verdict(idAt(1000 - 59))).toBe('repeat');
    expect(window.verdict(idAt(1000 - 130))).toBe('too-old');
  });

  test('a new session with the same id starts with the floor of the earlier one', () => {
    const first = new Stage().begin();
    const packet = first.client.encrypt([{ body: call(1) }]).packet;
    first.deliver(packet);
    const second = new Stage({ receivedFloor: first.session.highestReceived });
    const message = decryptMessage(second.key, packet)!;
    expect(second.session.receive(second.link, message, second.nowMs)).toMatchObject({ events: [], isNews: false });
  });
});

describe('decryption', () => {
  test('a changed byte is detected anywhere', () => {
    const stage = new Stage();
    const { packet } = stage.client.encrypt([{ body: call(1) }]);
    for (let i = 8; i < packet.length; i += 5) {
      const changed = packet.slice();
      changed[i]! ^= 1;
      expect(decryptMessage(stage.key, changed)).toBeUndefined();
    }
    expect(decryptMessage(stage.key, packet.slice(0, -16))).toBeUndefined();
    expect(decryptMessage(stage.key, packet, 'to-client')).toBeUndefined();
  });
});
