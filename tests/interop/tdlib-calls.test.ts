import { afterAll, describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { MISSING, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const libraries = useLibraries({}, ['tdlib']);
const missing = MISSING.tdlib;

const PROTOCOL = { _: 'callProtocol', udp_p2p: true, udp_reflector: true, min_layer: 65, max_layer: 92, library_versions: ['13.0.0', '9.0.0', '8.0.0'] };

/** The relay of the server, named twice: for addresses, and for what it passes on. */
const RELAY = [false, true].map((isTurn) => ({ ip_address: '127.0.0.1', type: { _: 'callServerTypeWebrtc', supports_stun: !isTurn, supports_turn: isTurn } }));

/** A call as TDLib shows it. */
interface Call {
  id: number;
  unique_id: string;
  is_outgoing: boolean;
  is_video: boolean;
  state: Plain;
}

/** Waits until a device shows a call in a state. @param not ids of calls that it had before */
async function shows({ client }: Person, state: string, { id, not = [] }: { id?: number | undefined; not?: readonly number[] } = {}): Promise<Call> {
  const callOf = (event: unknown): Call | undefined => {
    const { update } = event as { update?: Plain };
    return update?._ === 'updateCall' ? (update['call'] as Call) : undefined;
  };
  const event = await client.sees(`a call that is ${state}`, (seen) => {
    const call = callOf(seen);
    return call?.state._ === state && (id === undefined ? !not.includes(call.id) : call.id === id);
  });
  return callOf(event)!;
}

const create = async ({ client }: Person, { id: user_id }: Person, is_video = false): Promise<number> => (await client.request<{ id: number }>({ _: 'createCall', user_id, protocol: PROTOCOL, is_video })).id;
const answer = ({ client }: Person, call_id: number): Promise<unknown> => client.request({ _: 'acceptCall', call_id, protocol: PROTOCOL });
const discard = ({ client }: Person, call_id: number, duration = 0): Promise<unknown> => client.request({ _: 'discardCall', call_id, is_disconnected: false, invite_link: '', duration, is_video: false, connection_id: '0' });
const reasonOf = ({ state }: Call): string => (state['reason'] as Plain)._;

/** The calls that a list of calls shows, newest first. */
async function listCalls({ client }: Person, only_missed: boolean): Promise<Plain[]> {
  const { messages } = await client.request<{ messages: { content: Plain }[] }>({ _: 'searchCallMessages', offset: '', limit: 20, only_missed });
  return messages.map(({ content }) => content);
}

describe.runIf(missing === undefined)(`TDLib calls and is called${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const people: Person[] = [];
  afterAll(async () => {
    for (const { client } of people) await client.close();
  });

  test('answered on one of two devices, over a kill of the server at each step; declined, missed and hung up; the list of calls', async () => {
    const [alice, bob] = [await enter(libraries, 'tdlib', 'Alice'), await enter(libraries, 'tdlib', 'Bob')];
    const tablet = await enter(libraries, 'tdlib', 'Bob', bob);
    people.push(alice, bob, tablet);
    await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
    await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
    expect(await alice.client.request({ _: 'getUserFullInfo', user_id: bob.id })).toMatchObject({ can_be_called: true, supports_video_calls: true, has_private_calls: false });

    // The first call rings on both devices, across a kill, and is answered on one.
    const own = await create(alice, bob, true);
    const [ringing, second] = [await shows(bob, 'callStatePending'), await shows(tablet, 'callStatePending')];
    expect(ringing).toMatchObject({ is_outgoing: false, is_video: true, user_id: alice.id });
    await libraries.server.restart();
    await answer(bob, ringing.id);
    expect((await shows(tablet, 'callStateDiscarded', { id: second.id })).state).toMatchObject({ _: 'callStateDiscarded' });
    const [ready, other] = [await shows(alice, 'callStateReady', { id: own }), await shows(bob, 'callStateReady', { id: ringing.id })];
    expect(ready.state).toMatchObject({ protocol: { library_versions: ['9.0.0'] }, servers: RELAY, allow_p2p: true, emojis: other.state['emojis'], encryption_key: other.state['encryption_key'] });
    await alice.client.request({ _: 'sendCallSignalingData', call_id: own, data: Buffer.from('to Bob').toString('base64') });
    expect(await bob.client.seesUpdate('updateNewCallSignalingData', { call_id: ringing.id })).toMatchObject({ data: Buffer.from('to Bob').toString('base64') });
    // A kill while they talk does not end the talk, and what is told again disturbs nobody.
    await libraries.server.restart();
    // What is said while the other device is away is lost, and the engines of apps say it again; so this waits until Alice is back.
    await listCalls(alice, false);
    await bob.client.request({ _: 'sendCallSignalingData', call_id: ringing.id, data: Buffer.from('to Alice').toString('base64') });
    expect(await alice.client.seesUpdate('updateNewCallSignalingData', { call_id: own })).toMatchObject({ data: Buffer.from('to Alice').toString('base64') });
    await discard(alice, own, 1);
    expect([reasonOf(await shows(alice, 'callStateDiscarded', { id: own })), reasonOf(await shows(bob, 'callStateDiscarded', { id: ringing.id }))]).toEqual(['callDiscardReasonHungUp', 'callDiscardReasonHungUp']);

    // Declined.
    const declined = await create(alice, bob);
    const told = [await shows(bob, 'callStatePending', { not: [ringing.id] }), await shows(tablet, 'callStatePending', { not: [second.id] })];
    await discard(tablet, told[1]!.id);
    expect(reasonOf(await shows(alice, 'callStateDiscarded', { id: declined }))).toBe('callDiscardReasonDeclined');
    await shows(bob, 'callStateDiscarded', { id: told[0]!.id });

    // Given up.
    const missed = await create(alice, bob);
    const rung = await shows(bob, 'callStatePending', { not: [ringing.id, told[0]!.id] });
    // TDLib tells nobody that it gives up before it has heard that the call rings.
    await alice.client.sees('that the call rings', (seen) => seen.kind === 'update' && seen.update._ === 'updateCall' && (seen.update['call'] as Call).id === missed && (seen.update['call'] as Call).state['is_received'] === true);
    await discard(alice, missed);
    expect(reasonOf(await shows(bob, 'callStateDiscarded', { id: rung.id }))).toBe('callDiscardReasonMissed');

    await expect.poll(() => listCalls(bob, false), { timeout: 20_000 }).toHaveLength(3);
    expect((await listCalls(bob, false)).map((content) => (content['discard_reason'] as Plain)._)).toEqual(['callDiscardReasonMissed', 'callDiscardReasonDeclined', 'callDiscardReasonHungUp']);
    expect(await listCalls(bob, true)).toHaveLength(1);
    await bob.client.request({ _: 'deleteAllCallMessages', revoke: true });
    await expect.poll(() => listCalls(alice, false), { timeout: 20_000 }).toEqual([]);
    for (const person of people) expect(await person.client.complaints()).toEqual([]);
  }, 240_000);
});
