import { mtEncode } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SESSION_LIMITS } from '../src/session/outbox.ts';
import { SessionLink } from '../src/session/session-link.ts';
import { call, Stage } from './session-stage.ts';

describe('what a session keeps for its client is limited', () => {
  test('answers that the client does not read: the rest is dropped, and the client is told when it asks again', () => {
    const stage = new Stage({ limits: { queuedAnswerBytes: 100_000 } }).begin();
    const asked = Array.from({ length: 20 }, (_, i) => stage.call(i));
    // These bytes do not compress.
    for (const msgId of asked) stage.session.reply(msgId, call(1, 19_992));
    const got = stage.take();
    expect(got.filter(({ answers }) => answers !== undefined).map(({ answers }) => answers)).toEqual(asked.slice(0, 5));
    stage.acknowledge(got);
    stage.deliver(stage.client.encryptOne({ body: call(19), msgId: asked[19]!, seqNo: 41 }));
    expect(stage.takeService()).toMatchObject([{ _: 'bad_msg_notification', bad_msg_id: asked[19], error_code: 20 }]);
    // After that the session works as before.
    const again = stage.call(21);
    stage.session.reply(again, call(22));
    expect(stage.take().map(({ answers }) => answers)).toContain(again);
  });

  test('small answers by their number', () => {
    const stage = new Stage({ limits: { queuedAnswers: 10, unacknowledged: 10 } }).begin();
    for (let i = 0; i < 2_000; i++) stage.session.reply(stage.call(i), call(i));
    expect(stage.take().filter(({ answers }) => answers !== undefined)).toHaveLength(10);
  });

  test('without acknowledgements, over ever new connections: sent messages are kept up to the limit', () => {
    const stage = new Stage().begin();
    let most = 0;
    for (let round = 0; round < 10; round++) {
      stage.session.closeLink(stage.link, stage.nowMs);
      stage.link = new SessionLink();
      for (let i = 0; i < 64; i++) stage.session.reply(stage.call(i), call(i, 30_000));
      most = Math.max(most, stage.take().reduce((sum, { body }) => sum + body.length, 0));
    }
    expect(most).toBeLessThan(DEFAULT_SESSION_LIMITS.unacknowledgedBytes + 64 * 32_000);
  });

  test('future salts are encoded once, however often they are asked for', () => {
    const stage = new Stage().begin();
    const ask = (): unknown => {
      stage.service({ _: 'get_future_salts', num: 64 });
      return stage.takeService().find((one) => one._ === 'future_salts')?.salts;
    };
    const first = ask();
    expect(first).toHaveLength(64);
    expect(ask()).toEqual(first);
    stage.nowMs += 1_800_000;
    stage.client.salt = stage.salts.current(stage.nowMs);
    expect(ask()).toEqual([...(first as unknown[]).slice(1), expect.anything()]);
  });

  test('many resend requests send each message again once at a time', () => {
    const stage = new Stage().begin();
    const asked = Array.from({ length: 100 }, (_, i) => stage.call(i));
    for (const msgId of asked) stage.session.reply(msgId, call(1, 5_000));
    const msg_ids = stage.take().filter(({ answers }) => answers !== undefined).map(({ msgId }) => msgId);
    stage.send(Array.from({ length: 1_000 }, () => ({ body: mtEncode({ _: 'msg_resend_req', msg_ids }), content: false })));
    expect(stage.take().filter(({ answers }) => answers !== undefined)).toHaveLength(100);
  });
});
