import { type Domain, FilesUnavailable, type KeyState } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { createFakeClock, createMetrics, type FakeClock, seededRandom, silentLogger } from '@aerogram/runtime';
import { DatabaseUnavailable, DiskFull } from '@aerogram/storage';
import { encode, LAYER, mtDecode, type tl } from '@aerogram/tl';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { createDispatcher, defineMethod, type Dispatcher, type RpcAnswer, type RpcContext, type RpcMethod, type SessionRef } from '../src/index.ts';

const GUEST: KeyState = {
  authKeyId: 1n,
  permAuthKeyId: 1n,
  expires_date: undefined,
  dcId: 2,
  userId: undefined,
  bot: false,
  passwordPending: false,
  pendingUserId: undefined,
  deactivated: false,
  revoked: false,
  layer: LAYER,
  init: undefined,
  seenDate: 0,
};
const USER: KeyState = { ...GUEST, userId: 10n };

describe('dispatcher', () => {
  let clock: FakeClock;
  let key: KeyState | undefined;
  let saved: unknown[];
  let active: unknown[];
  let contexts: RpcContext[];
  let msgId: bigint;
  let session: SessionRef;
  beforeEach(() => {
    clock = createFakeClock();
    key = USER;
    saved = [];
    active = [];
    contexts = [];
    msgId = 4n;
    session = newSession();
  });

  const newSession = (): SessionRef => ({ authKeyId: 1n, sessionId: 2n, remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 443 });
  const nextMsgId = (): bigint => (msgId += 4n);

  const status = (changes: Partial<Parameters<typeof defineMethod>[0]> = {}): RpcMethod =>
    defineMethod({
      method: 'account.updateStatus',
      access: 'user',
      cost: 1,
      repeat: 'idempotent',
      handler: (ctx: RpcContext) => {
        contexts.push(ctx);
        return Promise.resolve(true);
      },
      ...changes,
    } as Parameters<typeof defineMethod>[0]);

  function make(methods: RpcMethod[], flood = {}, hasLimits?: (userId: bigint) => boolean): Dispatcher {
    const auth = {
      activity: { noteGuest: () => {}, note: (...seen: unknown[]) => active.push(seen) },
      takeouts: { check: () => Promise.reject(rpcError('TAKEOUT_INVALID')) },
      findKeyState: () => Promise.resolve(key),
      doSaveConnection: (state: KeyState, data: { layer?: number }) => {
        saved.push(data);
        key = { ...state, layer: data.layer ?? state.layer };
        return Promise.resolve(key);
      },
    };
    const domain = { auth } as unknown as Domain;
    return createDispatcher({ methods, domain, clock, random: seededRandom(1), log: silentLogger, metrics: createMetrics(), flood, hasLimits });
  }

  const call = (dispatcher: Dispatcher, request: tl.AnyMethod, id = nextMsgId()): Promise<RpcAnswer> => dispatcher.dispatch({ session, msgId: id, body: encode(request) });
  const online: tl.account.updateStatus = { _: 'account.updateStatus', offline: false };

  it('encodes a result as TL', async () => {
    const answer = await call(make([status()]), online);
    expect(answer).toMatchObject({ error: undefined, method: 'account.updateStatus', withoutUpdates: false });
    expect(Buffer.from(answer.body).readUInt32LE(0)).toBe(0x997275b5);
    expect(active).toEqual([[10n, 1n, '127.0.0.1']]);
  });

  it('refuses unknown, unregistered and unparsable requests', async () => {
    const dispatcher = make([status()]);
    expect((await call(dispatcher, { _: 'help.getConfig' })).error).toBe('METHOD_INVALID');
    const raw = (body: Uint8Array): Promise<RpcAnswer> => dispatcher.dispatch({ session, msgId: nextMsgId(), body });
    expect((await raw(Uint8Array.of(1, 2, 3, 4))).error).toBe('INPUT_METHOD_INVALID');
    const answer = await raw(encode(online).subarray(0, 4));
    expect(answer.error).toBe('INPUT_FETCH_ERROR');
    expect(mtDecode(answer.body)).toEqual({ _: 'rpc_error', error_code: 400, error_message: 'INPUT_FETCH_ERROR' });
  });

  it('charges refused calls as much, and lets guests of one address share a limit', async () => {
    const dispatcher = make([status({ cost: 2 })], { capacity: 3, tokensPerSecond: 1 });
    expect((await call(dispatcher, { _: 'help.getConfig' })).error).toBe('METHOD_INVALID');
    expect((await call(dispatcher, online)).error).toBeUndefined();
    expect((await call(dispatcher, online)).error).toBe('FLOOD_WAIT_2');
    key = GUEST;
    const asGuest = (id: bigint, remoteAddress: string): Promise<RpcAnswer> => {
      key = { ...GUEST, permAuthKeyId: id };
      return dispatcher.dispatch({ session: { ...newSession(), remoteAddress }, msgId: nextMsgId(), body: encode(online) });
    };
    expect((await asGuest(71n, '2001:db8::1')).error).toBe('AUTH_KEY_UNREGISTERED');
    expect((await asGuest(72n, '2001:db8::2')).error).toBe('FLOOD_WAIT_1');
    expect((await asGuest(73n, '2001:db8:0:1::2')).error).toBe('AUTH_KEY_UNREGISTERED');
    for (const id of [74n, 75n, 76n]) expect((await asGuest(id, '127.0.0.1')).error).toBe('AUTH_KEY_UNREGISTERED');
  });

  it('enforces who may call', async () => {
    const dispatcher = make([status()]);
    const errorWith = async (state: KeyState | undefined): Promise<string | undefined> => {
      key = state;
      return (await call(dispatcher, online)).error;
    };
    expect(await errorWith(GUEST)).toBe('AUTH_KEY_UNREGISTERED');
    expect(await errorWith(undefined)).toBe('AUTH_KEY_UNREGISTERED');
    expect(await errorWith({ ...GUEST, revoked: true })).toBe('SESSION_REVOKED');
    expect(await errorWith({ ...GUEST, passwordPending: true })).toBe('SESSION_PASSWORD_NEEDED');
    expect(await errorWith({ ...USER, bot: true })).toBe('BOT_METHOD_INVALID');
    expect(await errorWith({ ...USER, permAuthKeyId: undefined })).toBe('AUTH_KEY_PERM_EMPTY');
    expect(await errorWith({ ...USER, layer: undefined })).toBe('CONNECTION_NOT_INITED');
    expect(await errorWith(USER)).toBeUndefined();
    expect(contexts).toHaveLength(1);
    key = { ...GUEST, passwordPending: true };
    expect((await call(make([status({ pending2fa: true })]), online)).error).toBeUndefined();
  });

  it('stores layer and connection data before it answers', async () => {
    key = { ...USER, layer: undefined };
    const request: tl.AnyMethod = {
      _: 'invokeWithLayer',
      layer: 198,
      query: {
        _: 'initConnection',
        api_id: 7, device_model: 'd', system_version: 's', app_version: 'a', system_lang_code: 'en', lang_pack: '', lang_code: 'en',
        query: online,
      },
    };
    const answer = await call(make([status()]), request);
    expect(answer).toMatchObject({ error: undefined, caller: { layer: 198 } });
    expect(saved).toMatchObject([{ layer: 198, init: { apiId: 7, deviceModel: 'd' } }]);
    expect(contexts[0]?.caller.layer).toBe(198);
    expect((await call(make([status()]), { _: 'invokeWithLayer', layer: 0, query: online })).error).toBe('CONNECTION_LAYER_INVALID');
  });

  it('keeps the layer even if the wrapped query fails', async () => {
    const answer = await call(make([]), { _: 'invokeWithLayer', layer: 144, query: online });
    expect(answer).toMatchObject({ error: 'METHOD_INVALID', caller: { layer: 144 } });
  });

  it('stores the layer and connection data of a newer client whose query is in no layer, and refuses the query', async () => {
    const warn = vi.spyOn(silentLogger, 'warn');
    const dispatcher = make([status()]);
    const init: tl.initConnection = {
      _: 'initConnection', api_id: 1, device_model: 'd', system_version: 's', app_version: 'a', system_lang_code: 'en', lang_pack: '', lang_code: 'en',
      params: { _: 'jsonObject', value: [] }, query: { _: 'help.getConfig' },
    };
    const known = encode({ _: 'invokeWithLayer', layer: LAYER + 5, query: init });
    const unknown = Buffer.concat([known.subarray(0, -4), Buffer.from('0df0ad0b01020304', 'hex')]);
    const answer = await dispatcher.dispatch({ session, msgId: nextMsgId(), body: unknown });
    expect(mtDecode(answer.body)).toMatchObject({ error_code: 400, error_message: 'INPUT_METHOD_INVALID' });
    expect(answer.caller.layer).toBe(LAYER + 5);
    expect(saved).toMatchObject([{ layer: LAYER + 5, init: { deviceModel: 'd', langCode: 'en' } }]);
    expect(warn.mock.calls).toMatchObject([[{ event: 'newer_layer', layer: LAYER + 5, served: LAYER }, expect.any(String)]]);
    warn.mockRestore();
  });

  it('stores nothing from truncated wrappers, or without wrappers', async () => {
    const dispatcher = make([status()]);
    const wrapped = encode({ _: 'invokeWithLayer', layer: LAYER, query: online });
    for (const body of [wrapped.subarray(0, 6), Buffer.from('0df0ad0b', 'hex'), wrapped.subarray(0, -2)]) {
      await dispatcher.dispatch({ session, msgId: nextMsgId(), body });
    }
    // In the last one only the query is truncated.
    expect(saved).toMatchObject([{ layer: LAYER }]);
  });

  it('answers 400 if the caller’s layer cannot express the answer', async () => {
    const view: tl.messages.chatInviteJoinResultWebView = { _: 'messages.chatInviteJoinResultWebView', bot_id: 1n, query_id: 2n, users: [] };
    const dispatcher = make([status({ method: 'messages.importChatInvite', handler: () => Promise.resolve(view) } as never)]);
    const join: tl.messages.importChatInvite = { _: 'messages.importChatInvite', hash: 'h' };
    expect((await call(dispatcher, join)).error).toBeUndefined();
    key = { ...USER, layer: 198 };
    const answer = await call(dispatcher, join);
    expect(mtDecode(answer.body)).toMatchObject({ error_code: 400, error_message: 'METHOD_INVALID' });
  });

  it('removes the other wrappers and refuses exports that the device has not begun', async () => {
    const dispatcher = make([status()]);
    const answer = await call(dispatcher, { _: 'invokeWithoutUpdates', query: online });
    expect(answer).toMatchObject({ error: undefined, withoutUpdates: true });
    expect((await call(dispatcher, { _: 'invokeWithTakeout', takeout_id: 1n, query: online })).error).toBe('TAKEOUT_INVALID');
    let nested: tl.AnyMethod = online;
    for (let depth = 0; depth < 12; depth++) nested = { _: 'invokeWithoutUpdates', query: nested };
    expect((await call(dispatcher, nested)).error).toBe('INPUT_FETCH_ERROR');
  });

  it('lets a call wait for others, and fail or run when they fail', async () => {
    let release = (): void => undefined;
    const slow = status({ handler: () => new Promise((resolve) => (release = () => resolve(true))) });
    const dispatcher = make([slow]);
    const first = call(dispatcher, online, 100n);
    const second = call(dispatcher, { _: 'invokeAfterMsg', msg_id: 100n, query: online }, 104n);
    await clock.advance(1);
    release();
    expect((await first).error).toBeUndefined();
    await clock.advance(1);
    release();
    expect((await second).error).toBeUndefined();
    expect((await call(dispatcher, { _: 'help.getConfig' }, 108n)).error).toBe('METHOD_INVALID');
    expect((await call(dispatcher, { _: 'invokeAfterMsgs', msg_ids: [104n, 108n], query: online })).error).toBe('MSG_WAIT_FAILED');
    const lost = call(dispatcher, { _: 'invokeAfterMsg', msg_id: 900n, query: online });
    await clock.advance(10_000);
    expect((await lost).error).toBe('MSG_WAIT_FAILED');
    expect(clock.pendingTimers()).toBe(0);
  });

  it('makes callers wait who have used up their tokens, but nobody without limits', async () => {
    const dispatcher = make([status({ cost: 5 })], { capacity: 10, tokensPerSecond: 1 }, (userId) => userId === USER.userId);
    for (let calls = 0; calls < 2; calls++) expect((await call(dispatcher, online)).error).toBeUndefined();
    const answer = await call(dispatcher, online);
    expect(answer.error).toBe('FLOOD_WAIT_5');
    expect(mtDecode(answer.body)).toMatchObject({ error_code: 420 });
    await clock.advance(5000);
    expect((await call(dispatcher, online)).error).toBeUndefined();
    key = { ...USER, userId: 11n };
    for (let calls = 0; calls < 5; calls++) expect((await call(dispatcher, online)).error).toBeUndefined();
  });

  it('charges for the items of vectors, and more for peers that are named by a message', async () => {
    const cost = async (itemCosts: Record<string, number>, query: tl.AnyMethod): Promise<number> => {
      session = newSession();
      const dispatcher = make([status({ method: query._, cost: 1, itemCosts, handler: () => Promise.reject(rpcError('PEER_ID_INVALID')) } as never)], { capacity: 1000, tokensPerSecond: 1 });
      await call(dispatcher, query);
      let left = 0;
      for (; (await call(dispatcher, { _: 'help.getNearestDc' })).error === 'METHOD_INVALID'; left++) session = newSession();
      return 1000 - left;
    };
    const self: tl.InputUser = { _: 'inputUserSelf' };
    const named: tl.InputUser = { _: 'inputUserFromMessage', peer: { _: 'inputPeerSelf' }, msg_id: 1, user_id: 1n };
    const repeat = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
    expect(await cost({ id: 0.1 }, { _: 'users.getUsers', id: [] })).toBe(1);
    expect(await cost({ id: 0.1 }, { _: 'users.getUsers', id: repeat(200, self) })).toBe(21);
    expect(await cost({ id: 0.1 }, { _: 'users.getUsers', id: repeat(200, named) })).toBe(221);
    const peer = { _: 'inputPeerUserFromMessage', peer: { _: 'inputPeerSelf' }, msg_id: 1, user_id: 1n } as const;
    expect(await cost({ peers: 0.1 }, { _: 'messages.getPeerDialogs', peers: repeat(100, { _: 'inputDialogPeer', peer }) })).toBe(111);
    const rules = repeat(2, { _: 'inputPrivacyValueAllowUsers' as const, users: repeat(50, self) });
    expect(await cost({ 'rules.users': 0.1 }, { _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyPhoneCall' }, rules })).toBe(11);
  });

  it('charges a change of the layer for the write, and stores the layer of a refused call only a few times', async () => {
    const dispatcher = make([status()], { capacity: 6, tokensPerSecond: 0.001 });
    const wrapped = (layer: number): tl.AnyMethod => ({ _: 'invokeWithLayer', layer, query: online });
    expect((await call(dispatcher, wrapped(198))).error).toBeUndefined();
    const refused = await call(dispatcher, wrapped(199));
    expect(refused.error).toMatch(/^FLOOD_WAIT_/);
    expect(refused.caller.layer).toBe(199);
    for (let n = 0; n < 10; n++) expect((await call(dispatcher, wrapped(144 + (n % 2)))).error).toMatch(/^FLOOD_WAIT_/);
    expect(saved).toHaveLength(4);
    // Nor does a call write more that no layer knows.
    const unknown = Buffer.concat([encode(wrapped(150)).subarray(0, -8), Buffer.from('0df0ad0b01020304', 'hex')]);
    expect((await dispatcher.dispatch({ session, msgId: nextMsgId(), body: unknown })).error).toMatch(/^FLOOD_WAIT_/);
    expect(saved).toHaveLength(4);
    await clock.advance(60_000);
    await call(dispatcher, wrapped(151));
    expect(saved).toHaveLength(5);
  });

  it('makes a call wait that a session repeats ever faster, and no other call of its user', async () => {
    const dispatcher = make([status(), status({ method: 'help.getConfig' })]);
    const errors: (string | undefined)[] = [];
    for (let n = 0; n < 200; n++) errors.push((await call(dispatcher, online)).error);
    expect(errors.filter((error) => error === undefined)).toHaveLength(150);
    expect(errors.at(-1)).toMatch(/^FLOOD_WAIT_[2-9]$/);
    expect((await call(dispatcher, { _: 'account.updateStatus', offline: true })).error).toBeUndefined();
    session = newSession();
    expect((await call(dispatcher, online)).error).toBeUndefined();
  });

  it('charges a failed call for the work it did', async () => {
    const dispatcher = (handler: () => Promise<unknown>, method = 'account.updateStatus'): Dispatcher =>
      make([status({ handler, method } as never)], { capacity: 100, tokensPerSecond: 1 });
    const spend = async (made: Dispatcher, request: tl.AnyMethod = online): Promise<{ answer: RpcAnswer; waitS: number }> => {
      session = newSession();
      const answer = await call(made, request);
      // Of 100 tokens, this is what is left.
      let left = 0;
      while ((await call(made, { _: 'help.getNearestDc' })).error === 'METHOD_INVALID') left += 1;
      return { answer, waitS: 99 - left };
    };
    const refused = await spend(dispatcher(() => Promise.reject(rpcError('PEER_ID_INVALID'))));
    expect(refused).toMatchObject({ waitS: 0, answer: { error: 'PEER_ID_INVALID', costBytes: 0 } });
    const failed = await spend(dispatcher(() => Promise.reject(new Error('unforeseen'))));
    expect(failed.waitS).toBe(25);
    const slow = await spend(dispatcher(async () => {
      await clock.advance(400);
      throw rpcError('PEER_ID_INVALID');
    }));
    expect(slow).toMatchObject({ waitS: 40, answer: { costBytes: 40 * 16 * 1024 } });
    // An answer that cannot be finished costs the bytes written so far.
    const users = Array.from({ length: 40 }, (_, id) => ({ _: 'userEmpty' as const, id: BigInt(id) }));
    const text = 'x'.repeat(16 * 1024);
    const long = dispatcher(() => Promise.resolve([...users.map(() => ({ _: 'user', id: 1n, first_name: text })), { _: 'user', id: 2n ** 70n }]), 'users.getUsers');
    const unfinished = await spend(long, { _: 'users.getUsers', id: [] });
    expect(unfinished.answer.error).toBe('INTERNAL');
    expect(unfinished.waitS).toBe(40 + 25);
    // Failures caused by an overload are not charged.
    const busy = await spend(dispatcher(async () => {
      await clock.advance(400);
      throw new DatabaseUnavailable('away');
    }));
    expect(busy).toMatchObject({ waitS: 0, answer: { error: 'WORKER_BUSY_TOO_LONG_RETRY' } });
  });

  it('enforces declared limits', async () => {
    const users = defineMethod({
      method: 'users.getUsers', access: 'user', cost: 1, repeat: 'read', limits: { vectors: { id: 1 }, maxBytes: 64 }, handler: () => Promise.resolve([]),
    });
    const ids = (n: number): tl.AnyMethod => ({ _: 'users.getUsers', id: Array.from({ length: n }, () => ({ _: 'inputUserSelf' })) });
    expect((await call(make([users]), ids(1))).error).toBeUndefined();
    expect((await call(make([users]), ids(2))).error).toBe('LIMIT_INVALID');
    expect((await call(make([users]), ids(20))).error).toBe('INPUT_REQUEST_TOO_LONG');
  });

  it('distinguishes its own errors from those of the caller', async () => {
    const failing = (error: Error): Dispatcher => make([status({ handler: () => Promise.reject(error) })]);
    expect((await call(failing(rpcError('PEER_ID_INVALID')), online)).error).toBe('PEER_ID_INVALID');
    const answer = await call(failing(new Error('secret detail')), online);
    expect(mtDecode(answer.body)).toEqual({ _: 'rpc_error', error_code: 500, error_message: 'INTERNAL' });
    expect((await call(failing(Object.assign(new Error('invalid byte sequence'), { code: '22021' })), online)).error).toBe('INPUT_FETCH_ERROR');
    const away = await call(failing(new DatabaseUnavailable('away')), online);
    expect(mtDecode(away.body)).toMatchObject({ error_code: 500, error_message: 'WORKER_BUSY_TOO_LONG_RETRY' });
    const full = await call(failing(new DiskFull('no room')), online);
    expect(mtDecode(full.body)).toMatchObject({ error_code: 420, error_message: 'FLOOD_WAIT_300' });
    expect(mtDecode((await call(failing(new FilesUnavailable(10, new Error('the store is away'))), online)).body)).toMatchObject({ error_code: 420, error_message: 'FLOOD_WAIT_10' });
  });

  it('refuses two definitions of one method', () => {
    expect(() => make([status(), status()])).toThrow('registered twice');
  });
});
