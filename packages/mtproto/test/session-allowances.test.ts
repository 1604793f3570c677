import { gzipSync } from 'node:zlib';
import { mtEncode, type mt } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { call, Stage } from './session-stage.ts';

const many = (count: number, message: mt.AnyService) => Array.from({ length: count }, () => ({ body: mtEncode(message), content: false }));

describe('one packet gets no more than', () => {
  test('128 salts: further questions get one salt each', () => {
    const stage = new Stage().begin();
    stage.send(many(10, { _: 'get_future_salts', num: 64 }));
    const answers = stage.takeService().filter((message) => message._ === 'future_salts');
    expect(answers.map((answer) => answer.salts.length)).toEqual([64, 64, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(answers[9]!.salts).toEqual(answers[0]!.salts.slice(0, 1));
    // Another packet has its own allowance.
    const { msgId } = stage.service({ _: 'get_future_salts', num: 3 }, false);
    const now = Math.floor(stage.nowMs / 1000);
    expect(stage.takeService()).toEqual([{ _: 'future_salts', req_msg_id: msgId, now, salts: answers[0]!.salts.slice(0, 3) }]);
  });

  test('a limited number of msg_ids checked', () => {
    const stage = new Stage().begin();
    const msg_ids = Array.from({ length: 5000 }, (_, i) => BigInt(i) * 4n);
    stage.send(many(3, { _: 'msgs_state_req', msg_ids }));
    expect(stage.takeService().filter((message) => message._ === 'msgs_state_info')).toHaveLength(1);
  });

  test('long content unpacked only if it starts with a known constructor', () => {
    const known = call(1).slice(0, 4);
    const stage = new Stage({ knows: (constructor) => constructor === Buffer.from(known).readInt32LE(0) }).begin();
    const packed = (body: Uint8Array) => [{ body: mtEncode({ _: 'gzip_packed', packed_data: gzipSync(body) }) }];
    expect(stage.send(packed(call(1, 512 * 1024))).events).toHaveLength(1);
    expect(stage.send(packed(new Uint8Array(512 * 1024))).events).toEqual([{ type: 'unreadable' }]);
    expect(stage.send(packed(new Uint8Array(1024))).events).toHaveLength(1);
  });
});
