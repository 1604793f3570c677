import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { MISSING, useLibraries } from './libraries.ts';
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

/** The id of the newest message with a poll. */
async function newestPoll({ client }: Person, chat_id: number): Promise<number> {
  const { messages } = await client.request<{ messages: { id: number; content: Plain }[] }>({ _: 'getChatHistory', chat_id, from_message_id: 0, offset: 0, limit: 10, only_local: false });
  return messages.find(({ content }) => content._ === 'messagePoll')!.id;
}

/** Waits until a device has been told that a poll stands so. */
function standsSo(person: Person, chat_id: number, message_id: number): { toMatchObject(poll: object): Promise<void> } {
  return expect.poll(() => pollAt(person, chat_id, message_id), { timeout: 10_000, interval: 20 });
}

describe.runIf(missing === undefined)(`TDLib finds polls as it expects them${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('a poll is made, voted in, read, taken back and closed; a quiz tells its answer after the vote', async () => {
    const [alice, bob] = [await enter(libraries, 'tdlib', 'Alice'), await enter(libraries, 'tdlib', 'Bob')];
    await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
    await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
    const { peer: chat_id } = await alice.client.createGroup({ users: [bob.id], title: 'Votes' });
    await bob.client.sees('the group', (event) => event.kind === 'message' && event.peer === chat_id);
    /** Sends a poll. @returns the ids of the two copies */
    const send = async (more: object, note: string): Promise<[number, number]> => {
      await alice.client.request({ _: 'sendMessage', chat_id, input_message_content: pollContent(more) });
      // Whoever has the text that follows has the poll.
      await alice.client.send({ peer: chat_id, text: note });
      await bob.client.seesMessage(note);
      return [await newestPoll(alice, chat_id), await newestPoll(bob, chat_id)];
    };

    const [own, seen] = await send({ is_anonymous: false, allows_multiple_answers: true }, 'a poll');
    expect(await pollAt(bob, chat_id, seen)).toMatchObject({ is_anonymous: false, total_voter_count: 0, options: [{ text: { text: 'red' } }, {}, {}], is_closed: false });
    await bob.client.request({ _: 'setPollAnswer', chat_id, message_id: seen, option_ids: [0, 2] });
    await standsSo(alice, chat_id, own).toMatchObject({ total_voter_count: 1 });
    expect(await pollAt(alice, chat_id, own)).toMatchObject({ options: [{ voter_count: 1, is_chosen: false }, { voter_count: 0 }, { voter_count: 1 }] });
    expect(await pollAt(bob, chat_id, seen)).toMatchObject({ options: [{ is_chosen: true }, { is_chosen: false }, { is_chosen: true }] });
    await alice.client.seesUpdate('updateMessageContainsUnreadPollVotes', { chat_id, message_id: own, contains_unread_poll_votes: true, unread_poll_vote_count: 1 });
    await alice.client.request({ _: 'readAllChatPollVotes', chat_id });
    expect(await alice.client.request({ _: 'getChat', chat_id })).toMatchObject({ unread_poll_vote_count: 0 });
    expect(await bob.client.request({ _: 'getPollVoters', chat_id, message_id: seen, option_id: 2, offset: 0, limit: 10 })).toMatchObject({ total_count: 1 });
    await bob.client.request({ _: 'setPollAnswer', chat_id, message_id: seen, option_ids: [] });
    await standsSo(alice, chat_id, own).toMatchObject({ total_voter_count: 0 });
    await alice.client.request({ _: 'stopPoll', chat_id, message_id: own, reply_markup: null });
    await standsSo(bob, chat_id, seen).toMatchObject({ is_closed: true });
    await expect(bob.client.request({ _: 'setPollAnswer', chat_id, message_id: seen, option_ids: [1] })).rejects.toThrow();

    const [, quiz] = await send({ type: { _: 'inputPollTypeQuiz', correct_option_ids: [1], explanation: words('As grass is.') } }, 'a quiz');
    expect(await pollAt(bob, chat_id, quiz)).toMatchObject({ type: { _: 'pollTypeQuiz', correct_option_ids: [] } });
    await bob.client.request({ _: 'setPollAnswer', chat_id, message_id: quiz, option_ids: [0] });
    await standsSo(bob, chat_id, quiz).toMatchObject({ type: { correct_option_ids: [1], explanation: { text: 'As grass is.' } }, options: [{ is_chosen: true }, {}, {}] });
    // TDLib logs an error if an answer differs from what Telegram's own server would send.
    expect(await alice.client.complaints()).toEqual([]);
    for (const { client } of [alice, bob]) await client.close();
  });
});
