import type { Actor, Device } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { people } from './group-stage.ts';
import type { Scenario } from './scenario.ts';

/** A supergroup or broadcast channel with its creator and two members, all of whom know it. */
export interface ChannelStage {
  /** Marked. */
  id: number;
  alice: Actor;
  bob: Actor;
  carol: Actor;
}

/** Creates a channel. @returns its marked id */
export async function createChannel(creator: Actor, kind: 'megagroup' | 'broadcast' = 'megagroup', title = 'Climbing'): Promise<number> {
  const answer = (await creator.main.change({ _: 'channels.createChannel', [kind]: true, title, about: 'rocks' })) as tl.RawUpdates;
  return -1_000_000_000_000 - (answer.chats[0] as tl.RawChannel).id;
}

/** Adds people to a channel, and waits until all of them know it. */
export async function inviteTo(actor: Actor, id: number, others: readonly Actor[]): Promise<void> {
  for (const other of others) await actor.meet(other);
  await actor.main.invite({ _: 'channels.inviteToChannel', channel: actor.main.inputChannel(id), users: others.map((other) => actor.main.inputUser(other.id)) });
  for (const other of others) await knowsChannel(other.main, id);
}

/** Waits until a device knows a channel. */
export function knowsChannel(device: Device, id: number): Promise<void> {
  return device.waitUntil(`channel ${id}`, () => device.state.channels.find(id) !== undefined);
}

/** Waits until a device knows that its account is not in a channel any more. */
export function losesChannel(device: Device, id: number): Promise<void> {
  return device.waitUntil(`channel ${id} to go`, () => device.state.channels.find(id) === undefined);
}

/** Alice's channel with Bob and Carol in it. */
export async function channelStage(scenario: Scenario, kind: 'megagroup' | 'broadcast' = 'megagroup'): Promise<ChannelStage> {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const id = await createChannel(alice, kind);
  await inviteTo(alice, id, [bob, carol]);
  return { id, alice, bob, carol };
}

/** Posts a text. @returns the id of the message */
export async function postIn(actor: Actor, id: number, message: string): Promise<number> {
  const { updates } = (await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, randomId: randomLong() })) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
}

/** Makes a member an admin with these rights; with none, an ordinary member again. */
export async function promoteIn(actor: Actor, id: number, member: Actor, rights: Partial<tl.RawChatAdminRights>): Promise<void> {
  const [channel, userId] = [actor.main.inputChannel(id), actor.main.inputUser(member.id)];
  await actor.main.change({ _: 'channels.editAdmin', channel, userId, adminRights: { _: 'chatAdminRights', ...rights }, rank: '' });
}

/** Creates a supergroup and bans somebody from it. @returns how that person names it, who knows it from before */
export async function bannedFrom(creator: Actor, other: Actor): Promise<tl.TypeInputPeer> {
  const id = await createChannel(creator);
  await inviteTo(creator, id, [other]);
  const peer = other.main.inputPeer(id);
  const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 };
  await creator.main.change({ _: 'channels.editBanned', channel: creator.main.inputChannel(id), participant: creator.main.inputPeer(other.id), bannedRights });
  return peer;
}
