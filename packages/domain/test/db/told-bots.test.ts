import { seededRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { beforeAll, describe, expect, it } from 'vitest';

import type { ResolvedChat } from '../../src/access/index.ts';
import { doMakeBot } from '../../src/bots/index.ts';
import { type MessageRow, onUserHint, type PostRow, type UserHint } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { QUOTAS } from '../../src/shared/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { stageChannels } from './channel-stage.ts';
import { proverOf } from './password-client.ts';

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const PEOPLE = 8;

describe('bots are told', () => {
  const stage = stageChannels(Array.from({ length: PEOPLE }, (_, n) => `Person ${n}`));
  const { person, by, at, peerOf, nextRandomId } = stage;
  const random = seededRandom('told-bots');
  let world: World;
  beforeAll(() => void ({ world } = stage));

  async function makeBot(username: string): Promise<UserRow> {
    const maker = { db: world.db, clock: world.clock, random, keys: { wrap: (bytes: Uint8Array) => bytes }, config: { homeDcId: 2, botsPerOwnerMax: 20 } };
    const { botId } = await doMakeBot(maker, { name: username, username, ownerId: undefined });
    return (await world.domain.users.findRow(botId))!;
  }

  /** Makes a bot an admin of a channel. */
  const promote = (channelId: bigint, bot: UserRow) =>
    at(channelId).members.doEditAdmin({ ...by(0), userId: bot.user_id, rights: { _: 'chatAdminRights', delete_messages: true, post_messages: true }, rank: '' }, bot);

  const everybody = Array.from({ length: PEOPLE - 1 }, (_, n) => n + 1);

  /** A poll of a bot in a channel. */
  async function ask(channelId: bigint, bot: UserRow, more: Partial<tl.poll>): Promise<{ msgId: number; poll: tl.poll }> {
    const answers = ['yes', 'no'].map((text): tl.inputPollAnswer => ({ _: 'inputPollAnswer', text: words(text) }));
    const poll: tl.poll = { _: 'poll', id: 0n, question: words('Here?'), answers, hash: 0n, ...more };
    const input: tl.inputMediaPoll = { _: 'inputMediaPoll', poll };
    const media = await world.domain.polls.doCreate({ creatorId: bot.user_id, placeId: peerOf(channelId), input, solution: undefined, kind: 'group', sendDate: world.clock.now() });
    const [post] = await at(channelId).posts.doSend({ ...by(0), actorId: bot.user_id, parts: [{ randomId: nextRandomId(), text: '', flags: 0, extra: { media } }], reply: undefined, signature: '' });
    return { msgId: post!.msg_id, poll: media.poll };
  }

  const vote = (n: number, channelId: bigint, msgId: number, ...places: number[]) =>
    world.domain.polls.doVote({ viewerId: person(n), peerId: peerOf(channelId), msgId, options: places.map((place) => Buffer.from(String(place))) });

  const post = async (n: number, channelId: bigint): Promise<PostRow> =>
    (await at(channelId).posts.doSend({ ...by(n), parts: [{ randomId: nextRandomId(), text: 'look', flags: 0, extra: {} }], reply: undefined, signature: '' }))[0]!;

  const react = (n: number, channelId: bigint, msgId: number, ...emoticons: string[]) => at(channelId).reactions.doReact({ ...by(n), msgId, emoticons, big: false, addsToRecent: false });

  /** Lets time pass, and runs all jobs, each as if the server had been killed after it. */
  async function settle(): Promise<void> {
    await world.db.q.updateTable('jobs').set({ run_ms: 0n }).execute();
    await world.runJobs('repeat');
  }

  /** The updates in the box of a bot, oldest first. */
  async function toldTo({ user_id }: UserRow): Promise<tl.Update[]> {
    const { events } = await world.domain.updates.listEventsSince(user_id, { pts: 1, loosePts: 1, looseSeq: 0 }, 500);
    return events.flatMap((event) => (event.kind === 'update' ? [event.update] : [])).filter(({ _ }) => /^update(MessagePoll|BotMessageReaction)/.test(_));
  }

  it('of many votes in their polls: each vote in a public one once and in order, and the totals at most once a second', async () => {
    const bot = await makeBot('asking_bot');
    const group = await stage.create({ kind: 'megagroup', members: everybody });
    await promote(group, bot);
    const open = await ask(group, bot, { public_voters: true });
    const secret = await ask(group, bot, {});
    const orders = async () => (await world.db.q.selectFrom('jobs').select(['run_ms', 'created_date']).where('kind', '=', 'tell-bot-of-poll').execute()).map(({ run_ms, created_date }) => Number(run_ms) - created_date * 1000);
    const pushed: tl.Update[] = [];
    const hear = ({ kind, ...hint }: UserHint): void => void (kind === 'transient' && 'update' in hint && pushed.push(hint.update));
    using _own = onUserHint(world.bus, bot.user_id, hear);
    await Promise.all(everybody.flatMap((n) => [vote(n, group, open.msgId, 0), vote(n, group, secret.msgId, n % 2)]));
    await vote(1, group, open.msgId, 1);
    await vote(2, group, open.msgId);
    // The same once more is no news.
    await vote(2, group, open.msgId);
    const waits = await orders();
    expect(waits).toHaveLength(2);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(1000);
    await settle();
    const told = await toldTo(bot);
    const votes = told.filter((update) => update._ === 'updateMessagePollVote');
    expect(votes.every(({ poll_id }) => poll_id === open.poll.id)).toBe(true);
    expect(votes).toHaveLength(everybody.length + 2);
    expect(votes.map(({ qts }) => qts)).toEqual(votes.map((_, n) => votes[0]!.qts + n));
    expect(votes.slice(-2)).toMatchObject([{ peer: { user_id: person(1) }, positions: [1] }, { peer: { user_id: person(2) }, positions: [], options: [] }]);
    expect(told.filter((update) => update._ === 'updateMessagePoll')).toMatchObject([open, secret].map(({ poll }) => ({ poll_id: poll.id, poll: { id: poll.id, creator: true }, results: { total_voters: poll === open.poll ? everybody.length - 1 : everybody.length } })));
    expect(pushed).toEqual([]);
    await vote(3, group, secret.msgId);
    expect(await orders()).toHaveLength(1);
    await settle();
    expect((await toldTo(bot)).at(-1)).toMatchObject({ poll_id: secret.poll.id, results: { total_voters: everybody.length - 1 } });
  });

  it('of a vote that one person changes again and again a number of times only', async () => {
    const bot = await makeBot('busy_bot');
    const group = await stage.create({ kind: 'megagroup', members: everybody });
    await promote(group, bot);
    const { msgId } = await ask(group, bot, { public_voters: true });
    const { capacity } = QUOTAS.votesToldToBot;
    for (let n = 0; n < capacity; n++) await vote(1, group, msgId, n % 2);
    const last = (capacity - 1) % 2;
    expect(await errorOf(vote(1, group, msgId, 1 - last))).toMatch(/^FLOOD_WAIT_/);
    // A repeat changes nothing and costs nothing; others, and other polls, are not concerned.
    await vote(1, group, msgId, last);
    await vote(2, group, msgId, 0);
    await vote(1, group, (await ask(group, bot, {})).msgId, 0);
    await settle();
    expect((await toldTo(bot)).filter(({ _ }) => _ === 'updateMessagePollVote')).toHaveLength(capacity + 1);
    await world.clock.advance(61_000);
    await vote(1, group, msgId, 1 - last);
  });

  it('that the vote of an account which is deleted is gone', async () => {
    const bot = await makeBot('sad_bot');
    const group = await stage.create({ kind: 'megagroup', members: everybody });
    await promote(group, bot);
    const { msgId } = await ask(group, bot, { public_voters: true });
    const gone = await world.signUp('9996690099', 'Gone');
    await at(group).members.doInvite(by(0), [(await world.domain.users.findRow(gone.userId))!]);
    await world.domain.polls.doVote({ viewerId: gone.userId, peerId: peerOf(group), msgId, options: [Buffer.from('0')] });
    await settle();
    await world.domain.auth.doDeleteAccount(proverOf(gone.key), undefined);
    await settle();
    await settle();
    expect(await toldTo(bot)).toMatchObject([{ positions: [0] }, { results: { total_voters: 1 } }, { peer: { user_id: gone.userId }, positions: [] }, { results: { total_voters: 0 } }]);
  });

  it('and authors of what is new, and rows are deleted, although the jobs for that failed often', () => {
    const kinds = ['tell-bot-of-poll', 'tell-bots-of-reactions', 'purge-poll', 'settle-unread-votes', 'unseen-votes-again', 'settle-unseen-reactions', 'unseen-reactions-again', 'drop-reactions', 'check-reactions'];
    for (const name of kinds) expect([name, world.domain.jobKinds.find(({ kind }) => kind === name)?.maxAttempts]).toEqual([name, Infinity]);
  });

  it('of a poll although telling it failed often, unless they are deleted', async () => {
    const bot = await makeBot('gone_bot');
    const group = await stage.create({ kind: 'megagroup', members: everybody });
    await promote(group, bot);
    const { msgId } = await ask(group, bot, { public_voters: true });
    await vote(1, group, msgId, 0);
    await world.domain.auth.doDeleteBot(undefined, bot.user_id);
    await settle();
    const logged = async (): Promise<number> => (await world.db.q.selectFrom('update_log').select('pts').where('owner_id', '=', bot.user_id).execute()).length;
    // Nobody would ever take away what comes now.
    const before = await logged();
    await Promise.all([2, 3, 4].map((n) => vote(n, group, msgId, 1)));
    await settle();
    await vote(5, group, msgId, 1);
    await settle();
    expect(await logged()).toBe(before);
    expect(await world.db.q.selectFrom('jobs').select('kind').where('owner_id', '=', bot.user_id).execute()).toEqual([]);
    expect(await world.db.q.selectFrom('bot_effects').select('bot_id').where('bot_id', '=', bot.user_id).execute()).toEqual([]);
  });

  it('nothing of the polls of people, wherever these are', async () => {
    const bot = await makeBot('curious_bot');
    const group = await stage.create({ kind: 'megagroup', members: everybody });
    await promote(group, bot);
    const { msgId } = await ask(group, (await world.domain.users.findRow(person(0)))!, { public_voters: true });
    await vote(1, group, msgId, 0);
    await settle();
    expect(await toldTo(bot)).toEqual([]);
  });

  it('of reactions to messages that they see, if they are admins, also when these are taken back', async () => {
    const [early, late] = [await makeBot('early_bot'), await makeBot('late_bot')];
    const group = await stage.create({ kind: 'megagroup', members: everybody });
    await promote(group, early);
    const { msg_id: msgId } = await post(1, group);
    await promote(group, late);
    await Promise.all(everybody.map((n) => react(n, group, msgId, '👍')));
    await react(1, group, msgId, '🔥');
    await react(1, group, msgId, '🔥');
    await settle();
    const told = await toldTo(early);
    expect(told).toHaveLength(everybody.length + 1);
    expect(told.at(-1)).toMatchObject({ _: 'updateBotMessageReaction', actor: { user_id: person(1) }, old_reactions: [{ emoticon: '👍' }], new_reactions: [{ emoticon: '🔥' }] });
    await at(group).reactions.doTakeBackAll(by(0), person(2));
    await settle();
    expect((await toldTo(early)).slice(told.length)).toMatchObject([{ actor: { user_id: person(2) }, old_reactions: [{ emoticon: '👍' }], new_reactions: [] }]);
    // The message was written before it became an admin, who sees it all the same.
    expect(await toldTo(late)).toHaveLength(told.length + 1);
    await react(3, group, (await post(1, group)).msg_id, '👏');
    await settle();
    expect((await toldTo(late)).slice(told.length + 1)).toMatchObject([{ new_reactions: [{ emoticon: '👏' }] }]);
    // Neither bot hears what the devices of people are told.
    const reactions: tl.updateMessageReactions = { _: 'updateMessageReactions', peer: { _: 'peerChannel', channel_id: group }, msg_id: msgId, reactions: { _: 'messageReactions', min: true, results: [] } };
    const poll: tl.updateMessagePoll = { _: 'updateMessagePoll', peer: { _: 'peerChannel', channel_id: group }, msg_id: msgId, poll_id: 1n, results: { _: 'pollResults', min: true } };
    for (const update of [reactions, poll]) {
      expect(await world.domain.channelUpdates.projectTransient(early.user_id, peerOf(group), update)).toBeUndefined();
      expect(await world.domain.channelUpdates.projectTransient(person(1), peerOf(group), update)).toBeDefined();
    }
  });

  it('in basic groups as well, if they are admins, by the ids of their own copies and of messages that they have', async () => {
    const [admin, plain] = [await makeBot('group_admin_bot'), await makeBot('group_plain_bot')];
    const { groups, messages, peers, postReactions } = world.domain;
    const { notice } = await groups.doCreate({ creatorId: person(0), title: 'A group', users: stage.people.slice(1, 3), ttlPeriod: 0, randomId: nextRandomId(), origin: by(0).origin });
    const peerId = notice!.peer_id;
    const chatId = -peerId;
    const inChat = { ...by(0), chatId };
    const sendIn = async (n: number): Promise<MessageRow> => {
      const peer = (await peers.accessInputPeer(person(n), { _: 'inputPeerChat', chat_id: chatId })) as ResolvedChat;
      const options = { silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined, reply: undefined };
      return messages.doSendText(peer, { senderId: person(n), randomId: nextRandomId(), text: { text: 'look', entities: [] }, ...options });
    };
    const copyOf = (owner: bigint, { global_id }: MessageRow): Promise<MessageRow | undefined> =>
      world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).where('global_id', '=', global_id).executeTakeFirst();
    const reactIn = async (owner: bigint, row: MessageRow, ...emoticons: string[]) =>
      postReactions.openGroup(peerId).doReact({ ...by(0), actorId: owner, msgId: (await copyOf(owner, row))!.msg_id, emoticons, big: false, addsToRecent: false });
    for (const bot of [admin, plain]) await groups.doAddUser(inChat, bot, 0);
    const early = await sendIn(1);
    await groups.doEditAdmin(inChat, admin.user_id, true);
    const row = await sendIn(1);
    const own = (await copyOf(admin.user_id, row))!;
    expect(own.msg_id).not.toBe(row.msg_id);
    expect(await copyOf(admin.user_id, early)).toBeUndefined();
    await reactIn(person(0), early, '👍');
    await reactIn(person(2), row, '👍');
    await reactIn(person(2), row, '🔥');
    await reactIn(admin.user_id, row, '👏');
    await settle();
    const place = { _: 'updateBotMessageReaction', peer: { chat_id: chatId }, msg_id: own.msg_id, actor: { user_id: person(2) } };
    await groups.doEditAdmin(inChat, plain.user_id, true);
    const later = await sendIn(1);
    await reactIn(plain.user_id, later, '👍');
    await groups.doRemoveUser(inChat, plain.user_id, false);
    await postReactions.openGroup(peerId).doTakeBackAll(by(0), plain.user_id);
    await settle();
    const told = [{ ...place, old_reactions: [], new_reactions: [{ emoticon: '👍' }] }, { ...place, old_reactions: [{ emoticon: '👍' }], new_reactions: [{ emoticon: '🔥' }] }];
    expect(await toldTo(admin)).toMatchObject(told);
    await postReactions.openGroup(peerId).doTakeBackAll(by(0), person(2));
    await settle();
    expect(await toldTo(admin)).toMatchObject([...told, { ...place, old_reactions: [{ emoticon: '🔥' }], new_reactions: [] }]);
    await groups.doEditAdmin(inChat, admin.user_id, false);
    await reactIn(person(2), row, '👍');
    await groups.doRemoveUser(inChat, admin.user_id, false);
    await reactIn(person(0), row, '👍');
    await settle();
    expect(await toldTo(admin)).toHaveLength(told.length + 1);
    expect(await toldTo(plain)).toEqual([]);
  });

  it('of the totals in channels, once for many reactions', async () => {
    const bot = await makeBot('counting_bot');
    const channel = await stage.create({ kind: 'broadcast', members: everybody });
    await promote(channel, bot);
    const { msg_id: msgId } = await post(0, channel);
    await settle();
    await Promise.all(everybody.map((n) => react(n, channel, msgId, n === 1 ? '🔥' : '👍')));
    expect(await world.db.q.selectFrom('jobs').select('kind').where('kind', 'in', ['tell-bots-of-reactions', 'bot-effects']).execute()).toEqual([{ kind: 'tell-bots-of-reactions' }]);
    await settle();
    const reactions = [{ reaction: { emoticon: '👍' }, count: everybody.length - 1 }, { reaction: { emoticon: '🔥' }, count: 1 }];
    const told = await toldTo(bot);
    expect(told).toMatchObject([{ _: 'updateBotMessageReactions', msg_id: msgId, reactions }]);
    await react(1, channel, msgId);
    await settle();
    expect((await toldTo(bot)).slice(1)).toMatchObject([{ reactions: [{ count: everybody.length - 1 }] }]);
    await settle();
    expect(await toldTo(bot)).toHaveLength(2);
  });
});
