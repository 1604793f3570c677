import type { OutgoingCode } from '@aerogram/domain';
import { type Actor, logIn, type Device, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGroup, type Group, people, write as writeTo } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

/** Limits as clients meet them. The setting makes test numbers ordinary; users of the first stories have other numbers, because the limits hold for them in any case. */
let scenario: Scenario;
const codes: OutgoingCode[] = [];
const devices: Device[] = [];
beforeAll(async () => {
  scenario = await startScenario({
    env: { AEROGRAM_TEST_LIMITS: '1' },
    codeDelivery: { ways: ['sms'], deliver: async (code) => void codes.push(code), deliverEmail: () => Promise.resolve() },
  });
});
afterAll(async () => {
  for (const device of devices) await device.goOffline();
  await scenario?.[Symbol.asyncDispose]();
});

/** An account with an ordinary number and a username, so that others find it without its number. */
async function arrive(): Promise<Device> {
  const { device } = await logIn(() => scenario.server.info, {
    name: `Person ${devices.length}`,
    phone: `1555${6_000_000 + devices.length}`,
    code: () => Promise.resolve(codes.at(-1)!.code),
  });
  await device.call({ _: 'account.updateUsername', username: `person_${devices.length}` });
  devices.push(device);
  return device;
}

async function find(device: Device, at: number): Promise<tl.TypeInputPeer> {
  const { users } = await device.call({ _: 'contacts.resolveUsername', username: `person_${at}` });
  const [user] = users;
  if (user?._ !== 'user') throw new Error(`person ${at} is not found`);
  return { _: 'inputPeerUser', userId: user.id, accessHash: user.accessHash! };
}

let randomId = 1;
const write = (device: Device, peer: tl.TypeInputPeer) =>
  device.client.call({ _: 'messages.sendMessage', peer, message: 'hi', randomId: Long.fromNumber(randomId++) }, { maxRetryCount: 0, throw503: true }).then(
    () => 'sent',
    (error: { text?: string; message: string }) => error.text ?? error.message,
  );

describe('limits of sending', () => {
  test('a new user can write first to 25 users a day; a reply frees a place', async () => {
    const spammer = await arrive();
    for (let n = 0; n < 27; n++) await arrive();
    const outcomes: string[] = [];
    for (let at = 1; at <= 26; at++) outcomes.push(await write(spammer, await find(spammer, at)));
    expect(outcomes).toEqual([...Array.from({ length: 25 }, () => 'sent'), 'PEER_FLOOD']);
    expect(await write(spammer, await find(spammer, 1))).toBe('sent');
    expect(await write(devices[1]!, await find(devices[1]!, 0))).toBe('sent');
    expect(await write(spammer, await find(spammer, 26))).toBe('sent');
    expect(await write(spammer, await find(spammer, 27))).toBe('PEER_FLOOD');
  });

  test('strangers who are added to groups and channels count as people whom one writes to first', async () => {
    const [inviter, other] = [devices[2]!, devices[5]!];
    const strangers = await Promise.all(Array.from({ length: 24 }, (_, n) => find(inviter, n + 4)));
    const users = strangers.map((peer) => ({ ...peer, _: 'inputUser' }) as tl.RawInputUser);
    const text = (call: Promise<unknown>): Promise<string> => call.then(() => 'done', (error: { text?: string; message: string }) => error.text ?? error.message);
    expect(await text(inviter.client.call({ _: 'messages.createChat', users, title: 'Offers' }))).toBe('done');
    const { chats } = (await inviter.client.call({ _: 'channels.createChannel', megagroup: true, title: 'More offers', about: '' })) as tl.RawUpdates;
    const channel: tl.RawInputChannel = { _: 'inputChannel', channelId: chats[0]!.id, accessHash: (chats[0] as tl.RawChannel).accessHash! };
    const invite = async (at: number): Promise<string> => {
      const peer = (await find(inviter, at)) as tl.RawInputPeerUser;
      const { missingInvitees } = await inviter.client.call({ _: 'channels.inviteToChannel', channel, users: [{ ...peer, _: 'inputUser' }] });
      return missingInvitees.length === 0 ? 'done' : 'missing';
    };
    // The twenty-fifth is the last, and those who were counted can be added again.
    expect([await invite(1), await invite(4), await invite(3), await write(inviter, await find(inviter, 3)), await write(inviter, strangers[0]!)]).toEqual(['done', 'done', 'missing', 'PEER_FLOOD', 'sent']);
    expect(await write(other, await find(other, 3))).toBe('sent');
  });

  test('strangers together cannot flood one user: their clients are told when to retry', async () => {
    const [victim, crowd] = [27, devices.slice(2, 13)];
    const peers = await Promise.all(crowd.map((stranger) => find(stranger, victim)));
    // The senders meet no limit before the sixtieth message; then some do, because one a second is refilled.
    let sent = 0;
    let refusal: string | undefined;
    while (refusal === undefined) {
      const outcomes = await Promise.all(crowd.map((stranger, n) => write(stranger, peers[n]!)));
      sent += outcomes.filter((text) => text === 'sent').length;
      refusal = outcomes.find((text) => text !== 'sent');
    }
    expect(refusal).toMatch(/^FLOOD_WAIT_/);
    expect(sent).toBeGreaterThanOrEqual(60);
  });
});

describe('groups to which strangers add somebody', () => {
  const BUDGET = 100;
  let spammer: Actor;
  let victim: Actor;
  /** A second device of the victim. */
  let tablet: Device;
  let groups: Group[];
  let supergroup: tl.RawInputChannel;
  const markOf = (group: Group): number => -group.id;
  const chatOf = (actor: Actor, id: number) => actor.main.state.cells.get<{ participants_count?: number; left?: boolean }>(`group -${id}`);
  const barOf = async (device: Device, peer: tl.TypeInputPeer) => (await device.call({ _: 'messages.getPeerSettings', peer })).settings;
  const hasBar = (device: Device, group: Group): boolean => device.state.cells.get(`bar ${markOf(group)}`) !== undefined;

  beforeAll(async () => {
    [spammer, victim] = (await people(scenario, 'Spammer', 'Victim')) as [Actor, Actor];
    tablet = await victim.device();
    await spammer.meet(victim);
    groups = [];
  });

  test('a new account can add somebody to five, and is told who was not added to the sixth', async () => {
    await verifyUpdates([spammer, victim], async () => {
      while (groups.length < 4) groups.push(await createGroup(spammer, [victim]));
    });
    const { chats } = (await spammer.main.change({ _: 'channels.createChannel', megagroup: true, title: 'More offers', about: '' })) as tl.RawUpdates;
    supergroup = { _: 'inputChannel', channelId: chats[0]!.id, accessHash: (chats[0] as tl.RawChannel).accessHash! };
    const users = [spammer.main.inputUser(victim.id)];
    expect(await verifyUpdates([victim], () => spammer.main.invite({ _: 'channels.inviteToChannel', channel: supergroup, users }))).toMatchObject({ missingInvitees: [] });
    const missing = { missingInvitees: [{ _: 'missingInvitee', userId: victim.id }] };
    expect(await spammer.main.invite({ _: 'messages.createChat', users, title: 'Offers' })).toMatchObject(missing);
    const before = victim.main.state.messages.size;
    expect(await spammer.main.invite({ _: 'channels.inviteToChannel', channel: supergroup, users })).toMatchObject({ missingInvitees: [] });
    expect(victim.main.state.messages.size).toBe(before);
  });

  test('have a bar that all devices hide together', async () => {
    const [group] = groups as [Group];
    expect(await barOf(victim.main, group.peer)).toMatchObject({ reportSpam: true, autoarchived: false });
    expect(await barOf(spammer.main, group.peer)).toMatchObject({ reportSpam: false });
    await tablet.waitUntil('the bar', () => hasBar(tablet, group));
    await verifyUpdates([victim], () => victim.main.call({ _: 'messages.hidePeerSettingsBar', peer: group.peer }));
    await tablet.waitUntil('no bar', () => !hasBar(tablet, group));
    expect(await barOf(victim.main, group.peer)).toMatchObject({ reportSpam: false });
  });

  test('go to the archive when strangers fill them, in silence, while these may go on; writing there brings them back', async () => {
    const [, group] = groups as [Group, Group];
    const isArchived = (device: Device): boolean => device.state.cells.get(`archived ${markOf(group)}`) === 1;
    await verifyUpdates([victim], async () => {
      // The message that says that the group was created counts, too.
      for (let n = 1; n <= BUDGET; n++) await writeTo(spammer, group, `Buy ${n}`);
      await tablet.waitUntil('the archive', () => isArchived(tablet));
      await victim.sees(`Buy ${BUDGET}`);
    });
    expect(await barOf(victim.main, group.peer)).toMatchObject({ reportSpam: true, autoarchived: true });
    expect(await victim.main.call({ _: 'account.getNotifySettings', peer: { _: 'inputNotifyPeer', peer: group.peer } })).toMatchObject({ muteUntil: 2_147_483_647 });
    await verifyUpdates([spammer, victim], async () => {
      await writeTo(spammer, group, 'And this');
      await writeTo(victim, group, 'Who are you?');
      await tablet.waitUntil('the list', () => !isArchived(tablet));
    });
    expect(await victim.main.call({ _: 'account.getNotifySettings', peer: { _: 'inputNotifyPeer', peer: group.peer } })).not.toMatchObject({ muteUntil: 2_147_483_647 });
  });

  test('a supergroup goes to the archive, too, although posting writes nothing for its members', async () => {
    const peer: tl.TypeInputPeer = { ...supergroup, _: 'inputPeerChannel' };
    const marked = -1_000_000_000_000 - supergroup.channelId;
    await verifyUpdates([victim], async () => {
      for (let n = 1; n <= BUDGET; n++) await spammer.main.change({ _: 'messages.sendMessage', peer, message: `Buy ${n}`, randomId: Long.fromNumber(1_000_000 + n) });
      await tablet.waitUntil('the archive', () => tablet.state.cells.get(`archived ${marked}`) === 1);
    });
    const { dialogs } = await victim.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: victim.main.inputPeer(marked) }] });
    expect(dialogs).toMatchObject([{ folderId: 1, notifySettings: { muteUntil: 2_147_483_647 } }]);
  });

  test('are left without a word when their maker is blocked, but not those that were accepted', async () => {
    const [hidden, answered, ...others] = groups as [Group, Group, ...Group[]];
    await verifyUpdates([spammer, victim], async () => {
      await victim.main.call({ _: 'contacts.block', id: victim.main.inputPeer(spammer.id) });
      for (const { id } of others) await spammer.main.waitUntil('the victim left', () => chatOf(spammer, id)?.participants_count === 1);
      const isOut = (device: Device): boolean => device.state.cells.get<{ _: string }>(`group ${-1_000_000_000_000 - supergroup.channelId}`)?._ === 'channelForbidden';
      await victim.main.waitUntil('the supergroup left', () => isOut(victim.main));
    });
    expect(others).toHaveLength(2);
    for (const group of others) await writeTo(spammer, group, 'Where are you?');
    await writeTo(spammer, hidden, 'Still here?');
    await victim.sees('Still here?');
    expect([...victim.main.state.messages.values()].some(({ text }) => text === 'Where are you?')).toBe(false);
    await writeTo(spammer, answered, 'Hello');
    await victim.sees('Hello');
  });

  test('are left when one of them is reported as spam', async () => {
    const [other] = (await people(scenario, 'Other')) as [Actor];
    const spam = [await createGroup(spammer, [other]), await createGroup(spammer, [other])] as const;
    await verifyUpdates([other], async () => {
      await other.main.call({ _: 'messages.reportSpam', peer: spam[0].peer });
      for (const { id } of spam) await other.main.waitUntil('it left', () => chatOf(other, id)?.left === true);
    });
    expect(await barOf(other.main, spam[0].peer)).toMatchObject({ reportSpam: false });
  });
});
