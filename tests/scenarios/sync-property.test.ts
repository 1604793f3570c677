import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cellsOf, createIntervalClock, createRandomActions, isSameCell, startTestServer, type AccountState, type HintFate, type RandomAction, type RandomPeer, type TestServer } from '@aerogram/dev-env';
import { seededRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SyncDevice } from './sync-device.ts';

/** `SYNC_ACTIONS=10000 SYNC_SEED=… npx vitest run --project scenario tests/scenarios/sync-property.test.ts` */
const ACTIONS = Number(process.env['SYNC_ACTIONS'] ?? 400);
const SEED = Number(process.env['SYNC_SEED'] ?? 20_261_120);
/** After this many actions all activity stops and the states are compared. */
const ROUND = 100;
/** Interval of the gateway's repair, rule S3. */
const REPAIR_MS = 2000;
/** How long updates may take on a busy machine; nothing waits longer than needed. */
const SETTLE_MS = 20_000;
/** Calls that are still running when the states are compared. */
const LATE_CALLS_MAX = 8;
/** The server is restarted after this many rounds. */
const RESTART_ROUNDS = 3;

/** Errors that a call may get because another was faster, or because there is nothing to do. */
const REFUSALS = /^(MESSAGE_ID_INVALID|MESSAGE_NOT_MODIFIED|MESSAGE_EMPTY|MESSAGE_AUTHOR_REQUIRED|MESSAGE_EDIT_TIME_EXPIRED|MEDIA_PREV_INVALID|MESSAGE_IDS_EMPTY|PEER_HISTORY_EMPTY|CHAT_NOT_MODIFIED|CHAT_FORWARDS_RESTRICTED|YOU_BLOCKED_USER|CONTACT_ID_INVALID|USERNAME_NOT_MODIFIED|REPLY_MESSAGE_ID_INVALID|INPUT_REPLY_TO_MESSAGE_ID_INVALID|CHAT_ID_INVALID|CHAT_WRITE_FORBIDDEN|CHAT_ADMIN_REQUIRED|CHAT_ABOUT_NOT_MODIFIED|MESSAGE_DELETE_FORBIDDEN|USER_ALREADY_PARTICIPANT|USER_NOT_PARTICIPANT|USER_NOT_MUTUAL_CONTACT|USER_ID_INVALID|PINNED_DIALOGS_TOO_MUCH|CHANNEL_PRIVATE|USER_KICKED|USER_CREATOR|USER_ADMIN_INVALID|USER_BLOCKED|RIGHT_FORBIDDEN|CHAT_SEND_POLL_FORBIDDEN|TODO_NOT_MODIFIED|TODO_ITEM_DUPLICATE|FLOOD_WAIT_1)$/;

/** Further errors for a repeated call: another device has deleted what it sent. */
const REFUSALS_OF_REPEATS = /^RANDOM_ID_DUPLICATE$/;

interface Person {
  devices: SyncDevice[];
  peers: RandomPeer[];
}

describe(`every device ends in the same state (SYNC_SEED=${SEED}, SYNC_ACTIONS=${ACTIONS})`, () => {
  const random = seededRandom(SEED);
  const clock = createIntervalClock();
  let nextAction: ReturnType<typeof createRandomActions>;
  /** Pages that texts link to; some have no preview. */
  const site = createServer((request, response) => {
    const number = Number(request.url?.slice(1));
    response.writeHead(number % 5 === 0 ? 404 : 200, { 'content-type': 'text/html' }).end(`<title>Page ${number}</title>`);
  });
  const below = (n: number): number => random.uint31() % n;
  let isFaulty = false;
  let server: TestServer;
  let people: Person[];
  /** Resolves when the server runs again. */
  let whole: Promise<void> = Promise.resolve();

  /** Hints about a box may be lost on the bus, but not updates that are not stored, because there is no other way to learn of them. */
  function fateOf(topic: string, hint: unknown): HintFate {
    const { kind } = hint as { kind?: string };
    if (!isFaulty || !topic.startsWith('user:') || kind !== 'box') return 'deliver';
    const dice = below(20);
    if (dice === 0) return 'drop';
    return dice < 4 ? 'hold' : dice < 6 ? 'duplicate' : 'deliver';
  }

  const release = (): number =>
    server.releaseHints((held) => held.map((hint) => ({ hint, key: random.uint31() })).sort((a, b) => a.key - b.key).map(({ hint }) => hint));

  beforeAll(async () => {
    console.log(`SYNC_SEED=${SEED} SYNC_ACTIONS=${ACTIONS}`);
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const { port } = site.address() as AddressInfo;
    nextAction = createRandomActions(random, `http://127.0.0.1:${port}/`);
    const env = { AEROGRAM_LINK_PREVIEWS: '1', AEROGRAM_LINK_PREVIEW_PORTS: String(port), AEROGRAM_LINK_PREVIEW_NETWORKS: '127.0.0.1' };
    server = await startTestServer({ clock, hintPolicy: fateOf, env });
    people = [];
    for (let i = 0; i < 5; i++) {
      const options = { name: `Person ${i}`, phone: `99966${i}0${i}0${i}`, code: String(i).repeat(5) };
      people.push({ devices: [await SyncDevice.logIn(server.info, options), await SyncDevice.logIn(server.info, options)], peers: [] });
    }
    for (const person of people) {
      for (const { account } of person.devices) for (const other of people) if (other !== person) await account.meet(other.devices[0]!.account);
    }
    await createSupergroup();
    for (const person of people) {
      // An access hash belongs to the account, not to the device.
      person.peers = people.map(({ devices: [other] }) => ({ id: other!.state.self, input: person.devices[0]!.account.inputPeer(other!.account) }));
      person.devices[0]!.state = await person.devices[0]!.load(inputs(person));
      person.devices[1]!.state = person.devices[0]!.state.clone();
    }
  }, 60_000);
  afterAll(async () => {
    for (const person of people ?? []) for (const device of person.devices) device.goOffline();
    await server?.[Symbol.asyncDispose]();
    site.close();
  });

  /** Creates a supergroup of everybody: of few random actions, none may create one. */
  async function createSupergroup(): Promise<void> {
    const [owner, ...others] = people.map(({ devices: [device] }) => device!.account);
    const created = await owner!.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: 'Everybody', about: '' });
    const channel = created._ === 'updates' ? created.chats.find((chat) => chat._ === 'channel') : undefined;
    if (channel?.access_hash === undefined) throw new Error('channels.createChannel answers no channel');
    const users = others.map((other) => ({ ...(owner!.inputPeer(other) as tl.inputPeerUser), _: 'inputUser' as const }));
    await owner!.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: { _: 'inputChannel', channel_id: channel.id, access_hash: channel.access_hash }, users });
  }

  const inputs = (person: Person): RandomPeer['input'][] => person.peers.map(({ input }) => input);

  /** The next action of a device; none that another device of the account also does in this round. */
  function choose(at: number, device: SyncDevice, setKeys: Set<string>): RandomAction {
    for (;;) {
      const action = nextAction(device.state, people[at]!.peers);
      const keys = keysOf(at, action, device);
      if (keys.some((key) => [...setKeys].some((one) => isSameCell(key, one)))) continue;
      for (const key of keys) setKeys.add(key);
      return action;
    }
  }

  /** What an action sets outside the pts, by names of cells with their owner. */
  function keysOf(at: number, action: RandomAction, device: SyncDevice): string[] {
    const keys = cellsOf(action.request, device.state.self).map((cell) => `${at} ${cell}`);
    return action.shares === undefined ? keys : [...keys, action.shares];
  }

  /** Connects a device, again if the server is restarted meanwhile. */
  async function bringOnline(device: SyncDevice): Promise<void> {
    for (;;) {
      const awaited = whole;
      await awaited;
      try {
        if (!device.isOnline) await device.goOnline(server.info);
        return;
      } catch (error) {
        device.goOffline();
        if (awaited === whole) throw error;
      }
    }
  }

  /** A device does one thing, or two at once, and may lose its connection meanwhile. */
  async function turn(at: number, device: SyncDevice, setKeys: Set<string>): Promise<number> {
    await bringOnline(device);
    const actions = Array.from({ length: 1 + below(2) }, () => choose(at, device, setKeys));
    const done = Promise.all(actions.map((action) => device.act(action)));
    if (below(25) === 0) await cut(device);
    for (const [index, outcome] of (await done).entries()) {
      const action = actions[index]!;
      // Changes without pts are repeated if the answer was lost, as clients do; others sometimes.
      const isRepeated = outcome === 'unknown' && (keysOf(at, action, device).length > 0 || below(2) === 0);
      if (isRepeated) await bringOnline(device);
      const last = isRepeated ? await device.act(action) : outcome;
      if (last === 'unknown' || !('refused' in last) || (isRepeated && REFUSALS_OF_REPEATS.test(last.refused))) continue;
      expect({ method: action.request._, refused: last.refused }).toEqual({ method: action.request._, refused: expect.stringMatching(REFUSALS) as string });
    }
    return actions.length;
  }

  /** The connection ends somewhere between the call and its answer. */
  async function cut(device: SyncDevice): Promise<void> {
    for (let turns = below(12); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    device.goOffline();
  }

  async function restart(): Promise<void> {
    const restarted = server.restart();
    whole = restarted;
    await restarted;
    for (const { devices } of people) for (const device of devices) device.goOffline();
  }

  /** Waits as long as needed, while the server repairs as often as in production. */
  async function waitRepaired(device: SyncDevice, holds: () => boolean): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < SETTLE_MS; waitedMs += REPAIR_MS) {
      if (await device.waitUntil(holds, REPAIR_MS)) return true;
      await clock.runIntervals(REPAIR_MS);
    }
    return holds();
  }

  /** The current state, read while nothing else happens: a web page found meanwhile changes what was read before. */
  async function loadAtRest(person: Person): Promise<AccountState> {
    const device = person.devices[0]!;
    for (;;) {
      const fresh = await device.load(inputs(person));
      const { pts } = await device.account.call<'updates.getState'>({ _: 'updates.getState' });
      if (pts === fresh.pts && !fresh.hasPendingPage) return fresh;
      expect(await waitRepaired(device, () => device.state.pts >= pts && !device.state.hasPendingPage), 'the box comes to rest').toBe(true);
    }
  }

  /** Waits for pending updates and compares. */
  async function compare(before: AccountState[][]): Promise<void> {
    isFaulty = false;
    release();
    for (const { devices } of people) for (const device of devices) await bringOnline(device);
    await clock.runIntervals(REPAIR_MS);
    for (const { devices } of people) for (const device of devices) await waitRepaired(device, () => !device.state.hasHole && !device.state.hasPendingPage);
    for (const [at, person] of people.entries()) {
      // A call whose connection was cut may still have been running: then everything is read again.
      let [outcome, differed] = ['late', false];
      for (let tries = 0; tries < LATE_CALLS_MAX && outcome !== 'equal'; tries++) {
        outcome = await compareOne(at, person, before[at]!, differed);
        differed ||= outcome === 'different';
      }
      expect(outcome, `person ${at}`).toBe('equal');
    }
  }

  /**
   * @param isLast whether a difference fails the test; else what has no pts may have changed after the reading
   * @returns 'late' when the box moved after the reading
   */
  async function compareOne(at: number, person: Person, before: AccountState[], isLast: boolean): Promise<'equal' | 'late' | 'different'> {
    const fresh = await loadAtRest(person);
    const expected = fresh.describe();
    const json = JSON.stringify(expected);
    const isAsFresh = (state: AccountState): boolean => {
      state.cells.refresh(fresh.cells);
      state.readPolls(fresh);
      return JSON.stringify(state.describe()) === json;
    };
    for (const [which, device] of person.devices.entries()) {
      if (device.state.isTooLong) {
        device.state.isTooLong = false;
        await device.catchUp(device.state);
      }
      await device.askReactions(device.state, fresh);
      await waitRepaired(device, () => device.state.pts > fresh.pts || (!device.state.hasHole && isAsFresh(device.state)));
      await device.catchUp(before[which]!);
      await device.askReactions(before[which]!, fresh);
    }
    const states = [...before, ...person.devices.map(({ state }) => state)];
    const isAhead = (state: AccountState): boolean =>
      state.pts > fresh.pts || [...state.channels.states].some(([id, { line }]) => line.pts > (fresh.channels.find(id)?.line.pts ?? line.pts));
    if (states.some(isAhead)) return 'late';
    if (!isLast && !states.every(isAsFresh)) return 'different';
    for (const [which, { state }] of person.devices.entries()) {
      const name = `person ${at}, device ${which}`;
      const differed = before[which]!;
      if (![state, differed].every(isAsFresh) || state.violations.length + differed.violations.length > 0) console.log(`${name}:\n${person.devices[which]!.diary}\nthe other one:\n${person.devices[1 - which]!.diary}`);
      expect(state.describe(), `${name}, ${state.holes}: pushed state == fresh state`).toEqual(expected);
      expect(state.hasHole, `${name}: no hole`).toBe(false);
      expect(differed.describe(), `${name}: difference state == fresh state`).toEqual(expected);
      expect([...state.violations, ...differed.violations], name).toEqual([]);
      state.trust();
    }
    return 'equal';
  }

  test('by pushes, by a difference, and loaded from scratch', { timeout: 60_000 + ACTIONS * 100 }, async () => {
    const seen = { groups: 0, channels: 0 };
    for (let done = 0, round = 1; done < ACTIONS; round++) {
      const before = people.map((person) => person.devices.map((device) => device.state.clone()));
      const setKeys = new Set<string>();
      const isRestarting = round % RESTART_ROUNDS === 0;
      isFaulty = true;
      for (let acted = 0; acted < ROUND;) {
        const turns = people.flatMap(({ devices }, at) => devices.filter(() => below(4) > 0).map((device) => turn(at, device, setKeys)));
        const [counts] = await Promise.all([Promise.all(turns), isRestarting && acted === 0 ? restart() : undefined]);
        const count = counts.reduce((sum, one) => sum + one, 0);
        [acted, done] = [acted + count, done + count];
        if (below(4) === 0) release();
        if (below(8) === 0) await clock.runIntervals(REPAIR_MS);
      }
      await compare(before);
      for (const { devices: [device] } of people) {
        seen.groups += device!.state.cells.list('group ').length;
        seen.channels += [...device!.state.channels.states].length;
      }
    }
    // Counted after each round, because all basic groups may have become supergroups in the end.
    expect(Object.values(seen), 'groups and channels').not.toContain(0);
  });
});
