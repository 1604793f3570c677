import { authTopic } from '@aerogram/bus';
import { encode, mtEncode } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { call, GATEWAY_CONFIG, openStage, openUser, services } from './gateway-stage.ts';

describe('who receives updates', () => {
  test('the session that called last; its answer waits until it is attached', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    const { client: one } = await openUser(stage, { clientKey });
    let attach: () => void = () => {};
    stage.pusher.gate = new Promise((resolve) => (attach = resolve));
    const two = await stage.connect({ clientKey });
    const answer = two.call(call(1));
    await stage.dispatcher.heard(2);
    let answered = false;
    void answer.then(() => (answered = true));
    await stage.clock.advance(100);
    expect(answered).toBe(false);
    attach();
    await answer;
    expect(stage.pusher.told).toEqual([
      `attach 5 ${one.session.sessionId}`,
      `detach ${one.session.sessionId}`,
      `attach 5 ${two.session.sessionId}`,
    ]);
    expect([...stage.gateway.sessions.sessionsOf(5n)].map((s) => s.sessionId)).toEqual([two.session.sessionId]);
  });

  test('where a difference says that channels are counts for a session that was not attached when it asked', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    stage.logIn(clientKey, 5n);
    const boxSteps = [{ owner: 5n, pts: 10, ptsCount: 10, looseSeq: 0 }, { owner: -1_000_000_000_007n, pts: 20, ptsCount: 0, looseSeq: 0 }];
    stage.dispatcher.answers.set(1, () => ({ method: 'updates.getDifference', boxSteps }));
    const client = await stage.connect({ clientKey });
    for (let n = 0; n < 2; n++) await client.call(call(1));
    const { sessionId } = client.session;
    expect(stage.pusher.told).toEqual([`attach 5 ${sessionId}`, `answered ${sessionId} 10,20`, `answered ${sessionId} 10`]);
  });

  test('no session that calls without updates, transfers files, exports data, is refused, or only asks for the configuration', async () => {
    const stage = await openStage({ config: { ...GATEWAY_CONFIG, maxSessionsPerKey: 20 } });
    const clientKey = stage.addKey();
    const { client: main } = await openUser(stage, { clientKey });
    stage.dispatcher.answers.set(1, () => ({ withoutUpdates: true }));
    stage.dispatcher.answers.set(2, () => ({ method: 'upload.getFile' }));
    stage.dispatcher.answers.set(3, () => ({ method: 'help.getConfig' }));
    stage.dispatcher.answers.set(4, () => ({ method: 'account.initTakeoutSession' }));
    stage.dispatcher.answers.set(5, () => ({ method: 'auth.importAuthorization' }));
    stage.dispatcher.answers.set(6, () => ({ method: 'messages.getDialogs', error: 'FLOOD_WAIT_3' }));
    for (const kind of [[1], [2], [3, 2], [2, 3], [4], [5, 2], [6], [3, 6]]) {
      const other = await stage.connect({ clientKey });
      for (const number of kind) await other.call(call(number));
      expect([...stage.gateway.sessions.sessionsOf(5n)].map((s) => s.sessionId)).toEqual([main.session.sessionId]);
      await other[Symbol.asyncDispose]();
    }
    await main.call(call(2));
    expect([...stage.gateway.sessions.sessionsOf(5n)]).toHaveLength(1);
    // A refused call does not take the updates away from the receiver either.
    await main.call(call(6));
    expect([...stage.gateway.sessions.sessionsOf(5n)].map((s) => s.sessionId)).toEqual([main.session.sessionId]);
  });

  test('answers that carry a pts are passed to the pusher', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    stage.dispatcher.answers.set(1, () => ({ boxSteps: [{ owner: 5n, pts: 12, ptsCount: 1 }] }));
    await client.call(call(1));
    expect(stage.pusher.told.at(-1)).toBe(`answered ${client.session.sessionId} 12`);
  });

  test('an answer is sent even if its session cannot be attached; the next call tries again', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    stage.logIn(clientKey, 5n);
    const client = await stage.connect({ clientKey });
    const failure = Promise.reject(new Error('the database is away'));
    failure.catch(() => {});
    stage.pusher.gate = failure;
    expect(await client.call(call(1))).toEqual(call(1));
    expect([...stage.gateway.sessions.sessionsOf(5n)]).toEqual([]);
    stage.pusher.gate = Promise.resolve();
    await client.call(call(2));
    expect([...stage.gateway.sessions.sessionsOf(5n)]).toHaveLength(1);
  });

  test('log-in and log-out attach and detach, also by a hint from another process', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    const client = await stage.connect({ clientKey });
    await client.call(call(0));
    expect(stage.gateway.sessions.receiverOf(clientKey.key.id)?.userId).toBeUndefined();
    stage.logIn(clientKey, 5n);
    await client.call(call(1));
    stage.keyStates.set(clientKey.key.id, { userId: undefined, layer: 228, revoked: false });
    stage.bus.publish(authTopic(clientKey.key.id), { reason: 'ended' });
    await stage.clock.advance(0);
    expect(stage.pusher.told).toEqual([`attach 5 ${client.session.sessionId}`, `detach ${client.session.sessionId}`]);
    expect([...stage.gateway.sessions.sessionsOf(5n)]).toEqual([]);
  });

  test('a client logged out by another device gets an update so that it asks; one that logs out itself does not', async () => {
    for (const revoked of [true, false]) {
      const stage = await openStage();
      const clientKey = stage.addKey();
      const { client, updates } = await openUser(stage, { clientKey });
      const { id } = clientKey.key;
      stage.logIn(clientKey, undefined);
      stage.keyStates.set(id, { userId: undefined, layer: 228, revoked });
      stage.bus.publish(authTopic(id), { reason: 'ended' });
      await stage.clock.advance(0);
      // Pushed updates come before the answer.
      await client.call(call(1));
      expect(updates.items.map((item) => Buffer.from(item))).toEqual(revoked ? [encode({ _: 'updatesTooLong' })] : []);
      // The connection closes within two seconds, unless the client has logged out itself.
      await stage.clock.advance(1000);
      if (revoked) await client.closed;
      else await client.call(call(2));
    }
  });

  test('a client that logs in again right after a log-out by another device keeps its connection', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    const { id } = client.session.key;
    stage.keyStates.set(id, { userId: undefined, layer: 228, revoked: true });
    stage.bus.publish(authTopic(id), { reason: 'ended' });
    await stage.clock.advance(0);
    stage.keyStates.set(id, { userId: 5n, layer: 228, revoked: false });
    await client.call(call(1));
    await stage.clock.advance(1000);
    expect(await client.call(call(2))).toEqual(call(2));
  });

  test('a call that began before a log-out by another device does not log the user in again', async () => {
    const stage = await openStage();
    const { client } = await openUser(stage);
    const { id } = client.session.key;
    const release = stage.dispatcher.hold(1);
    const answer = client.call(call(1));
    await stage.dispatcher.heard(2);
    stage.keyStates.set(id, { userId: undefined, layer: 228, revoked: false });
    stage.bus.publish(authTopic(id), { reason: 'ended' });
    await stage.clock.advance(0);
    release();
    await answer;
    expect([...stage.gateway.sessions.sessionsOf(5n)]).toEqual([]);
  });

  test('a session under a bound temporary key belongs to the permanent key', async () => {
    const stage = await openStage();
    const perm = stage.addKey();
    const temp = stage.addKey({ kind: 'temp', expires_date: stage.clock.now() + 3600 });
    const client = await stage.connect({ clientKey: temp });
    stage.logIn(perm, 5n);
    stage.dispatcher.answers.set(1, () => ({
      caller: { permAuthKeyId: perm.key.id, userId: 5n, layer: 228 },
    }));
    await client.call(call(1));
    const session = stage.gateway.sessions.receiverOf(perm.key.id);
    expect(session).toMatchObject({ authKeyId: perm.key.id, userId: 5n, layer: 228, receivesUpdates: true });
    await stage.clock.advance(3_601_000);
    const late = await stage.connect({ clientKey: temp });
    stage.store.records.delete(temp.key.id);
    await expect(late.call(call(2))).rejects.toMatchObject({ code: -404 });
  });
});

describe('keys', () => {
  test('destroy_auth_key is answered before the key is gone', async () => {
    const stage = await openStage();
    const client = await stage.connect();
    await client.call(call(0));
    const inbox = services(client);
    client.send([{ body: mtEncode({ _: 'destroy_auth_key' }) }]);
    await inbox.find((m) => m._ === 'destroy_auth_key_ok');
    await client.closed;
    expect(stage.gateway.sessions.size).toBe(0);
    await client.reconnect();
    await expect(client.call(call(1))).rejects.toMatchObject({ code: -404 });
  });

  test('a key is looked up once for many connections, and again after another process ended it', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    const clients = await Promise.all(Array.from({ length: 5 }, () => stage.connect({ clientKey })));
    await Promise.all(clients.map((client) => client.call(call(1))));
    expect(stage.store.finds).toBe(1);
    stage.bus.publish(authTopic(clientKey.key.id), { reason: 'changed' });
    await clients[0]!.call(call(2));
    expect(stage.store.finds).toBe(1);
    stage.store.records.delete(clientKey.key.id);
    stage.bus.publish(authTopic(clientKey.key.id), { reason: 'ended' });
    await stage.clock.advance(0);
    await expect(clients[1]!.call(call(3))).rejects.toMatchObject({ code: -404 });
    expect(stage.gateway.sessions.size).toBe(0);
  });
});
