import type { OutgoingCode } from '@aerogram/domain';
import { logIn, type Device } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

/** Limits as clients meet them; test numbers are exempt, so these users have other numbers. */
let scenario: Scenario;
const codes: OutgoingCode[] = [];
const devices: Device[] = [];
beforeAll(async () => {
  scenario = await startScenario({
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
      return text(inviter.client.call({ _: 'channels.inviteToChannel', channel, users: [{ ...peer, _: 'inputUser' }] }));
    };
    // The twenty-fifth is the last, and those who were counted can be added again.
    expect([await invite(1), await invite(4), await invite(3), await write(inviter, await find(inviter, 3)), await write(inviter, strangers[0]!)]).toEqual(['done', 'done', 'PEER_FLOOD', 'PEER_FLOOD', 'sent']);
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
