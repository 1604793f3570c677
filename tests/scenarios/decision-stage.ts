import { channelTopic, userTopic } from '@aerogram/bus';
import type { TestCluster } from '@aerogram/dev-env';
import { doMakePerson, hashOfInviteLink } from '@aerogram/domain';
import { createAuthKey } from '@aerogram/mtproto';
import { type DirectCaller, directCallerOf } from '@aerogram/rpc';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { LAYER, type tl } from '@aerogram/tl';

/** The node on which somebody decides, and the one on which somebody else tries what was taken away. */
export const [HERE, THERE] = [0, 1] as const;

/** A node of the cluster by its number. */
export type At = typeof HERE | typeof THERE;

const PLACE = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 0 };
const APP = { apiId: 1, deviceModel: 'Test', systemVersion: '1', appVersion: '1', systemLangCode: 'en', langPack: '', langCode: 'en' };
const CONFIG = { homeDcId: 2 };

/** A device of somebody: its key, which is known to both nodes. */
export class DeviceOnStage {
  readonly #cluster: TestCluster;
  readonly #authKeyId: bigint;

  constructor(cluster: TestCluster, authKeyId: bigint) {
    this.#cluster = cluster;
    this.#authKeyId = authKeyId;
  }

  /** Calls a method with the key, as a node knows it. @throws RpcError */
  async call<R extends tl.AnyMethod>(at: At, request: R): Promise<tl.RpcMethods[R['_']]['res']> {
    const session = { authKeyId: this.#authKeyId, sessionId: 1n, ...PLACE };
    return this.#cluster.nodes[at]!.parts.calls.invoke({ key: (await this.#find(at))!, session }, request);
  }

  /** Whether calls are those of a user on a node. */
  async isLoggedIn(at: At): Promise<boolean> {
    return (await this.#find(at))?.userId !== undefined;
  }

  async #find(at: At): Promise<DirectCaller['key'] | undefined> {
    return this.#cluster.nodes[at]!.parts.domain.auth.findKeyState(this.#authKeyId);
  }
}

/** Somebody who acts on either node, without a device. */
export class Somebody {
  readonly id: bigint;
  readonly username: string;
  readonly phone: string;
  readonly #cluster: TestCluster;
  readonly #caller: DirectCaller;

  constructor(cluster: TestCluster, { id, username, phone }: { id: bigint; username: string; phone: string }) {
    this.id = id;
    this.username = username;
    this.phone = phone;
    this.#cluster = cluster;
    this.#caller = directCallerOf({ userId: id, isBot: false, dcId: CONFIG.homeDcId }, PLACE);
  }

  /** Calls a method on a node. @throws RpcError */
  call<R extends tl.AnyMethod>(at: At, request: R): Promise<tl.RpcMethods[R['_']]['res']> {
    return this.#cluster.nodes[at]!.parts.calls.invoke(this.#caller, request);
  }

  /** The user as this one names it to the server. */
  async user(other: Somebody): Promise<tl.inputUser> {
    const { users } = await this.call(HERE, { _: 'contacts.resolveUsername', username: other.username });
    const [user] = users;
    if (user?._ !== 'user') throw new Error(`${other.username} was not found`);
    return { _: 'inputUser', user_id: user.id, access_hash: user.access_hash! };
  }

  /** A public channel as this one names it. */
  async channel(username: string): Promise<tl.inputChannel> {
    return channelOf(await this.call(HERE, { _: 'contacts.resolveUsername', username }));
  }

  async peer(other: Somebody): Promise<tl.inputPeerUser> {
    return { ...(await this.user(other)), _: 'inputPeerUser' };
  }
}

/** A channel or supergroup, and its two members. */
export interface ChannelOnStage {
  owner: Somebody;
  member: Somebody;
  /** The channel as each of them names it. */
  ofOwner: tl.inputChannel;
  ofMember: tl.inputChannel;
  /** The member as the owner names them. */
  participant: tl.inputPeerUser;
  link: string;
}

/** People of a cluster, each new. */
export class DecisionStage {
  readonly cluster: TestCluster;
  #made = 0;

  constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }

  async person(): Promise<Somebody> {
    const number = ++this.#made;
    const username = `person_${String(number).padStart(4, '0')}`;
    const maker = { db: this.cluster.nodes[HERE]!.parts.db, clock: systemClock, random: systemRandom, config: CONFIG };
    const phone = `99966${20_000 + number}`;
    const id = await doMakePerson(maker as Parameters<typeof doMakePerson>[0], { name: `Person ${number}`, phone, username });
    return new Somebody(this.cluster, { id, username, phone });
  }

  /** Logs in a device. */
  async device({ phone }: Somebody): Promise<DeviceOnStage> {
    const key = await this.cluster.nodes[HERE]!.prepareKey!({ dcId: CONFIG.homeDcId, test: true });
    const { id } = createAuthKey(key);
    const { auth } = this.cluster.nodes[HERE]!.parts.domain;
    await auth.doSaveConnection((await auth.findKeyState(id))!, { layer: LAYER, init: APP });
    const device = new DeviceOnStage(this.cluster, id);
    const sent = await device.call(HERE, { _: 'auth.sendCode', phone_number: phone, api_id: 1, api_hash: '0123456789abcdef0123456789abcdef', settings: { _: 'codeSettings' } });
    if (sent._ !== 'auth.sentCode') throw new Error('no code was sent');
    await device.call(HERE, { _: 'auth.signIn', phone_number: phone, phone_code_hash: sent.phone_code_hash, phone_code: '22222' });
    return device;
  }

  /** A bot of somebody, with its token. */
  async bot(owner: Somebody): Promise<{ bot: tl.inputUser; token: string }> {
    const made = await owner.call(HERE, { _: 'bots.createBot', name: 'Bot', username: `${owner.username}_bot`, manager_id: { _: 'inputUserEmpty' } });
    if (made._ !== 'user') throw new Error('there is no bot');
    const bot: tl.inputUser = { _: 'inputUser', user_id: made.id, access_hash: made.access_hash! };
    return { bot, token: (await owner.call(HERE, { _: 'bots.exportBotToken', bot, revoke: false })).token };
  }

  /** Has two people know each other. */
  async meet(one: Somebody, other: Somebody): Promise<void> {
    for (const [from, to] of [[one, other], [other, one]] as const) {
      await from.call(HERE, { _: 'messages.sendMessage', peer: await from.peer(to), message: 'Hello', random_id: systemRandom.int63() });
    }
  }

  /** A private channel or supergroup with one member besides the owner. */
  async channel({ isGroup }: { isGroup: boolean }): Promise<ChannelOnStage> {
    const [owner, member] = [await this.person(), await this.person()];
    const made = channelOf(await owner.call(HERE, { _: 'channels.createChannel', title: 'Channel', about: '', ...(isGroup ? { megagroup: true } : { broadcast: true }) }));
    const invite = await owner.call(HERE, { _: 'messages.exportChatInvite', peer: { ...made, _: 'inputPeerChannel' } });
    if (invite._ !== 'chatInviteExported') throw new Error('there is no link');
    const joined = await member.call(HERE, { _: 'messages.importChatInvite', hash: hashOfInviteLink(invite.link) });
    if (joined._ !== 'messages.chatInviteJoinResultOk') throw new Error('the link let nobody in');
    return { owner, member, ofOwner: made, ofMember: channelOf(joined.updates), participant: await owner.peer(member), link: invite.link };
  }

  /** Whether anything is pushed to a user on a node while somebody acts there, such as that somebody types. */
  hears(at: At, user: Somebody, act: () => Promise<unknown>): Promise<boolean> {
    return this.#hearsOn(at, userTopic(user.id), act);
  }

  /** The same for the members of a channel. */
  hearsInChannel(at: At, channelId: bigint, act: () => Promise<unknown>): Promise<boolean> {
    return this.#hearsOn(at, channelTopic(channelId), act);
  }

  async #hearsOn(at: At, topic: string, act: () => Promise<unknown>): Promise<boolean> {
    let hears = false;
    using _ = this.cluster.nodes[at]!.parts.bus.subscribe(topic, () => (hears = true));
    await act();
    return hears;
  }
}

/** Somebody decides, and somebody else tries what was taken away. */
export interface DecisionRow {
  /** It is tried by what one node has from the other: a request of a bot, or parts of a file. */
  usesLink?: true;
  title: string;
  prepare(stage: DecisionStage): Promise<Decided>;
}

/** What is decided on one node, and whether what it takes away is still to be had on the other. */
export interface Decided {
  decide(): Promise<unknown>;
  isAdmitted(): Promise<boolean>;
}

function channelOf(answer: tl.Updates | tl.contacts.resolvedPeer): tl.inputChannel {
  const [chat] = 'chats' in answer ? answer.chats : [];
  if (chat?._ !== 'channel') throw new Error('there is no channel');
  return { _: 'inputChannel', channel_id: chat.id, access_hash: chat.access_hash! };
}

/** Whether a call is answered; false if it is refused with one of these errors. */
export async function isAnswered(call: () => Promise<unknown>, refusals: readonly string[]): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof Error && refusals.some((refusal) => error.message.includes(refusal))) return false;
    throw error;
  }
}
