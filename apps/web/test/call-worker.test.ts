import 'fake-indexeddb/auto';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { IDBFactory } from 'fake-indexeddb';
import Long from 'long';
import type { tl } from '@mtcute/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Account } from '../src/worker/account.ts';
import type { AskingPage } from '../src/worker/answers/answers.ts';
import { Calls } from '../src/worker/calls/calls.ts';
import { Database } from '../src/worker/store/database.ts';
import { PRIME } from './prime.ts';

const ID = Long.fromNumber(77);
const HASH = Long.fromNumber(5);
const PROTOCOL: tl.RawPhoneCallProtocol = { _: 'phoneCallProtocol', minLayer: 65, maxLayer: 92, libraryVersions: ['13.0.0'] };
const COMMON = { id: ID, accessHash: HASH, date: 1000, protocol: PROTOCOL };
type Request = tl.RpcMethod & Record<string, unknown>;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => void vi.useRealTimers());

/** A page of one person, with what it was told. */
function makePage(): AskingPage & { signals: number[]; rung: number[] } {
  const [signals, rung]: number[][] = [[], []];
  return { views: new Map(), introduce() {}, tellProgress() {}, tellSignal: (_, data) => void signals!.push(data[0]!), ring: (call) => void rung!.push(call), signals: signals!, rung: rung! };
}

/** The calls of one person, whose server answers as the test says. */
async function makeCalls(me: number, answer: (request: Request) => unknown = () => undefined) {
  const database = await Database.open();
  const asked: Request[] = [];
  const page = makePage();
  const call = async (request: Request): Promise<unknown> => {
    asked.push(request);
    if (request._ === 'messages.getDhConfig') return { _: 'messages.dhConfig', g: 3, p: PRIME, version: 1, random: new Uint8Array() };
    if (request._ === 'help.getConfig') return { callReceiveTimeoutMs: 20_000, callRingTimeoutMs: 90_000 };
    return await answer(request);
  };
  const account = {
    me,
    database,
    store: { noteGathered() {}, peers: new Map() },
    refresh: { refreshPeers() {} },
    context: { now: () => 1000 },
    call,
    change: call,
    inputUser: () => Promise.resolve({ _: 'inputUserEmpty' }),
  };
  const make = (): Calls => new Calls({ account: account as unknown as Account, hashes: { sha1, sha256 }, random: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>), pageInSight: () => page });
  const last = <Name extends Request['_']>(name: Name): tl.FindByName<tl.RpcMethod, Name> | undefined => asked.findLast(({ _ }) => _ === name) as tl.FindByName<tl.RpcMethod, Name> | undefined;
  return { calls: make(), make, asked, page, last, database };
}

type Made = Awaited<ReturnType<typeof makeCalls>>;
const told = (phoneCall: tl.TypePhoneCall): tl.RawUpdatePhoneCall => ({ _: 'updatePhoneCall', phoneCall });
const reasonsOf = ({ asked }: Made): unknown[] => asked.filter(({ _ }) => _ === 'phone.discardCall').map(({ reason }) => (reason as { _: string })._);
const requested = (values: Partial<tl.RawPhoneCallRequested> = {}): tl.RawPhoneCallRequested => ({ _: 'phoneCallRequested', ...COMMON, adminId: 1, participantId: 2, gAHash: new Uint8Array(32), ...values });
const ended = (reason?: tl.TypePhoneCallDiscardReason, id = ID): tl.RawPhoneCallDiscarded => ({ _: 'phoneCallDiscarded', id, ...(reason ? { reason } : {}) });
const waiting = (receiveDate?: number): tl.RawPhoneCallWaiting => ({ _: 'phoneCallWaiting', ...COMMON, adminId: 1, participantId: 2, ...(receiveDate === undefined ? {} : { receiveDate }) });

/** Two people, one of whom calls the other one. */
async function makePair(): Promise<{ ann: Made; bob: Made }> {
  const people: { ann?: Made; bob?: Made } = {};
  const talk = (gAOrB: Uint8Array, fingerprint: Long): tl.RawPhoneCall => ({
    _: 'phoneCall', ...COMMON, adminId: 1, participantId: 2, gAOrB, keyFingerprint: fingerprint, startDate: 1000, p2pAllowed: true,
    connections: [{ _: 'phoneConnectionWebrtc', id: Long.ONE, ip: '192.0.2.1', ipv6: '', port: 3478, username: 'u', password: 'p', turn: true, stun: true }],
  });
  people.ann = await makeCalls(1, (request) => {
    switch (request._) {
      case 'phone.requestCall':
        people.bob!.calls.consider(told(requested({ gAHash: request.gAHash })));
        return { phoneCall: waiting() };
      case 'phone.confirmCall':
        people.bob!.calls.consider(told(talk(request.gA, request.keyFingerprint)));
        return { phoneCall: talk(people.bob!.last('phone.acceptCall')!.gB, request.keyFingerprint) };
      default:
        return true;
    }
  });
  people.bob = await makeCalls(2, (request) => {
    if (request._ === 'phone.receivedCall') people.ann!.calls.consider(told(waiting(1001)));
    if (request._ !== 'phone.acceptCall') return true;
    queueMicrotask(() => people.ann!.calls.consider(told({ _: 'phoneCallAccepted', ...COMMON, adminId: 1, participantId: 2, gB: request.gB })));
    return { phoneCall: waiting(1001) };
  });
  return people as { ann: Made; bob: Made };
}

const stageOf = ({ calls }: Made): string | undefined => calls.view.call?.stage;

describe('the calls of the worker', () => {
  test('one calls, the other answers: both have the same key and emoji, and hear each other', async () => {
    const { ann, bob } = await makePair();
    const { call } = await ann.calls.begin(ann.page, 2, true);
    // What was told before the request was answered counts.
    await expect.poll(() => stageOf(ann)).toBe('ringing');
    expect(bob.calls.view.call).toMatchObject({ peer: 1, isOut: false, isVideo: false, stage: 'ringing' });
    expect(bob.page.rung).toEqual([bob.calls.view.call!.id]);
    expect(bob.last('phone.receivedCall')).toMatchObject({ peer: { id: ID, accessHash: HASH } });
    const incoming = bob.calls.view.call!.id;
    await bob.calls.accept(bob.page, incoming);
    await expect.poll(() => [stageOf(ann), stageOf(bob)], { timeout: 20_000 }).toEqual(['talking', 'talking']);
    // What comes before the page is ready waits.
    bob.calls.consider({ _: 'updatePhoneCallSignalingData', phoneCallId: ID, data: Uint8Array.of(1) });
    const [own, other] = [ann.calls.join(ann.page, call), bob.calls.join(bob.page, incoming)];
    expect(own.key).toEqual(other.key);
    expect(own.key).toHaveLength(256);
    expect(own.emoji).toEqual(other.emoji);
    expect(own).toMatchObject({ isOut: true, version: '13.0.0', allowsP2p: true, servers: [{ kind: 'stun', ip: '192.0.2.1', port: 3478 }, { kind: 'turn', username: 'u' }] });
    expect(other.isOut).toBe(false);
    await expect.poll(() => bob.page.signals).toEqual([1]);
    bob.calls.consider({ _: 'updatePhoneCallSignalingData', phoneCallId: ID, data: Uint8Array.of(2) });
    bob.calls.consider({ _: 'updatePhoneCallSignalingData', phoneCallId: Long.ONE, data: Uint8Array.of(3) });
    expect(bob.page.signals).toEqual([1, 2]);
    // Only the page in which the call lives gets the key.
    expect(() => bob.calls.join(makePage(), incoming)).toThrow('CALL_ENDED');
    bob.calls.leave(makePage());
    expect(stageOf(bob)).toBe('talking');
    bob.calls.leave(bob.page);
    expect([stageOf(bob), ...reasonsOf(bob)]).toEqual([undefined, 'phoneCallDiscardReasonHangup']);
    ann.calls.consider(told(ended({ _: 'phoneCallDiscardReasonHangup' })));
    expect(ann.calls.view).toEqual({ call: undefined, end: { call, reason: 'over' } });
  });

  test('a caller whose power is not the promised one, or whose key differs, is not spoken to', async () => {
    const power = Uint8Array.from({ length: 256 }, (_, at) => (at === 0 ? 0x40 : 1));
    const talk = (gAOrB: Uint8Array): tl.RawPhoneCall => ({ _: 'phoneCall', ...COMMON, adminId: 1, participantId: 2, gAOrB, keyFingerprint: Long.ONE, startDate: 1, connections: [] });
    for (const gAHash of [new Uint8Array(32), sha256(power)]) {
      const bob = await makeCalls(2, ({ _ }) => (_ === 'phone.acceptCall' ? { phoneCall: waiting(1) } : true));
      bob.calls.consider(told(requested({ gAHash })));
      await bob.calls.accept(bob.page, bob.calls.view.call!.id);
      bob.calls.consider(told(talk(power)));
      expect([bob.calls.view.end?.reason, ...reasonsOf(bob)]).toEqual(['insecure', 'phoneCallDiscardReasonDisconnect']);
      expect(() => bob.calls.join(bob.page, 1)).toThrow('CALL_ENDED');
    }
  });

  test('several ring one after the other; who talks is busy, and there is one call at a time', async () => {
    const bob = await makeCalls(2, ({ _ }) => (_ === 'phone.acceptCall' ? { phoneCall: waiting(1) } : true));
    const [second, third] = [Long.fromNumber(78), Long.fromNumber(79)];
    bob.calls.consider(told(requested()));
    bob.calls.consider(told(requested({ id: second, adminId: 3 })));
    // The server may tell it twice.
    bob.calls.consider(told(requested()));
    expect(bob.calls.view.call?.peer).toBe(1);
    await expect(bob.calls.begin(bob.page, 9, false)).rejects.toThrow('CALL_BUSY');
    bob.calls.consider(told(ended({ _: 'phoneCallDiscardReasonMissed' })));
    expect(bob.calls.view).toMatchObject({ call: { peer: 3 }, end: { reason: 'missed' } });
    // It does not ring again, although the server tells of it late.
    bob.calls.consider(told(requested()));
    await bob.calls.accept(bob.page, bob.calls.view.call!.id);
    bob.calls.consider(told(requested({ id: third, adminId: 4 })));
    expect(bob.last('phone.discardCall')).toMatchObject({ peer: { id: third }, reason: { _: 'phoneCallDiscardReasonBusy' } });
    expect(bob.calls.view.call).toMatchObject({ peer: 3, stage: 'exchanging' });
    // The tab is closed before anything was said.
    bob.calls.leave(bob.page);
    expect(bob.last('phone.discardCall')).toMatchObject({ peer: { id: second }, reason: { _: 'phoneCallDiscardReasonHangup' } });
  });

  test('another device that has answered stops this one, and one that comes too late says so', async () => {
    const bob = await makeCalls(2, ({ _ }) => {
      if (_ === 'phone.acceptCall') throw Object.assign(new Error('refused'), { code: 400, text: 'CALL_ALREADY_ACCEPTED' });
      return true;
    });
    bob.calls.consider(told(requested()));
    bob.calls.consider(told(ended()));
    expect(bob.calls.view).toMatchObject({ call: undefined, end: { reason: 'elsewhere' } });
    bob.calls.consider(told(requested({ id: Long.fromNumber(78) })));
    await bob.calls.accept(bob.page, bob.calls.view.call!.id);
    expect(bob.calls.view).toMatchObject({ call: undefined, end: { reason: 'elsewhere' } });
    expect(reasonsOf(bob)).toEqual([]);
  });

  test('a caller gives up: by hand, before the server has answered, and when nobody takes the call', async () => {
    const answers: ((value: unknown) => void)[] = [];
    const ann = await makeCalls(1, ({ _ }) => (_ === 'phone.requestCall' ? new Promise((answer) => answers.push(answer)) : true));
    const early = ann.calls.begin(ann.page, 2, false);
    await expect.poll(() => answers.length, { timeout: 20_000 }).toBe(1);
    await ann.calls.end(ann.calls.view.call!.id, false);
    expect([ann.calls.view.call, ...reasonsOf(ann)]).toEqual([undefined]);
    answers[0]!({ phoneCall: waiting() });
    await early;
    expect(reasonsOf(ann)).toEqual(['phoneCallDiscardReasonMissed']);

    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const late = ann.calls.begin(ann.page, 2, false);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]!({ phoneCall: { ...waiting(), id: Long.fromNumber(90) } });
    await late;
    await vi.advanceTimersByTimeAsync(19_000);
    expect(stageOf(ann)).toBe('waiting');
    await vi.advanceTimersByTimeAsync(2000);
    expect(ann.calls.view).toMatchObject({ call: undefined, end: { reason: 'noAnswer' } });
    expect(reasonsOf(ann)).toHaveLength(2);
  });

  test('what rings, rings after a reload; a call that was open then has ended', async () => {
    const bob = await makeCalls(2, ({ _ }) => (_ === 'phone.acceptCall' ? { phoneCall: waiting(1) } : true));
    bob.calls.consider(told(requested()));
    await bob.database.flush();
    const again = bob.make();
    await again.resume();
    expect(again.view.call).toMatchObject({ peer: 1, stage: 'ringing' });
    await again.accept(bob.page, again.view.call!.id);
    await bob.database.flush();
    expect(reasonsOf(bob)).toEqual([]);
    const last = bob.make();
    await last.resume();
    expect(last.view.call).toBeUndefined();
    expect(bob.last('phone.discardCall')).toMatchObject({ peer: { id: ID, accessHash: HASH }, reason: { _: 'phoneCallDiscardReasonHangup' } });
  });

  test('calls that this account makes elsewhere do not ring here', async () => {
    const bob = await makeCalls(1);
    bob.calls.consider(told(requested()));
    expect(bob.calls.view.call).toBeUndefined();
  });
});
