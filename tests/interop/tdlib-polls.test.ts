import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { MISSING, TDLIB_ID_STEP, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const libraries = useLibraries({}, ['tdlib']);
const missing = MISSING.tdlib;

const words = (text: string): object => ({ _: 'formattedText', text, entities: [] });
const REGULAR = { _: 'inputPollTypeRegular' };

/** The content of a new poll with three answers. */
function pollContent(more: object): object {
  const options = ['red', 'green', 'blue'].map((text) => ({ _: 'inputPollOption', text: words(text) }));
  return { _: 'inputMessagePoll', question: words('Which colour?'), options, is_anonymous: true, allows_revoting: true, type: REGULAR, ...more };
}

/** The poll that a message has by now. */
async function pollAt({ client }: Person, chat_id: number, message_id: number): Promise<Plain> {
  const { content } = await client.request<{ content: { poll: Plain } }>({ _: 'getMessage', chat_id, message_id });
  return content.poll;
}

/** Waits until a device has been told of a poll like this. */
function seesPoll({ client }: Person, poll: object): Promise<Plain> {
  return client.seesUpdate('updatePoll', { poll });
}

describe.runIf(missing === undefined)(`TDLib finds polls as it expects them${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('a poll is made, voted in, read, taken back and closed; a quiz tells its answer after the vote', async () => {
    const [alice, bob] = [await enter(libraries, 'tdlib', 'Alice'), await enter(libraries, 'tdlib', 'Bob')];
    await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
    await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
    for (const [one, other] of [[alice, bob], [bob, alice]] as const) await one.client.request({ _: 'createPrivateChat', user_id: other.id, force: false });
    const [toBob, toAlice] = [bob.id, alice.id];
    /** Sends a poll. @returns the ids of the two copies */
    const send = async (more: object, note: string): Promise<[number, number]> => {
      await alice.client.request({ _: 'sendMessage', chat_id: toBob, input_message_content: pollContent(more) });
      // A message with a text that follows tells where the poll is.
      const { id } = await alice.client.send({ peer: bob.id, text: note });
      const heard = (await bob.client.seesMessage(note)).id;
      return [(id - 1) * TDLIB_ID_STEP, (heard - 1) * TDLIB_ID_STEP];
    };

    const [own, seen] = await send({ is_anonymous: false, allows_multiple_answers: true }, 'a poll');
    expect(await pollAt(bob, toAlice, seen)).toMatchObject({ is_anonymous: false, total_voter_count: 0, options: [{ text: { text: 'red' } }, {}, {}], is_closed: false });
    await bob.client.request({ _: 'setPollAnswer', chat_id: toAlice, message_id: seen, option_ids: [0, 2] });
    await seesPoll(alice, { total_voter_count: 1 });
    expect(await pollAt(alice, toBob, own)).toMatchObject({ options: [{ voter_count: 1, is_chosen: false }, { voter_count: 0 }, { voter_count: 1 }] });
    expect(await pollAt(bob, toAlice, seen)).toMatchObject({ options: [{ is_chosen: true }, { is_chosen: false }, { is_chosen: true }] });
    await alice.client.seesUpdate('updateMessageContainsUnreadPollVotes', { chat_id: toBob, message_id: own, contains_unread_poll_votes: true, unread_poll_vote_count: 1 });
    await alice.client.request({ _: 'readAllChatPollVotes', chat_id: toBob });
    expect(await alice.client.request({ _: 'getChat', chat_id: toBob })).toMatchObject({ unread_poll_vote_count: 0 });
    expect(await bob.client.request({ _: 'getPollVoters', chat_id: toAlice, message_id: seen, option_id: 2, offset: '', limit: 10 })).toMatchObject({ total_count: 1 });
    await bob.client.request({ _: 'setPollAnswer', chat_id: toAlice, message_id: seen, option_ids: [] });
    await seesPoll(alice, { total_voter_count: 0 });
    await alice.client.request({ _: 'stopPoll', chat_id: toBob, message_id: own, reply_markup: null });
    await seesPoll(bob, { is_closed: true });
    await expect(bob.client.request({ _: 'setPollAnswer', chat_id: toAlice, message_id: seen, option_ids: [1] })).rejects.toThrow();

    const [, quiz] = await send({ type: { _: 'inputPollTypeQuiz', correct_option_ids: [1], explanation: words('As grass is.') } }, 'a quiz');
    expect(await pollAt(bob, toAlice, quiz)).toMatchObject({ type: { _: 'pollTypeQuiz', correct_option_ids: [] } });
    await bob.client.request({ _: 'setPollAnswer', chat_id: toAlice, message_id: quiz, option_ids: [0] });
    await expect.poll(() => pollAt(bob, toAlice, quiz), { timeout: 10_000, interval: 50 }).toMatchObject({ type: { correct_option_ids: [1], explanation: { text: 'As grass is.' } }, options: [{ is_chosen: true }, {}, {}] });
    // TDLib logs an error if an answer differs from what Telegram's own server would send.
    expect(await alice.client.complaints()).toEqual([]);
    for (const { client } of [alice, bob]) await client.close();
  });
});
