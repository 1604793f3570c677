// The chats to which the forms of official apps are sent.
import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import type { World } from '@aerogram/dev-env';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { Values } from './forms.ts';

const EMPTY: tl.inputPeerEmpty = { _: 'inputPeerEmpty' };
/** How often the answer of the BotFather is looked for, at most. */
const LOOKS = 100;

/** People with chats of each kind, and what forms name of them. */
export interface FormStage {
  ann: RawAccount;
  bob: RawAccount;
  /** Ann has her in the contacts; she is in no supergroup and channel. */
  carol: RawAccount;
  values: Values;
}

/** One person and what the person's client does while the stage is built. */
class Builder {
  readonly account: RawAccount;

  constructor(account: RawAccount) {
    this.account = account;
  }

  call<M extends keyof tl.RpcMethods>(request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']> {
    return this.account.call<M>(request);
  }

  async user(other: RawAccount): Promise<tl.inputUser> {
    await this.account.meet(other);
    return { ...(this.account.inputPeer(other) as tl.inputPeerUser), _: 'inputUser' };
  }

  /** Sends a text and returns its id. */
  async send(peer: tl.InputPeer, message: string, more: Partial<tl.messages.sendMessage> = {}): Promise<number> {
    const answer = await this.call<'messages.sendMessage'>({ _: 'messages.sendMessage', peer, message, random_id: systemRandom.int63(), ...more });
    return answer._ === 'updateShortSentMessage' ? answer.id : idOf(answer);
  }

  async sendMedia(peer: tl.InputPeer, media: tl.InputMedia): Promise<tl.Updates> {
    return this.call<'messages.sendMedia'>({ _: 'messages.sendMedia', peer, media, message: '', random_id: systemRandom.int63() });
  }

  async create(title: string, more: Partial<tl.channels.createChannel>): Promise<tl.channel> {
    const answer = (await this.call<'channels.createChannel'>({ _: 'channels.createChannel', title, about: '', ...more })) as tl.updates;
    return answer.chats.find((chat) => chat._ === 'channel')!;
  }

  /** How this person names a channel. */
  async find(channelId: bigint): Promise<tl.channel> {
    const { chats } = (await this.call<'messages.getDialogs'>({ _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: EMPTY, limit: 50, hash: 0n })) as tl.messages.dialogs;
    return chats.find((chat): chat is tl.channel => chat._ === 'channel' && chat.id === channelId)!;
  }
}

/** Signs up three people and makes their chats. @param tag makes names of bots and channels of this stage unique */
export async function stageForms(server: ServerInfo, world: World, tag: string): Promise<FormStage> {
  const signUp = (name: string): Promise<RawAccount> => RawAccount.signUp(server, { name, ...world.freshPhone() });
  const [ann, bob, carol] = [await signUp('Ann'), await signUp('Bob'), await signUp('Carol')];
  const [a, b, c] = [new Builder(ann), new Builder(bob), new Builder(carol)];
  const user = { bob: await a.user(bob), carol: await a.user(carol), self: { _: 'inputUserSelf' } as const };
  const ofBob = { ann: peerOf(await b.user(ann)) };
  const peer = { bob: peerOf(user.bob), carol: peerOf(user.carol), self: { _: 'inputPeerSelf' } as const };

  const texts: number[] = [];
  for (let n = 0; n < 6; n++) texts.push(await a.send(peer.bob, `private message ${n}${n === 2 ? ' https://example.org/a' : ''}`));
  await b.send(ofBob.ann, 'hello Ann');
  await pin(a, peer.bob, texts[1]!);
  await a.send(peer.self, 'saved note');
  await forward(a, peer.bob, texts[0]!, peer.self);
  const file_id = systemRandom.int63();
  await a.call<'upload.saveFilePart'>({ _: 'upload.saveFilePart', file_id, file_part: 0, bytes: Buffer.from('hello file '.repeat(40)) });
  const file: tl.inputFile = { _: 'inputFile', id: file_id, parts: 1, name: 'a.txt', md5_checksum: '' };
  const sentFile = await a.sendMedia(peer.bob, { _: 'inputMediaUploadedDocument', file, mime_type: 'text/plain', attributes: [{ _: 'documentAttributeFilename', file_name: 'a.txt' }] });
  const document = (messageOf(sentFile).media as tl.messageMediaDocument).document as tl.document;
  const live = idOf(await a.sendMedia(peer.bob, { _: 'inputMediaGeoLive', geo_point: { _: 'inputGeoPoint', lat: 1, long: 2 }, period: 900 }));

  const group = await createGroup(a, 'Basic', [user.bob, user.carol]);
  for (let n = 0; n < 3; n++) {
    const id = await a.send(group, `basic ${n}`);
    if (n === 0) await pin(a, group, id);
  }
  const left = await createGroup(a, 'left', [user.bob]);
  await a.send(left, 'before');
  await a.call<'messages.deleteChatUser'>({ _: 'messages.deleteChatUser', chat_id: left.chat_id, user_id: user.self });

  const supergroup = await a.create('S', { megagroup: true });
  await invite(a, supergroup, user.bob);
  const S = peerOfChannel(supergroup);
  const posts: number[] = [];
  for (let n = 0; n < 5; n++) posts.push(await a.send(S, `super ${n}`));
  await pin(a, S, posts[0]!);
  const reply = await a.send(S, 'reply in S', { reply_to: replyTo(posts[1]!) });
  const bobsS = peerOfChannel(await b.find(supergroup.id));
  const of_bob = await b.send(bobsS, 'from Bob');
  const [poll, takenBack] = [await vote(a, S), await vote(a, S)];

  const forum = await a.create('F', { megagroup: true, forum: true });
  await invite(a, forum, user.bob);
  const F = peerOfChannel(forum);
  const topic = async (title: string): Promise<number> => idOf(await a.call<'messages.createForumTopic'>({ _: 'messages.createForumTopic', peer: F, title, random_id: systemRandom.int63() }));
  const topics = { one: await topic('one'), two: await topic('two') };
  const in_topic = await a.send(F, 'in one', { reply_to: replyTo(topics.one) });
  await a.send(F, 'in two', { reply_to: replyTo(topics.two) });
  const in_general = await a.send(F, 'in general');
  for (const id of [in_topic, in_general]) await pin(a, F, id);

  const broadcast = await a.create('CH', { broadcast: true });
  const discussion = await a.create('D', { megagroup: true });
  await a.call<'channels.setDiscussionGroup'>({ _: 'channels.setDiscussionGroup', broadcast: inputOf(broadcast), group: inputOf(discussion) });
  const CH = peerOfChannel(broadcast);
  const post = await a.send(CH, 'post 1');
  await a.send(CH, 'post 2');
  // As the apps do, it is asked at once, and waits for the copy of the post.
  const { messages: [root] } = await a.call<'messages.getDiscussionMessage'>({ _: 'messages.getDiscussionMessage', peer: CH, msg_id: post });
  const comment = await a.send(peerOfChannel(discussion), 'comment', { reply_to: replyTo(root!.id) });
  await pin(a, CH, post);
  const forwarded_post = await forward(a, CH, post, S);

  const botfather = await resolve<tl.user>(a, 'BotFather');
  const bot = await makeBot(a, peerOfUser(botfather), `forms${tag}_bot`);
  const publics: Record<'public_channel' | 'public_group', { id: number; channel: tl.channel }> = {
    public_channel: await publish(a, c, await a.create('PC', { broadcast: true }), `pubch_${tag}`),
    public_group: await publish(a, c, await a.create('PG', { megagroup: true }), `pubgr_${tag}`),
  };
  const link = await a.call<'messages.exportChatInvite'>({ _: 'messages.exportChatInvite', peer: S });
  for (const id of [2, 3]) {
    const filter: tl.dialogFilter = { _: 'dialogFilter', id, title: { _: 'textWithEntities', text: `Folder ${id}`, entities: [] }, pinned_peers: [], include_peers: [peer.bob], exclude_peers: [] };
    await a.call<'messages.updateDialogFilter'>({ _: 'messages.updateDialogFilter', id, filter });
  }
  const { id: takeout } = await a.call<'account.initTakeoutSession'>({ _: 'account.initTakeoutSession', contacts: true, message_users: true, files: true, file_max_size: 8_388_608n });
  const state = await a.call<'updates.getState'>({ _: 'updates.getState' });
  const { dialogs, messages: tops } = (await a.call<'messages.getDialogs'>({ _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: EMPTY, limit: 50, hash: 0n })) as tl.messages.dialogs;
  const { top_message: topId } = dialogs.find((dialog): dialog is tl.dialog => dialog._ === 'dialog' && dialog.peer._ === 'peerChannel' && dialog.peer.channel_id === supergroup.id)!;
  const top = tops.find((message) => message.id === topId && 'peer_id' in message && message.peer_id?._ === 'peerChannel' && message.peer_id.channel_id === supergroup.id) as tl.message;
  const ofStranger = { bot: peerOfUser(await resolve<tl.user>(c, bot.username!)) };

  const channels = { supergroup, forum, broadcast, discussion, public_channel: publics.public_channel.channel, public_group: publics.public_group.channel };
  const { phone } = world.freshPhone();
  const hash = (link as tl.chatInviteExported).link;
  const values: Values = {
    peer: { ...peer, group, left_group: left, ...mapOf(channels, peerOfChannel), bot: peerOfUser(bot), bot_of_stranger: ofStranger.bot },
    peer_of_bob: { ...ofBob, supergroup: bobsS, forum: peerOfChannel(await b.find(forum.id)) },
    user: { ...user, bot: { ...peerOfUser(bot), _: 'inputUser' }, botfather: { ...peerOfUser(botfather), _: 'inputUser' } },
    channel: mapOf(channels, inputOf),
    user_id: { bob: bob.userId },
    group_id: { group: group.chat_id, left_group: left.chat_id },
    channel_id: mapOf(channels, ({ id }) => id),
    username: { bot: bot.username },
    topic: topics,
    id: {
      private: texts, document: messageOf(sentFile).id, live, supergroup: posts, reply, of_bob, poll, own_poll: takenBack, in_topic, in_general, post, root: root!.id, comment, forwarded_post,
      public_channel: publics.public_channel.id, public_group: publics.public_group.id,
    },
    document,
    link: hash,
    link_hash: hash.split('+').at(-1),
    takeout,
    state,
    place: { date: top.date, id: topId, peer: S },
    phone: { new: phone, spaced: `+${phone.slice(0, 3)} ${phone.slice(3)}` },
    now: () => Math.floor(Date.now() / 1000),
    random: () => systemRandom.int63(),
    // In the range that both sides of a key exchange demand.
    dh: new Uint8Array(256).fill(0x5a),
    zeros: { 32: new Uint8Array(32), 1000: new Uint8Array(1000), 524288: new Uint8Array(524_288) },
  };
  return { ann, bob, carol, values };
}

const peerOf = (user: tl.inputUser): tl.inputPeerUser => ({ ...user, _: 'inputPeerUser' });
const peerOfUser = ({ id, access_hash = 0n }: tl.user): tl.inputPeerUser => ({ _: 'inputPeerUser', user_id: id, access_hash });
const peerOfChannel = ({ id, access_hash = 0n }: tl.channel): tl.inputPeerChannel => ({ _: 'inputPeerChannel', channel_id: id, access_hash });
const inputOf = (channel: tl.channel): tl.inputChannel => ({ ...peerOfChannel(channel), _: 'inputChannel' });
const replyTo = (reply_to_msg_id: number): tl.inputReplyToMessage => ({ _: 'inputReplyToMessage', reply_to_msg_id });
const mapOf = <T>(channels: Record<string, tl.channel>, make: (channel: tl.channel) => T): Record<string, T> => Object.fromEntries(Object.entries(channels).map(([name, channel]) => [name, make(channel)]));

function idOf(answer: tl.Updates): number {
  return (answer as tl.updates).updates.find((update) => update._ === 'updateMessageID')!.id;
}

function messageOf(answer: tl.Updates): tl.message {
  const update = (answer as tl.updates).updates.find((one) => one._ === 'updateNewMessage' || one._ === 'updateNewChannelMessage');
  return update!.message as tl.message;
}

async function pin(a: Builder, peer: tl.InputPeer, id: number): Promise<void> {
  await a.call<'messages.updatePinnedMessage'>({ _: 'messages.updatePinnedMessage', peer, id });
}

async function forward(a: Builder, from_peer: tl.InputPeer, id: number, to_peer: tl.InputPeer): Promise<number> {
  return idOf(await a.call<'messages.forwardMessages'>({ _: 'messages.forwardMessages', from_peer, id: [id], random_id: [systemRandom.int63()], to_peer }));
}

async function invite(a: Builder, channel: tl.channel, user: tl.InputUser): Promise<void> {
  await a.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: inputOf(channel), users: [user] });
}

async function createGroup(a: Builder, title: string, users: tl.InputUser[]): Promise<tl.inputPeerChat> {
  const { updates } = await a.call<'messages.createChat'>({ _: 'messages.createChat', users, title });
  return { _: 'inputPeerChat', chat_id: (updates as tl.updates).chats[0]!.id };
}

async function resolve<T extends tl.user | tl.channel>(who: Builder, username: string): Promise<T> {
  const { users, chats } = await who.call<'contacts.resolveUsername'>({ _: 'contacts.resolveUsername', username });
  return [...chats, ...users][0] as T;
}

/** Gives a channel a name and a message, and finds it as somebody who is not in it. */
async function publish(a: Builder, stranger: Builder, channel: tl.channel, username: string): Promise<{ id: number; channel: tl.channel }> {
  await a.call<'channels.updateUsername'>({ _: 'channels.updateUsername', channel: inputOf(channel), username });
  const id = await a.send(peerOfChannel(channel), `public ${username}`);
  return { id, channel: await resolve<tl.channel>(stranger, username) };
}

/** Makes a bot in the chat with the BotFather. */
async function makeBot(a: Builder, father: tl.inputPeerUser, username: string): Promise<tl.user> {
  const newest = async (): Promise<tl.message> => {
    const { messages } = (await a.call<'messages.getHistory'>({ _: 'messages.getHistory', peer: father, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n })) as tl.messages.messages;
    return messages[0] as tl.message;
  };
  for (const text of ['/newbot', 'Form Bot', username]) {
    const id = await a.send(father, text);
    for (let looks = 0; (await newest()).id === id; looks++) if (looks === LOOKS) throw new Error(`the BotFather says nothing to ${text}`);
  }
  return resolve<tl.user>(a, username);
}

/** Sends a poll and votes in it. */
async function vote(a: Builder, peer: tl.InputPeer): Promise<number> {
  const id = idOf(await a.sendMedia(peer, pollOf('q')));
  await a.call<'messages.sendVote'>({ _: 'messages.sendVote', peer, msg_id: id, options: [Buffer.of(0)] });
  return id;
}

function pollOf(text: string): tl.inputMediaPoll {
  const words = (said: string): tl.textWithEntities => ({ _: 'textWithEntities', text: said, entities: [] });
  const answers = ['a0', 'a1'].map((said, n): tl.pollAnswer => ({ _: 'pollAnswer', text: words(said), option: Buffer.of(n) }));
  return { _: 'inputMediaPoll', poll: { _: 'poll', id: 0n, hash: 0n, public_voters: true, question: words(text), answers } };
}
