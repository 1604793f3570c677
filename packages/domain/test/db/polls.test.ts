import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { silentLogger } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';
import { listMessagesOfDocument } from '../../src/documents/index.ts';
import { onChannelHint, onUserHint, type UserHint } from '../../src/events/index.ts';
import { createPollReaders } from '../../src/poll-readers.ts';
import type { AnswerChange } from '../../src/polls/index.ts';
import { listPollPlaces } from '../../src/polls/poll-store.ts';
import { PollTeller } from '../../src/polls/tell-polls.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';
import { proverOf } from './password-client.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const DAY_S = 86_400;

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const option = (at: number): Uint8Array => Buffer.from(String(at));

/** What a client sends for a poll with three answers. */
function pollInput(more: Partial<tl.poll> = {}, correct?: number[]): tl.inputMediaPoll {
  const answers = ['red', 'green', 'blue'].map((text): tl.inputPollAnswer => ({ _: 'inputPollAnswer', text: words(text) }));
  return { _: 'inputMediaPoll', poll: { _: 'poll', id: 0n, question: words('Which colour?'), answers, hash: 0n, ...more }, correct_answers: correct };
}

describe('polls', () => {
  let world: World;
  let people: UserRow[];
  let channelId = 0n;
  let randomId = 1n;
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, 12);
    const { first } = await world.domain.channels.doCreate({ creatorId: person(0), kind: 'megagroup', title: 'Votes', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    channelId = -first.owner_id - 10n ** 12n;
    await world.domain.channels.at(channelId).members.doInvite({ actorId: person(0), origin: ORIGIN }, people.slice(1));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const peerId = (): bigint => markPeer({ _: 'peerChannel', channel_id: channelId });

  async function send(input: tl.inputMediaPoll, more: { sendDate?: number; solution?: string } = {}): Promise<{ msgId: number; media: tl.messageMediaPoll }> {
    const solution = more.solution === undefined ? undefined : { text: more.solution, entities: [] };
    const media = await world.domain.polls.doCreate({ creatorId: person(0), placeId: peerId(), input, solution, kind: 'group', sendDate: more.sendDate ?? world.clock.now() });
    const [post] = await world.domain.channels.at(channelId).posts.doSend({ actorId: person(0), origin: ORIGIN, parts: [{ randomId: ++randomId, text: '', flags: 0, extra: { media } }], reply: undefined, signature: '' });
    return { msgId: post!.msg_id, media };
  }

  const vote = (n: number, msgId: number, ...places: number[]): Promise<tl.updateMessagePoll> => world.domain.polls.doVote({ viewerId: person(n), peerId: peerId(), msgId, options: places.map(option) });
  const results = async (n: number, msgId: number): Promise<tl.updateMessagePoll> => world.domain.polls.findResults({ viewerId: person(n), peerId: peerId(), msgId }, 0n);

  /** The stored totals, and those that a recount of the votes gives. */
  async function totalsOf(pollId: bigint): Promise<{ stored: number[]; counted: number[] }> {
    const poll = await world.db.q.selectFrom('polls').select(['totals', 'total_voters']).where('poll_id', '=', pollId).executeTakeFirstOrThrow();
    const votes = await world.db.q.selectFrom('poll_votes').select('chosen').where('poll_id', '=', pollId).execute();
    const counted = poll.totals.map((_, at) => votes.filter(({ chosen }) => ((chosen >> BigInt(at)) & 1n) === 1n).length);
    return { stored: [...poll.totals, poll.total_voters], counted: [...counted, votes.length] };
  }

  it('get options from the server, and keep those that a client made', async () => {
    const { media } = await send(pollInput({ answers: [{ _: 'pollAnswer', text: words(' one\nline '), option: option(0) }, { _: 'inputPollAnswer', text: words('other') }] }));
    expect(media.poll.answers).toMatchObject([{ _: 'pollAnswer', text: { text: 'one line' }, option: option(0) }, { text: { text: 'other' }, option: option(1) }]);
  });

  it.each([
    ['POLL_QUESTION_INVALID', pollInput({ question: words(' ') })],
    ['POLL_QUESTION_INVALID', pollInput({ question: words('q'.repeat(301)) })],
    ['POLL_ANSWERS_INVALID', pollInput({ answers: [] })],
    ['POLL_ANSWERS_INVALID', pollInput({ answers: Array.from({ length: 13 }, () => ({ _: 'inputPollAnswer', text: words('a') })) })],
    ['POLL_ANSWER_INVALID', pollInput({ answers: [{ _: 'inputPollAnswer', text: words('a'.repeat(101)) }] })],
    ['POLL_OPTION_INVALID', pollInput({ answers: [{ _: 'pollAnswer', text: words('a'), option: new Uint8Array() }] })],
    ['POLL_OPTION_INVALID', pollInput({ answers: [{ _: 'pollAnswer', text: words('a'), option: new Uint8Array([0xff]) }] })],
    ['POLL_OPTION_DUPLICATE', pollInput({ answers: ['a', 'b'].map((text) => ({ _: 'pollAnswer', text: words(text), option: option(7) })) })],
    ['POLL_UNSUPPORTED', pollInput({ countries_iso2: ['DE'] })],
    ['POLL_UNSUPPORTED', pollInput({ subscribers_only: true })],
    ['QUIZ_CORRECT_ANSWERS_EMPTY', pollInput({ quiz: true })],
    ['QUIZ_CORRECT_ANSWERS_TOO_MUCH', pollInput({ quiz: true }, [0, 1])],
    ['QUIZ_CORRECT_ANSWER_INVALID', pollInput({ quiz: true }, [3])],
    ['MEDIA_INVALID', pollInput({ close_period: 4 })],
    ['MEDIA_INVALID', pollInput({ close_date: 1 })],
    ['MEDIA_INVALID', { ...pollInput(), attached_media: { _: 'inputMediaEmpty' } }],
    ['MEDIA_INVALID', { ...pollInput({ quiz: true }, [0]), solution_media: { _: 'inputMediaEmpty' } }],
    ['MEDIA_INVALID', pollInput({ answers: [{ _: 'inputPollAnswer', text: words('a'), media: { _: 'inputMediaEmpty' } }] })],
  ] satisfies [string, tl.inputMediaPoll][])('are refused with %s (%#)', async (error, input) => {
    expect(await errorOf(send(input))).toBe(error);
  });

  it('count votes of many at once, each person once, with changes, repeats and refusals in between', async () => {
    const { msgId, media: { poll } } = await send(pollInput({ multiple_choice: true, public_voters: true }));
    const [before] = [await totalsOf(poll.id)];
    expect(before.stored).toEqual([0, 0, 0, 0]);
    const calls = people.flatMap((_, n) => [vote(n, msgId, n % 3), vote(n, msgId, (n + 1) % 3, 0), vote(n, msgId, (n + 1) % 3, 0), ...(n % 4 === 0 ? [vote(n, msgId)] : [])]);
    await Promise.all([...calls, ...people.map((_, n) => errorOf(vote(n, msgId, 9)).then((error) => expect(error).toBe('OPTION_INVALID')))]);
    const { stored, counted } = await totalsOf(poll.id);
    expect(stored).toEqual(counted);
    expect(stored[3]).toBe(9);
    const shown = await results(1, msgId);
    expect(shown.results).toMatchObject({ total_voters: 9, results: [{ chosen: true, voters: stored[0] }, { voters: stored[1] }, { chosen: true, voters: stored[2] }] });
    expect(shown.results.recent_voters).toHaveLength(3);
  });

  it('change nothing when a vote is repeated, and tell it to nobody', async () => {
    const { msgId, media: { poll } } = await send(pollInput());
    await vote(1, msgId, 2);
    const version = async () => (await world.db.q.selectFrom('polls').select('version').where('poll_id', '=', poll.id).executeTakeFirstOrThrow()).version;
    const first = await version();
    expect((await vote(1, msgId, 2)).results.results?.[2]).toMatchObject({ chosen: true, voters: 1 });
    expect(await version()).toBe(first);
    expect(await errorOf(vote(1, msgId, 0, 1))).toBe('OPTIONS_TOO_MUCH');
    expect((await vote(1, msgId)).results.total_voters).toBe(0);
    expect(await totalsOf(poll.id)).toEqual({ stored: [0, 0, 0, 0], counted: [0, 0, 0, 0] });
  });

  it('of a quiz tell the answer and the solution to those only who have voted, whose vote stands', async () => {
    const { msgId, media } = await send(pollInput({ quiz: true }, [1]), { solution: 'It is green.' });
    expect(JSON.stringify(media, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(/It is green|correct/);
    expect((await results(2, msgId)).results).not.toHaveProperty('solution');
    expect((await results(2, msgId)).results.results?.some(({ correct }) => correct)).toBe(false);
    expect((await vote(2, msgId, 0)).results).toMatchObject({ solution: 'It is green.', results: [{ chosen: true }, { correct: true }, {}] });
    expect(await errorOf(vote(2, msgId, 1))).toBe('REVOTE_NOT_ALLOWED');
    expect(await errorOf(vote(2, msgId))).toBe('REVOTE_NOT_ALLOWED');
    expect((await results(3, msgId)).results).not.toHaveProperty('solution');
  });

  it('that hide their results show them when they are closed', async () => {
    const { msgId, media } = await send(pollInput({ hide_results_until_close: true, public_voters: true, revoting_disabled: true }));
    await vote(1, msgId, 1);
    expect(await errorOf(vote(1, msgId, 2))).toBe('REVOTE_NOT_ALLOWED');
    expect((await results(2, msgId)).results).toMatchObject({ results: [], total_voters: 1 });
    const own = (await results(1, msgId)).results;
    expect(own.results).toMatchObject([{}, { chosen: true }, {}]);
    expect(own.results?.every(({ voters }) => voters === undefined)).toBe(true);
    expect(own.recent_voters).toBeUndefined();
    const window = { option: undefined, offset: '', limit: 10, isBroadcast: false };
    expect(await errorOf(world.domain.polls.listVotes({ viewerId: person(1), peerId: peerId(), msgId }, window))).toBe('POLL_VOTE_REQUIRED');
    await world.db.transact('close', (tx) => world.domain.polls.closeIn(tx, media, { actorId: person(0) }));
    expect((await results(2, msgId)).results).toMatchObject({ results: [{ voters: 0 }, { voters: 1 }, { voters: 0 }] });
    expect(await errorOf(vote(2, msgId, 1))).toBe('MESSAGE_POLL_CLOSED');
  });

  it('list who voted, page by page and for one answer, to those who have voted', async () => {
    const { msgId } = await send(pollInput({ public_voters: true, multiple_choice: true }));
    for (let n = 1; n <= 5; n++) await vote(n, msgId, ...(n % 2 === 0 ? [0] : [0, 2]));
    const list = (n: number, offset: string, limit: number, at?: number) => world.domain.polls.listVotes({ viewerId: person(n), peerId: peerId(), msgId }, { option: at === undefined ? undefined : option(at), offset, limit, isBroadcast: false });
    const seen: bigint[] = [];
    for (let offset: string | undefined = ''; offset !== undefined; ) {
      const page = await list(1, offset, 2);
      expect(page.count).toBe(5);
      seen.push(...page.votes.map(({ peer }) => markPeer(peer)));
      offset = page.nextOffset;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(new Set([1, 2, 3, 4, 5].map(person)));
    expect(await list(1, '', 10, 2)).toMatchObject({ count: 3, votes: [1, 2, 3].map(() => ({ _: 'messagePeerVoteInputOption' })) });
    expect(await errorOf(list(6, '', 10))).toBe('POLL_VOTE_REQUIRED');
    expect(await errorOf(list(1, '5_', 10))).toBe('OFFSET_INVALID');
    const { msgId: secret } = await send(pollInput());
    await vote(1, secret, 0);
    expect(await errorOf(world.domain.polls.listVotes({ viewerId: person(1), peerId: peerId(), msgId: secret }, { option: undefined, offset: '', limit: 1, isBroadcast: false }))).toBe('POLL_VOTE_REQUIRED');
  });

  it('let others add answers where they are open for them, and forget the votes for an answer that is deleted', async () => {
    const { msgId, media: { poll } } = await send(pollInput({ open_answers: true, multiple_choice: true }));
    const posts = world.domain.channels.at(channelId).posts;
    const change = (n: number, change: AnswerChange) => posts.doAct({ actorId: person(n), origin: ORIGIN, msgId, act: { of: 'answers', change } });
    const add = (n: number, text: string) => change(n, { kind: 'add', answer: { _: 'inputPollAnswer', text: words(text) } });
    const [first, again] = [await add(1, 'violet'), await add(1, 'violet')];
    expect(first.updates).toMatchObject([{ message: { reply_to: { reply_to_msg_id: msgId }, action: { _: 'messageActionPollAppendAnswer', answer: { text: { text: 'violet' }, added_by: { user_id: person(1) } } } } }]);
    expect(again.updates).toEqual([]);
    const hash = (await results(1, msgId)).poll!.hash;
    await vote(2, msgId, 3);
    await vote(3, msgId, 0, 3);
    expect((await results(2, msgId)).results).toMatchObject({ total_voters: 2, results: [{ voters: 1 }, {}, {}, { chosen: true, voters: 2 }] });
    expect(await errorOf(change(2, { kind: 'delete', option: option(3) }))).toBe('MESSAGE_AUTHOR_REQUIRED');
    expect((await change(1, { kind: 'delete', option: option(3) })).updates).toMatchObject([{ message: { action: { _: 'messageActionPollDeleteAnswer' } } }]);
    expect((await change(0, { kind: 'delete', option: option(3) })).updates).toEqual([]);
    const shown = await results(2, msgId);
    expect(shown.poll!.hash).not.toBe(hash);
    expect(shown.poll!.answers).toHaveLength(3);
    expect(shown.results).toMatchObject({ total_voters: 1, results: [{ voters: 1 }, { voters: 0 }, { voters: 0 }] });
    expect(shown.results.results?.some(({ chosen }) => chosen)).toBe(false);
    expect(await errorOf(vote(2, msgId, 3))).toBe('OPTION_INVALID');
    await vote(2, msgId, 1);
    await vote(3, msgId);
    expect((await totalsOf(poll.id)).stored).toEqual([0, 1, 0, 0, 1]);
    await add(2, 'violet');
    const last = (await results(2, msgId)).poll!.answers.at(-1) as tl.pollAnswer;
    expect(Buffer.from(last.option).toString()).toBe('4');
    // Nobody uses up the answers that the poll may ever have: the first person has added one that is deleted.
    const deleteLast = async (n: number): Promise<unknown> => change(n, { kind: 'delete', option: ((await results(n, msgId)).poll!.answers.at(-1) as tl.pollAnswer).option });
    for (let n = 0; n < 11; n++) {
      await add(1, `more ${n}`);
      await deleteLast(1);
    }
    expect(await errorOf(add(1, 'more'))).toBe('POLL_ANSWERS_INVALID');
    await add(3, 'room for others');
    await deleteLast(0);
    expect(await errorOf(add(2, ' '))).toBe('POLL_ANSWER_INVALID');
    for (let n = 0; n < 8; n++) await add(4, `colour ${n}`);
    expect(await errorOf(add(4, 'one more'))).toBe('POLL_ANSWERS_INVALID');
    const { msgId: fixed } = await send(pollInput());
    expect(await errorOf(posts.doAct({ actorId: person(1), origin: ORIGIN, msgId: fixed, act: { of: 'answers', change: { kind: 'add', answer: { _: 'inputPollAnswer', text: words('x') } } } }))).toBe('POLL_UNSUPPORTED');
    expect(await errorOf(send(pollInput({ open_answers: true, quiz: true }, [0])))).toBe('POLL_UNSUPPORTED');
  });

  it('close by the clock of the server, also before the job has run', async () => {
    const { msgId, media } = await send(pollInput({ close_period: 60 }));
    const closeDate = world.clock.now() + 60;
    expect((await results(1, msgId)).poll).toMatchObject({ close_period: 60, close_date: closeDate });
    const { hash } = (await results(1, msgId)).poll!;
    await world.clock.advance(60_000);
    expect(await errorOf(vote(1, msgId, 0))).toBe('MESSAGE_POLL_CLOSED');
    await world.db.q.updateTable('jobs').set({ run_ms: 0n }).where('kind', '=', 'close-poll').execute();
    await world.runJobs('repeat');
    const { poll } = await results(1, msgId);
    expect(poll).toMatchObject({ closed: true });
    expect(poll!.hash).not.toBe(hash);
    expect((await world.domain.polls.findResults({ viewerId: person(1), peerId: peerId(), msgId }, poll!.hash)).poll).toBeUndefined();
    expect(await world.db.q.selectFrom('polls').select('closed').where('poll_id', '=', media.poll.id).executeTakeFirst()).toEqual({ closed: true });
  });

  it('are read only by those who may read the message', async () => {
    const { msgId } = await send(pollInput());
    const [stranger] = [(await world.signUp('9996690077', 'Stranger')).userId];
    expect(await errorOf(world.domain.polls.doVote({ viewerId: stranger, peerId: peerId(), msgId, options: [option(0)] }))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(world.domain.polls.findResults({ viewerId: stranger, peerId: peerId(), msgId }, 0n))).toBe('CHANNEL_PRIVATE');
    expect(await errorOf(vote(1, msgId + 1000, 0))).toBe('MESSAGE_ID_INVALID');
  });

  it('lose the votes of an account that is deleted, and go with the last message that shows them', async () => {
    const { msgId, media: { poll } } = await send(pollInput({ public_voters: true }));
    const gone = await world.signUp('9996690088', 'Gone');
    await world.domain.channels.at(channelId).members.doInvite({ actorId: person(0), origin: ORIGIN }, [(await world.domain.users.findRow(gone.userId))!]);
    await world.domain.polls.doVote({ viewerId: gone.userId, peerId: peerId(), msgId, options: [option(0)] });
    await vote(1, msgId, 0);
    await world.domain.auth.doDeleteAccount(proverOf(gone.key), undefined);
    await world.runJobs('repeat');
    expect(await totalsOf(poll.id)).toEqual({ stored: [1, 0, 0, 1], counted: [1, 0, 0, 1] });

    const collect = async (): Promise<void> => {
      const kind = world.domain.jobKinds.find((one) => one.kind === 'collect-files')!;
      for (let run = 0; run < 2; run++) {
        await kind.perform(new Uint8Array(), { db: world.db, jobId: 1n, ownerId: 0n, attempt: 1, signal: new AbortController().signal, done: () => Promise.resolve() });
        await world.clock.advance(30 * DAY_S * 1000);
      }
      await world.runJobs();
    };
    await collect();
    expect((await totalsOf(poll.id)).stored).toEqual([1, 0, 0, 1]);
    await world.domain.channels.at(channelId).posts.doDelete({ actorId: person(0), origin: ORIGIN }, [msgId]);
    await collect();
    expect(await world.db.q.selectFrom('polls').select('poll_id').where('poll_id', '=', poll.id).execute()).toEqual([]);
    expect(await world.db.q.selectFrom('poll_votes').select('voter_id').where('poll_id', '=', poll.id).execute()).toEqual([]);
  });

  /** What the creator's account stores of votes that were not seen. */
  const unreadOf = async (n: number): Promise<number> => {
    await world.runJobs();
    return world.domain.unreadVotes.countUnread(person(n), peerId());
  };
  const isUnread = async (n: number, msgId: number): Promise<boolean> => (await results(n, msgId)).results.has_unread_votes === true;

  it('that are public are unread for their creator alone until seen, and when somebody votes anew', async () => {
    const { msgId } = await send(pollInput({ public_voters: true }));
    const { msgId: secret } = await send(pollInput());
    await unreadOf(0);
    await world.domain.unreadVotes.doRead(person(0), peerId());
    await Promise.all([vote(0, msgId, 0), vote(1, secret, 0)]);
    expect([await unreadOf(0), await isUnread(0, msgId), await isUnread(0, secret)]).toEqual([0, false, false]);
    await Promise.all([vote(1, msgId, 0), vote(2, msgId, 1)]);
    expect([await unreadOf(0), await isUnread(0, msgId), await isUnread(1, msgId), await unreadOf(1)]).toEqual([1, true, false, 0]);
    const box = { boxId: peerId(), msgIds: [msgId] };
    await world.domain.unreadVotes.doReadContents(person(1), box);
    expect(await isUnread(0, msgId)).toBe(true);
    // Whoever leaves is told of nothing, and of all of it upon returning.
    await world.domain.channels.at(channelId).members.doLeave({ actorId: person(0), origin: ORIGIN });
    expect(await unreadOf(0)).toBe(0);
    await world.domain.channels.at(channelId).members.doJoin({ actorId: person(0), origin: ORIGIN });
    expect(await unreadOf(0)).toBe(1);
    const told: UserHint[] = [];
    using _ = onUserHint(world.bus, person(0), (hint) => told.push(hint));
    await world.domain.unreadVotes.doReadContents(person(0), box);
    expect([await unreadOf(0), await isUnread(0, msgId)]).toEqual([0, false]);
    expect(told).toMatchObject([{ kind: 'transient', update: { _: 'updateMessagePoll', msg_id: msgId, results: { has_unread_votes: undefined } } }]);
    await world.domain.unreadVotes.doReadContents(person(0), box);
    expect(told).toHaveLength(1);

    await vote(3, msgId, 2);
    expect(await unreadOf(0)).toBe(1);
    await vote(1, msgId);
    expect(await unreadOf(0)).toBe(1);
    await vote(3, msgId);
    expect([await unreadOf(0), await isUnread(0, msgId)]).toEqual([0, false]);
    await vote(3, msgId, 2);
    expect(await unreadOf(0)).toBe(1);
    expect(await world.domain.unreadVotes.doRead(person(0), peerId())).toBe(false);
    expect(await unreadOf(0)).toBe(0);
    await vote(4, msgId, 2);
    expect(await unreadOf(0)).toBe(1);
    await world.domain.channels.at(channelId).posts.doDelete({ actorId: person(0), origin: ORIGIN }, [msgId]);
    expect(await unreadOf(0)).toBe(0);
    // What was noted while the message went is not unread for ever.
    await world.db.q.insertInto('unread_poll_votes').values({ owner_id: person(0), peer_id: peerId(), msg_id: msgId, top_id: null }).execute();
    await world.domain.unreadVotes.doRead(person(0), peerId());
    expect(await unreadOf(0)).toBe(0);
  });

  it('are not unread where their creator has cleared the history', async () => {
    const { msgId } = await send(pollInput({ public_voters: true }));
    await vote(1, msgId, 0);
    expect(await unreadOf(0)).toBe(1);
    await world.domain.channels.at(channelId).posts.doClear({ actorId: person(0), origin: ORIGIN }, 0);
    expect(await unreadOf(0)).toBe(0);
    await world.domain.unreadVotes.doRead(person(0), peerId());
    await vote(1, msgId, 1);
    expect(await unreadOf(0)).toBe(0);
  });

  it('are told once a tick over all processes, to all at the same moment, and to nobody from whom the message is hidden', async () => {
    const { msgId } = await send(pollInput());
    const told: { to: string; at: number; total: number | undefined; min: boolean | undefined }[] = [];
    const note = (to: string) => (hint: UserHint) => {
      if (hint.kind !== 'transient' || hint.update._ !== 'updateMessagePoll' || hint.update.msg_id !== msgId) return;
      told.push({ to, at: world.clock.nowMs(), total: hint.update.results.total_voters, min: hint.update.results.min });
    };
    await world.domain.polls.flush();
    using _all = onChannelHint(world.bus, peerId(), note('all'));
    using _creator = onUserHint(world.bus, person(0), note('creator'));
    // A second process on the same database.
    const other = new PollTeller({ ...world, log: silentLogger, chats: world.domain.chats, readers: createPollReaders(world), findBots: () => Promise.resolve([]) });
    const { id } = (await results(0, msgId)).poll!;
    for (let n = 1; n <= 5; n++) {
      await vote(n, msgId, 0);
      other.note(id);
    }
    expect(told).toEqual([]);
    await Promise.all([world.domain.polls.flush(), other.flush()]);
    expect(told.map(({ to, total, min }) => ({ to, total, min }))).toEqual([{ to: 'all', total: 5, min: true }, { to: 'creator', total: 5, min: undefined }]);
    await vote(6, msgId, 0);
    other.note(id);
    await Promise.all([world.domain.polls.flush(), other.flush()]);
    expect(told).toHaveLength(2);
    await world.clock.advance(1000);
    await Promise.all([world.domain.polls.flush(), other.flush()]);
    expect(told.slice(2).map(({ to, total }) => ({ to, total }))).toEqual([{ to: 'all', total: 6 }, { to: 'creator', total: 6 }]);
    await other[Symbol.asyncDispose]();

    await world.domain.channels.at(channelId).settings.doHideHistory({ actorId: person(0), origin: ORIGIN }, true);
    const late = await world.signUp('9996690099', 'Late');
    await world.domain.channels.at(channelId).members.doInvite({ actorId: person(0), origin: ORIGIN }, [(await world.domain.users.findRow(late.userId))!]);
    const update = await results(1, msgId);
    expect(await world.domain.channelUpdates.projectTransient(person(1), peerId(), update)).toBeDefined();
    expect(await world.domain.channelUpdates.projectTransient(late.userId, peerId(), update)).toBeUndefined();
  });

  it('are found where they are without reading each of very many forwards', async () => {
    const { msgId, media: { poll } } = await send(pollInput());
    await sql`INSERT INTO message_files (owner_id, scheduled_peer_id, msg_id, document_id)
      SELECT o.id, 0, n, ${poll.id} FROM unnest(${[person(1), person(2), peerId()]}::bigint[]) AS o (id), generate_series(100001, 110000) AS n`.execute(world.db.q);
    await sql`ANALYZE message_files`.execute(world.db.q);
    await world.db.transact('list', async (tx) => {
      expect(await listPollPlaces(tx, poll.id, 2)).toEqual([peerId(), [person(1), person(2)].toSorted((a, b) => (a < b ? -1 : 1))[0]!].map((owner_id) => ({ owner_id, msg_id: 110_000, peer_id: null })));
      expect(await listPollPlaces(tx, poll.id, 200)).toHaveLength(3);
      expect(await listMessagesOfDocument(tx, { boxId: peerId(), documentId: poll.id, limit: 3 })).toEqual([msgId, 100_001, 100_002]);
      const { rows } = await sql<{ read: number }>`SELECT (seq_tup_read + idx_tup_fetch)::integer AS read FROM pg_stat_xact_user_tables WHERE relname = 'message_files'`.execute(tx.q);
      expect(rows[0]!.read).toBeGreaterThan(0);
      expect(rows[0]!.read).toBeLessThan(50);
    });
    await sql`DELETE FROM message_files WHERE document_id = ${poll.id} AND msg_id > 100000`.execute(world.db.q);
  });

  it('whose message was refused are gone, and no others', async () => {
    const { media: { poll } } = await send(pollInput());
    const unsent = await world.domain.polls.doCreate({ creatorId: person(0), placeId: peerId(), input: pollInput({ close_date: world.clock.now() + DAY_S }), solution: undefined, kind: 'group', sendDate: world.clock.now() });
    const closings = async () => (await world.db.q.selectFrom('jobs').select('payload').where('kind', '=', 'close-poll').execute()).filter(({ payload }) => Buffer.from(payload).includes(String(unsent.poll.id)));
    expect(await closings()).toHaveLength(1);
    const ids = [poll.id, unsent.poll.id];
    for (const id of ids) await world.domain.polls.doDropUnsent(id);
    expect(await closings()).toEqual([]);
    expect(await world.db.q.selectFrom('polls').select('poll_id').where('poll_id', 'in', ids).execute()).toEqual([{ poll_id: poll.id }]);
    expect(await world.db.q.selectFrom('file_releases').select('document_id').where('document_id', '=', unsent.poll.id).execute()).toEqual([]);
  });

  it('that are sent again and again are polls of their own each time', async () => {
    const { media } = await send(pollInput({ close_date: world.clock.now() + 3600 }));
    const copy = await world.db.transact('copy', (tx) => world.domain.polls.copyIn(tx, media, { senderId: person(0), laterS: 86_400 }));
    expect(await world.db.transact('copy', (tx) => world.domain.polls.copyIn(tx, media, { senderId: person(1), laterS: 86_400 }))).toBe(media);
    expect(copy.poll).toMatchObject({ question: media.poll.question, close_date: media.poll.close_date! + 86_400 });
    expect(copy.poll.id).not.toBe(media.poll.id);
    expect(await totalsOf(copy.poll.id)).toEqual({ stored: [0, 0, 0, 0], counted: [0, 0, 0, 0] });
  });
});
