import { markPeer } from '@aerogram/cluster';
import { packMessageExtra } from '@aerogram/domain';
import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { loadSchema } from './random-schema.ts';
import { PeerPlaces } from './peer-places.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const schema = loadSchema();
const places = new PeerPlaces();

/** What is written below a post, and what is written in other threads and topics of the group. No answer may contain what the caller may not read. */
const COMMENT = 'secretcomment';
const HISTORY = 'secrethistory';
const WRITTEN = 'written by the caller';

/** Fields that name messages or threads. */
const IDS = new Set(['id', 'msg_id', 'reply_to_msg_id', 'top_msg_id', 'topics', 'topic_id', 'offset_id']);
/** Fields that name the group. */
const GROUPS = new Set(['channel', 'peer', 'from_peer', 'to_peer']);
/** These let the caller into a public group, which makes somebody else of the caller. */
const ENTERING = new Set(['channels.joinChannel']);

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

/** Who somebody is for the group; all but the members are told apart by what they could read. */
const KINDS = ['member', 'former', 'banned', 'commenter', 'stranger'] as const;
type Kind = (typeof KINDS)[number];

/** A discussion group with its channel, or a forum, which has none. */
interface Place {
  channelIsPublic: boolean;
  groupIsPublic: boolean;
  entry: 'free' | 'join_to_send' | 'join_request' | 'forum';
}

const PLACES: Place[] = [false, true].flatMap((groupIsPublic) => [
  ...[false, true].flatMap((channelIsPublic) => (['free', 'join_to_send', 'join_request'] as const).map((entry) => ({ channelIsPublic, groupIsPublic, entry }))),
  { channelIsPublic: false, groupIsPublic, entry: 'forum' },
]);

/** What is promised. */
const readsHistory = ({ groupIsPublic }: Place, kind: Kind): boolean => kind === 'member' || (groupIsPublic && kind !== 'banned');
const isReader = ({ channelIsPublic, entry }: Place, kind: Kind): boolean => entry !== 'forum' && kind !== 'banned' && (kind === 'commenter' || channelIsPublic);
const readsComments = (place: Place, kind: Kind): boolean => readsHistory(place, kind) || isReader(place, kind);
const writesComments = (place: Place, kind: Kind): boolean => kind === 'member' || (isReader(place, kind) && place.entry !== 'join_to_send');

const nameOf = ({ channelIsPublic, groupIsPublic, entry }: Place): string =>
  entry === 'forum' ? `a ${groupIsPublic ? 'public' : 'private'} forum` : `a ${groupIsPublic ? 'public' : 'private'} group (${entry}) of a ${channelIsPublic ? 'public' : 'private'} channel`;

/** Methods that name a group, whether with messages or without. */
const naming = methods.map(({ method }) => method).filter((method) => {
  const names = schema.methods.get(method)!.fields.some(({ name, type }) => GROUPS.has(name) && (type === 'InputPeer' || type === 'InputChannel'));
  return names && !ENTERING.has(method);
});

const text = (value: unknown): string => JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));

describe('the rights to read and write comments and topics', () => {
  let world: RpcWorld;
  let owner: Person;
  let people: Record<Kind, Person>;
  let randomId = 1n;
  let phones = 0;
  beforeAll(async () => {
    world = await createRpcWorld('comment-rights');
    people = { member: await signUp('Member'), former: await signUp('Former'), banned: await signUp('Banned'), commenter: await signUp('Commenter'), stranger: await signUp('Stranger') };
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const signUp = (name: string): Promise<Person> => world.signUp(`999664${String(++phones).padStart(4, '0')}`, name);
  const at = (id: bigint) => world.domain.channels.at(id);
  const by = ({ userId }: Person) => ({ actorId: userId, origin: undefined });
  const marked = (id: bigint): bigint => markPeer({ _: 'peerChannel', channel_id: id });

  async function create(kind: 'megagroup' | 'broadcast'): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: owner.userId, kind, title: kind, about: '', ttlPeriod: 0, randomId: ++randomId, origin: { authKeyId: owner.authKeyId, sessionId: 1n } });
    return -first.owner_id - 10n ** 12n;
  }

  /** Posts a text of the owner. */
  async function write(id: bigint, message: string, { replyTo, topicId }: { replyTo?: number; topicId?: number | undefined } = {}): Promise<number> {
    const reply = replyTo === undefined ? undefined : { msgId: replyTo, quote: undefined };
    const [row] = await at(id).posts.doSend({ ...by(owner), parts: [{ randomId: ++randomId, text: message, flags: 0, extra: {} }], reply, topicId, signature: '' });
    return row!.msg_id;
  }

  async function add(id: bigint, kinds: readonly Kind[]): Promise<void> {
    const rows = await Promise.all(kinds.map((kind) => world.domain.users.findRow(people[kind].userId)));
    await at(id).members.doInvite(by(owner), rows.map((row) => row!));
  }

  /** A group with something in a thread or topic that belongs to no post and something below a post. */
  async function stage(place: Place) {
    owner = await signUp('Owner');
    const groupId = await create('megagroup');
    await add(groupId, ['member', 'former', 'banned']);
    await at(groupId).members.doLeave(by(people.former));
    const rights: tl.chatBannedRights = { _: 'chatBannedRights', view_messages: true, until_date: 0 };
    await at(groupId).members.doEditBanned({ ...by(owner), userId: people.banned.userId, rights });
    if (place.groupIsPublic) await at(groupId).settings.doSetUsername(by(owner), `group_of_${phones}`);
    let [topicId, root, comment]: (number | undefined)[] = [];
    if (place.entry === 'forum') {
      await at(groupId).settings.doSetForum(by(owner), true, false);
      topicId = (await at(groupId).topics.doCreate({ ...by(owner), title: HISTORY, color: undefined, sendAs: undefined, randomId: ++randomId })).msg_id;
    } else {
      const channelId = await create('broadcast');
      await add(channelId, ['member', 'banned', 'commenter']);
      if (place.channelIsPublic) await at(channelId).settings.doSetUsername(by(owner), `channel_of_${phones}`);
      await world.domain.channels.discussions.doLink(by(owner), { channelId, groupId });
      root = await write(groupId, COMMENT);
      await markCopy(groupId, root, channelId, await write(channelId, 'a post'));
      comment = await write(groupId, COMMENT, { replyTo: root });
      if (place.entry === 'join_to_send') await at(groupId).settings.doSetJoinToSend(by(owner), true);
      if (place.entry === 'join_request') await at(groupId).settings.doSetJoinRequest(by(owner), true, false);
    }
    const history = await write(groupId, HISTORY, { topicId });
    const reply = await write(groupId, HISTORY, { replyTo: history, topicId });
    await at(groupId).posts.doPin({ ...by(owner), msgId: history, pinned: true, silent: true });
    return { groupId, history, reply, root, comment, topicId };
  }

  /** Makes a message look like the copy of a post. */
  async function markCopy(groupId: bigint, msgId: number, channelId: bigint, postId: number): Promise<void> {
    const peer: tl.Peer = { _: 'peerChannel', channel_id: channelId };
    const fwdFrom: tl.messageFwdHeader = { _: 'messageFwdHeader', from_id: peer, channel_post: postId, date: 1, saved_from_peer: peer, saved_from_msg_id: postId };
    await world.db.q.updateTable('channel_messages').set({ from_id: marked(channelId), extra: packMessageExtra({ fwdFrom }) }).where('channel_id', '=', groupId).where('msg_id', '=', msgId).execute();
  }

  /** A request with the group as its peers, these ids wherever messages are named, and the topic or thread wherever one is. */
  function requestOf(method: string, who: Person, groupId: bigint, ids: readonly number[]): tl.AnyMethod {
    const access_hash = world.domain.accessHashes.of('channel', who.userId, groupId);
    const [peer, channel] = [{ _: 'inputPeerChannel', channel_id: groupId, access_hash }, { _: 'inputChannel', channel_id: groupId, access_hash }];
    const request: Record<string, unknown> & { _: string } = places.of(method).find(({ path }) => GROUPS.has(path))!.make(peer);
    for (const { name, type, optional } of schema.methods.get(method)!.fields) {
      if (GROUPS.has(name) && (type === 'InputPeer' || type === 'InputChannel')) request[name] = type === 'InputPeer' ? peer : channel;
      if (name === 'offset_id') request[name] = 0;
      else if (IDS.has(name) && (!optional || name === 'top_msg_id') && /^(int|Vector<int>|Vector<InputMessage>)$/.test(type)) request[name] = type === 'int' ? ids[0] : type === 'Vector<int>' ? ids : [...ids.flatMap((id) => [{ _: 'inputMessageID', id }, { _: 'inputMessageReplyTo', id }]), { _: 'inputMessagePinned' }];
      if (name === 'random_id') request[name] = type === 'int' ? 1 : type === 'long' ? world.random.int63() : ids.map(() => world.random.int63());
      if (type === 'InputReplyTo') request[name] = { _: 'inputReplyToMessage', reply_to_msg_id: ids[0] };
      if (name === 'limit') request[name] = 50;
      if (name === 'q') request[name] = 'secret';
      if (name === 'message') request[name] = WRITTEN;
      if (name === 'participant') request[name] = { _: 'inputPeerSelf' };
    }
    return request as unknown as tl.AnyMethod;
  }

  /** Requests that take something out of the group into the caller's own chat. */
  function takingOut(who: Person, groupId: bigint, ids: readonly number[]): tl.AnyMethod[] {
    const peer: tl.InputPeer = { _: 'inputPeerChannel', channel_id: groupId, access_hash: world.domain.accessHashes.of('channel', who.userId, groupId) };
    const self: tl.InputPeer = { _: 'inputPeerSelf' };
    return [
      { _: 'messages.forwardMessages', from_peer: peer, to_peer: self, id: [...ids], random_id: ids.map(() => world.random.int63()) },
      { _: 'messages.sendMessage', peer: self, message: WRITTEN, random_id: world.random.int63(), reply_to: { _: 'inputReplyToMessage', reply_to_peer_id: peer, reply_to_msg_id: ids[0]! } },
    ];
  }

  const readPosts = (groupId: bigint) => world.db.q.selectFrom('channel_messages').selectAll().where('channel_id', '=', groupId).orderBy('msg_id').execute();

  async function ask(who: Person, request: tl.AnyMethod): Promise<{ error: string | undefined; answer: string }> {
    const { error, body } = await world.call(who.authKeyId, request);
    if (error !== undefined) return { error, answer: '' };
    return { error, answer: text(readResult(new TlReader(body), METHODS[request._].result)) };
  }

  describe.each(PLACES)('$groupIsPublic $channelIsPublic $entry', (place) => {
    let stood: Awaited<ReturnType<typeof stage>>;
    beforeAll(async () => {
      stood = await stage(place);
    });

    it.each(KINDS)(`%s: ${nameOf(place)}`, async (kind) => {
      const { groupId, history, reply, root, comment } = stood;
      const who = people[kind];
      const before = await readPosts(groupId);
      const targets = [[reply, history], ...(comment === undefined ? [] : [[comment, root!]])];
      const wrong: string[] = [];
      // Members may do too much to try all of it.
      for (const method of kind === 'member' ? [] : naming) {
        for (const ids of targets) {
          for (const request of method === 'messages.forwardMessages' ? [requestOf(method, who, groupId, ids), ...takingOut(who, groupId, ids)] : [requestOf(method, who, groupId, ids)]) {
            const { error, answer } = await ask(who, request);
            const isLeak = (answer.includes(HISTORY) && !readsHistory(place, kind)) || (answer.includes(COMMENT) && !readsComments(place, kind));
            if (isLeak || /^(INTERNAL|METHOD_INVALID|INPUT_|AUTH_KEY)/.test(error ?? '')) wrong.push(`${text(request)}: ${error ?? answer}`);
          }
        }
      }
      const dialog = await ask(who, { _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: requestPeer(who, groupId) }] });
      if (dialog.answer.includes(HISTORY) && !readsHistory(place, kind)) wrong.push(dialog.answer);
      expect(wrong).toEqual([]);
      const after = await readPosts(groupId);
      expect(after.filter(({ msg_id }) => before.some((post) => post.msg_id === msg_id))).toEqual(before);
      const added = after.filter(({ msg_id }) => !before.some((post) => post.msg_id === msg_id));
      expect(added.filter((post) => post.top_id !== root || post.poster_id !== who.userId)).toEqual([]);
      if (kind !== 'member') expect(added.length > 0).toBe(writesComments(place, kind));
      // What is allowed works.
      const listed = (msgId: number) => ask(who, { _: 'messages.getReplies', ...WINDOW, peer: requestPeer(who, groupId), msg_id: msgId });
      expect((await listed(history)).error === undefined, 'the replies to a message').toBe(readsHistory(place, kind));
      if (root === undefined) return;
      expect((await listed(root)).answer.includes(COMMENT), 'the comments').toBe(readsComments(place, kind));
      // Clients ask for these before they let somebody write.
      const { access_hash } = requestPeer(who, groupId);
      const full = await ask(who, { _: 'channels.getFullChannel', channel: { _: 'inputChannel', channel_id: groupId, access_hash } });
      expect([dialog.error === undefined, full.error === undefined]).toEqual([readsComments(place, kind), readsComments(place, kind)]);
      const shown = await ask(who, { _: 'messages.getDiscussionMessage', peer: requestPeer(who, groupId), msg_id: comment! });
      expect(shown.error === undefined).toBe(readsComments(place, kind));
      const sent = await ask(who, { _: 'messages.sendMessage', peer: requestPeer(who, groupId), message: WRITTEN, random_id: world.random.int63(), reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: comment! } });
      expect(sent.error === undefined, sent.error).toBe(writesComments(place, kind));
    });
  });

  const WINDOW = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 50, max_id: 0, min_id: 0, hash: 0n };
  const requestPeer = (who: Person, groupId: bigint): tl.inputPeerChannel => ({ _: 'inputPeerChannel', channel_id: groupId, access_hash: world.domain.accessHashes.of('channel', who.userId, groupId) });

  it('are tried with the methods in question', () => {
    for (const method of ['channels.deleteMessages', 'channels.getFullChannel', 'channels.getMessages', 'messages.editMessage', 'messages.getHistory', 'messages.getReplies', 'messages.search', 'updates.getChannelDifference']) {
      expect(naming).toContain(method);
    }
  });
});
