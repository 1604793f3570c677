import { seededRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkRules, createIntervalClock, type Actor, type HintFate } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';
import { SyncDevice } from './sync-device.ts';

/** Interval of the gateway's repair, rule S3. */
const REPAIR_MS = 2000;
const SEED = 20_260_711;

let scenario: Scenario;
let fate: (topic: string) => HintFate = () => 'deliver';
const clock = createIntervalClock();
beforeAll(async () => {
  console.log(`seed ${SEED}`);
  scenario = await startScenario({ clock, hintPolicy: (topic) => fate(topic) });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function chatter(people: Actor[]): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await Promise.all(people.map((from, i) => from.send(people[(i + 1 + round) % people.length]!, `round ${round} from ${i}`)));
  }
  const [first, second] = [people[0]!, people[1]!];
  const sent = await first.send(second, 'to be edited');
  await first.edit(sent, 'edited');
  await first.delete([await first.send(second, 'to be deleted')]);
}

/** Every device has everything that the server has, by pushes alone, and saw its pts ascend. */
async function checkConverged(people: Actor[]): Promise<number> {
  let devices = 0;
  for (const person of people) {
    for (const device of person.devices) {
      const fresh = await device.load();
      await device.waitUntil(`pts ${fresh.pts} by repair`, () => device.state.pts >= fresh.pts && !device.state.hasHole);
      expect(device.state.describe()).toEqual(fresh.describe());
      expect(device.state.pushedPts).toEqual([...device.state.pushedPts].sort((a, b) => a - b));
      checkRules(device);
      devices++;
    }
  }
  return devices;
}

describe('rule S3: hints may be lost, duplicated and reordered', () => {
  let people: Actor[];
  beforeAll(async () => {
    people = [];
    for (let i = 0; i < 5; i++) people.push(await scenario.world.user(`Person ${i}`));
    await people[0]!.device();
    for (const a of people) for (const b of people) if (a !== b) await a.meet(b);
  }, 60_000);

  test('all hints are lost: one repair brings every client up to date', async () => {
    fate = () => 'drop';
    await chatter(people);
    fate = () => 'deliver';
    await clock.runIntervals(REPAIR_MS);
    expect(await checkConverged(people)).toBe(6);
  });

  test('a tenth is lost, the rest duplicated, held back and reordered', async () => {
    const random = seededRandom(SEED);
    fate = () => {
      const dice = random.uint31() % 10;
      if (dice === 0) return 'drop';
      return dice < 4 ? 'hold' : dice < 6 ? 'duplicate' : 'deliver';
    };
    await chatter(people);
    fate = () => 'deliver';
    scenario.server.releaseHints((held) => held.map((hint) => ({ hint, key: random.uint31() })).sort((a, b) => a.key - b.key).map(({ hint }) => hint));
    await clock.runIntervals(REPAIR_MS);
    expect(await checkConverged(people)).toBe(6);
  });

  test('the bus was disconnected: a reconnect repairs at once', async () => {
    fate = () => 'drop';
    await chatter(people);
    fate = () => 'deliver';
    scenario.server.reconnectBus();
    expect(await checkConverged(people)).toBe(6);
  });
});

describe('changes reach an online device', () => {
  let bob: SyncDevice;
  let [phone, desktop]: SyncDevice[] = [];
  let peer: ReturnType<SyncDevice['account']['inputPeer']>;
  let count = 0;
  beforeAll(async () => {
    const options = { name: 'Alice', phone: '9996660606', code: '66666' };
    bob = await SyncDevice.logIn(scenario.server.info, { name: 'Bob', phone: '9996670707', code: '77777' });
    [phone, desktop] = [await SyncDevice.logIn(scenario.server.info, options), await SyncDevice.logIn(scenario.server.info, options)];
    for (const device of [phone, desktop]) await device.account.meet(bob.account);
    peer = phone.account.inputPeer(bob.account);
    await phone.account.send(bob.account, 'hi', 1n);
    desktop.state = await desktop.load([peer]);
  }, 60_000);
  afterAll(() => {
    for (const device of [bob, phone, desktop]) device?.goOffline();
  });

  /** One device repeatedly makes changes without pts. */
  async function change(): Promise<void> {
    const { account } = phone!;
    count += 1;
    for (const message of [`draft ${count}`, `draft ${count}, longer`]) await account.call<'messages.saveDraft'>({ _: 'messages.saveDraft', peer, message });
    await account.call<'messages.toggleDialogPin'>({ _: 'messages.toggleDialogPin', pinned: count % 2 === 1 ? true : undefined, peer: { _: 'inputDialogPeer', peer } });
    await account.call<'messages.markDialogUnread'>({ _: 'messages.markDialogUnread', unread: count % 2 === 1 ? true : undefined, peer: { _: 'inputDialogPeer', peer } });
    await account.call<'account.updateProfile'>({ _: 'account.updateProfile', first_name: `Alice ${count}` });
  }

  /** The other device has it all by pushes alone. */
  async function checkLevel(): Promise<void> {
    const fresh = (await phone!.load([peer])).describe();
    await desktop!.waitUntil(() => JSON.stringify(desktop!.state.describe()) === JSON.stringify(fresh), 10_000);
    expect(desktop!.state.describe()).toEqual(fresh);
    expect(desktop!.state.violations).toEqual([]);
  }

  test('changes of messages come with their hints, without a repair', async () => {
    const { account } = phone!;
    const { id } = await account.send(bob.account, 'to be edited', 50n);
    await account.call<'messages.editMessage'>({ _: 'messages.editMessage', peer, id, message: 'edited' });
    await checkLevel();
    const deleted = await account.send(bob.account, 'to be deleted', 51n);
    await account.call<'messages.deleteMessages'>({ _: 'messages.deleteMessages', id: [deleted.id], revoke: true });
    await checkLevel();
    await account.call<'messages.updatePinnedMessage'>({ _: 'messages.updatePinnedMessage', peer, id });
    await account.call<'messages.sendReaction'>({ _: 'messages.sendReaction', peer, msg_id: id, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] });
    await checkLevel();
  });

  test('what happens after a call of a session follows its answer, without a repair', async () => {
    const { account } = phone!;
    const self: tl.InputPeer = { _: 'inputPeerSelf' };
    const [, own, other] = [await bob.account.meet(account), await account.send(bob.account, 'one', 60n), await account.send(account, 'saved', 61n)];
    const die: tl.InputMedia = { _: 'inputMediaDice', emoticon: '🎲' };
    const scheduleDate = Math.floor(Date.now() / 1000) + 3600;
    const scheduled = await account.call<'messages.sendMessage'>({ _: 'messages.sendMessage', peer, message: 'later', random_id: 62n, schedule_date: scheduleDate });
    const waiting = scheduled._ === 'updates' ? scheduled.updates.find((update) => update._ === 'updateNewScheduledMessage') : undefined;
    const calls: (tl.AnyMethod & { _: keyof tl.RpcMethods })[] = [
      { _: 'messages.sendMedia', peer, media: die, message: '', random_id: 63n },
      { _: 'messages.editMessage', peer, id: own.id, message: 'two' },
      { _: 'messages.readHistory', peer, max_id: 0 },
      { _: 'messages.readMessageContents', id: [own.id] },
      { _: 'messages.updatePinnedMessage', peer, id: own.id },
      { _: 'messages.updatePinnedMessage', peer, id: own.id, unpin: true },
      { _: 'messages.updatePinnedMessage', peer, id: own.id },
      { _: 'messages.unpinAllMessages', peer },
      { _: 'messages.setHistoryTTL', peer, period: 86_400 },
      { _: 'messages.sendScheduledMessages', peer, id: waiting === undefined ? [] : [waiting.message.id] },
      { _: 'messages.deleteMessages', id: [own.id] },
      { _: 'messages.deleteSavedHistory', peer: self, max_id: other.id },
      { _: 'messages.toggleNoForwards', peer, enabled: true },
      { _: 'messages.deleteHistory', peer, max_id: 0, just_clear: true },
    ];
    for (const [n, request] of calls.entries()) {
      let arrived = 0;
      account.onText = (text) => {
        if (text === `after ${n}`) arrived += 1;
      };
      await account.call(request);
      await bob.account.send(account, `after ${n}`, BigInt(70 + n));
      await phone!.waitUntil(() => arrived > 0, 3000);
      expect({ method: request._, arrived }).toEqual({ method: request._, arrived: 1 });
    }
    await checkLevel();
  });

  test('all hints of updates without pts are lost, in a box where nothing else happens', async () => {
    fate = (topic) => (topic.startsWith('user:') ? 'drop' : 'deliver');
    await change();
    fate = () => 'deliver';
    await clock.runIntervals(REPAIR_MS);
    await checkLevel();
  });

  test('some hints of updates without pts are lost, duplicated and held back, between messages', async () => {
    const random = seededRandom(SEED);
    for (let round = 0; round < 4; round++) {
      fate = () => (['drop', 'hold', 'duplicate'] as const)[random.uint31() % 5] ?? 'deliver';
      await change();
      await phone!.account.send(bob.account, `message ${round}`, BigInt(100 + round));
      await change();
      fate = () => 'deliver';
      scenario.server.releaseHints((held) => held.toReversed());
      await clock.runIntervals(REPAIR_MS);
      await desktop!.catchUp(desktop!.state.clone());
      const fresh = await desktop!.load([peer]);
      await desktop!.waitUntil(() => desktop!.state.pts === fresh.pts, 10_000);
      await checkLevel();
    }
  });

  test('the bus was disconnected: a reconnect brings updates without pts at once', async () => {
    fate = (topic) => (topic.startsWith('user:') ? 'drop' : 'deliver');
    await change();
    fate = () => 'deliver';
    scenario.server.reconnectBus();
    await checkLevel();
  });
});
