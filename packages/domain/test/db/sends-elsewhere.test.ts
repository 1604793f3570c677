import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import { hasFlag, MessageFlag } from '../../src/events/message-row.ts';
import { errorOf } from './accounts-world.ts';
import { type HomesStage, openHomes } from './homes-stage.ts';

describe('messages to somebody in another data centre', () => {
  let stage: HomesStage;
  let anna: bigint;
  let ben: bigint;
  beforeAll(async () => {
    stage = await openHomes();
    ({ anna, ben } = stage);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it('arrive once, under the same name, and say which message they are for the sender', async () => {
    const sent = await stage.send(anna, ben, 'hello over there');
    expect(await stage.dialog(ben, anna)).toEqual([]);
    await stage.carry();
    await stage.carry();
    const [copy, ...more] = await stage.dialog(ben, anna);
    expect(more).toEqual([]);
    expect(copy).toMatchObject({ text: 'hello over there', global_id: sent.global_id, from_id: anna, date: sent.date });
    expect(hasFlag(copy!, MessageFlag.out)).toBe(false);
    expect(unpackMessageExtra(copy!.extra).peerMsgId).toBe(sent.msg_id);
    expect(await stage.one.db.q.selectFrom('messages').selectAll().where('owner_id', '=', ben).execute()).toEqual([]);
    const dialog = await stage.two.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', ben).where('peer_id', '=', anna).executeTakeFirstOrThrow();
    expect(dialog).toMatchObject({ unread_count: 1, msg_count: 1, top_msg_id: copy!.msg_id });
  });

  it('refuses them while too much waits for that data centre, and keeps nothing', async () => {
    const before = await stage.dialog(anna, ben);
    stage.setFull(1, true);
    expect(await errorOf(stage.send(anna, ben, 'too much'))).toBe('INTERDC_2_CALL_ERROR');
    stage.setFull(1, false);
    expect(await stage.dialog(anna, ben)).toEqual(before);
  });
});
