import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { enterHousehold, getHistory, isOld, leave, NO_HASH, peerOf, randomId, reactionOf, TURNS } from './people-of-libraries.ts';

const libraries = useLibraries();
const HOUR_S = 3600;

const nowDate = (): number => Math.floor(Date.now() / 1000);

const LINK = 'https://example.org/';
/** The same text in the markup of each library. GramJS's markdown has no links. */
const MARKUP = { html: '🐎 <b>bold</b>, <i>italic</i>, <code>code</code>', markdown: '🐎 **bold**, __italic__, `code`' };
const LINKED = { html: ` and <a href="${LINK}">a link</a>`, markdown: ` and [a link](${LINK})` };
/** The expected entities; offsets are in UTF-16 units. */
const MARKED = [
  { _: 'messageEntityBold', offset: 3, length: 4 },
  { _: 'messageEntityItalic', offset: 9, length: 6 },
  { _: 'messageEntityCode', offset: 17, length: 4 },
];
/** The entities that clients leave to the server, in the order of the text. */
const LEFT_TO_THE_SERVER = 'see example.org, mail me@example.org, @durov #tag $USD /start +1 213 373 4253 4111 1111 1111 1111';
const FOUND_BY_THE_SERVER = ['Url', 'Email', 'Mention', 'Hashtag', 'Cashtag', 'BotCommand', 'Phone', 'BankCard'].map((kind) => `messageEntity${kind}`);
const LINK_ENTITY = { _: 'messageEntityTextUrl', offset: 26, length: 6, url: LINK };

describe('messages sent with one library are the same in another', () => {
  for (const turn of TURNS) {
    const [acts, sees, other] = turn;

    test(`${acts} marks words up, forwards a batch and deletes, ${other} reads`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      for (const markup of ['html', 'markdown'] as const) {
        const hasLink = markup === 'html' || acts !== 'gramjs';
        const { id } = await alice.client.sendMarkup({ peer: bob.id, markup, text: hasLink ? MARKUP[markup] + LINKED[markup] : MARKUP[markup] });
        const text = hasLink ? '🐎 bold, italic, code and a link' : '🐎 bold, italic, code';
        await bob.client.seesMessage(text);
        const [newest] = await getHistory(bob.client, alice);
        expect({ markup, text: newest!['message'], entities: newest!['entities'] }).toEqual({ markup, text, entities: hasLink ? [...MARKED, LINK_ENTITY] : MARKED });
        await alice.client.delete({ peer: bob.id, ids: [id] });
      }

      const unmarked = await alice.client.send({ peer: bob.id, text: LEFT_TO_THE_SERVER });
      await bob.client.seesMessage(LEFT_TO_THE_SERVER);
      for (const [device, peer] of [[alice, bob], [bob, alice]] as const) {
        const [newest] = await getHistory(device.client, peer);
        expect((newest!['entities'] as Plain[]).map(({ _ }) => _)).toEqual(FOUND_BY_THE_SERVER);
      }
      await alice.client.delete({ peer: bob.id, ids: [unmarked.id] });

      const ids: number[] = [];
      for (const text of ['one', 'two', 'three']) ids.push((await alice.client.send({ peer: bob.id, text })).id);
      await alice.client.forward({ from: bob.id, ids, to: alice.id });
      expect((await alice.client.history({ peer: alice.id, limit: 5 })).map(({ text, forward }) => `${text} ${forward}`)).toEqual(['three true', 'two true', 'one true']);
      await alice.client.invoke('messages.forwardMessages', { drop_author: true, from_peer: peerOf(bob), to_peer: peerOf(bob), id: ids.slice(0, 2), random_id: [randomId(), randomId()] });
      await bob.client.sees('two copies', () => bob.client.events.filter((event) => event.kind === 'message' && (event.text === 'one' || event.text === 'two')).length === 4);
      expect((await bob.client.history({ peer: alice.id, limit: 2 })).map(({ text, forward }) => `${text} ${forward}`)).toEqual(['two false', 'one false']);

      // Deletes everything for both, including what Alice no longer has, then one message for herself only.
      const theirs = (await bob.client.history({ peer: alice.id, limit: 5 })).at(-1)!;
      expect(theirs.text).toBe('one');
      await alice.client.invoke('messages.deleteMessages', { id: ids.slice(0, 1) });
      const affected = await alice.client.invoke('messages.deleteHistory', { revoke: true, peer: peerOf(bob), max_id: 0 });
      expect(affected).toMatchObject({ _: 'affectedHistory', pts_count: 4, offset: 0 });
      await bob.client.sees('the deletion of the copies', (event) => event.kind === 'delete' && event.ids.length === 4);
      await bob.client.sees('the deletion of what Bob alone had', (event) => event.kind === 'delete' && event.ids.includes(theirs.id));
      expect(await bob.client.history({ peer: alice.id, limit: 10 })).toEqual([]);
      const { id } = await alice.client.send({ peer: bob.id, text: 'kept by Bob' });
      await bob.client.seesMessage('kept by Bob');
      await alice.client.invoke('messages.deleteMessages', { id: [id] });
      await tablet.client.sees('the deletion', (event) => event.kind === 'delete' && event.ids.includes(id));
      expect((await bob.client.history({ peer: alice.id, limit: 10 })).map(({ text }) => text)).toEqual(['kept by Bob']);
      await leave(household);
    });

    test(`${acts} puts a message off, ${sees} sees it wait, ${other} gets it`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const date = nowDate() + HOUR_S;
      const peer = peerOf(bob);
      for (const message of ['later', 'never']) await alice.client.invoke('messages.sendMessage', { peer, message, random_id: randomId(), schedule_date: date });
      await tablet.client.sees('both', () => tablet.client.events.filter((event) => event.kind === 'update' && event.update._ === 'updateNewScheduledMessage').length === 2);
      const waiting = (await tablet.client.invoke('messages.getScheduledHistory', { peer, hash: NO_HASH }))['messages'] as { id: number; message: string; date: number }[];
      expect(waiting).toMatchObject([{ message: 'never', date }, { message: 'later', date }]);
      const [never, later] = waiting.map(({ id }) => id) as [number, number];
      await tablet.client.invoke('messages.editMessage', { peer, id: later, message: 'now', schedule_date: date });
      await tablet.client.invoke('messages.deleteScheduledMessages', { peer, id: [never] });
      await alice.client.seesUpdate('updateDeleteScheduledMessages', { messages: [never] });
      await alice.client.invoke('messages.sendScheduledMessages', { peer, id: [later] });
      await bob.client.seesMessage('now');
      expect((await alice.client.invoke('messages.getScheduledHistory', { peer, hash: NO_HASH }))['messages']).toEqual([]);
      await leave(household);
    });

    test(`${acts} reacts, ${other} sees, and who read when`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const { id } = await bob.client.send({ peer: alice.id, text: 'good news' });
      const heard = await alice.client.seesMessage('good news');
      const reaction = reactionOf(acts, '🔥');
      await alice.client.invoke('messages.sendReaction', { peer: peerOf(bob), msg_id: heard.id, reaction: isOld(acts) ? reaction : [reaction] });
      for (const [device, library, msg_id] of [[bob, other, id], [tablet, sees, heard.id]] as const) {
        const { reactions } = await device.client.seesUpdate('updateMessageReactions', { msg_id });
        expect(reactions).toMatchObject({ results: [{ count: 1, reaction: reactionOf(library, '🔥') }] });
      }
      expect(await bob.client.invoke('messages.getMessageReactionsList', { peer: peerOf(alice), id, limit: 10 })).toMatchObject({ count: 1, users: [{ id: alice.id }] });
      expect(await bob.client.invoke('messages.getUnreadReactions', { peer: peerOf(alice), offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0 })).toMatchObject({ messages: [{ id }] });
      await bob.client.invoke('messages.readReactions', { peer: peerOf(alice) });
      await alice.client.read({ peer: bob.id, maxId: heard.id });
      await bob.client.sees('the read mark', (event) => event.kind === 'readOutbox' && event.maxId >= id);
      if (await bob.client.knows('messages.getOutboxReadDate')) {
        expect(((await bob.client.invoke('messages.getOutboxReadDate', { peer: peerOf(alice), msg_id: id }))['date'] as number)).toBeGreaterThan(nowDate() - HOUR_S);
      }
      await leave(household);
    });

    test(`${acts} saves, ${sees} finds it sorted; ${other} sees who is there and types`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      await bob.client.send({ peer: alice.id, text: 'worth keeping' });
      const heard = await alice.client.seesMessage('worth keeping');
      await alice.client.send({ peer: alice.id, text: 'own note' });
      await alice.client.forward({ from: bob.id, ids: [heard.id], to: alice.id });
      if (await tablet.client.knows('messages.getSavedDialogs')) {
        const answer = await tablet.client.invoke('messages.getSavedDialogs', { offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 10, hash: NO_HASH });
        expect(answer).toMatchObject({ dialogs: [{ peer: { user_id: bob.id } }, { peer: { user_id: alice.id } }] });
      }
      expect((await tablet.client.history({ peer: alice.id, limit: 5 })).map(({ text }) => text)).toEqual(['worth keeping', 'own note']);

      await bob.client.invoke('users.getUsers', { id: [{ $user: alice.id }] });
      await alice.client.invoke('account.updateStatus', { offline: false });
      await bob.client.sees('Alice online', (event) => event.kind === 'update' && event.update._ === 'updateUserStatus' && (event.update['status'] as Plain)._ === 'userStatusOnline');
      await alice.client.invoke('messages.setTyping', { peer: peerOf(bob), action: { _: 'sendMessageRecordAudioAction' } });
      await bob.client.sees('a recording', (event) => event.kind === 'typing' && /recordAudio/i.test(event.action));
      await leave(household);
    });
  }
});
