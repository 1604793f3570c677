import { type Actor, createShiftedClock, type Device, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, promoteIn } from './channel-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const words = (text: string, entities: tl.TypeMessageEntity[] = []): tl.RawTextWithEntities => ({ _: 'textWithEntities', text, entities });
const task = (id: number, text = `Task ${id}`): tl.RawTodoItem => ({ _: 'todoItem', id, title: words(text) });
const SHARED = { othersCanAppend: true, othersCanComplete: true } as const;

function listOf(more: Partial<tl.RawTodoList> = {}): tl.RawInputMediaTodo {
  return { _: 'inputMediaTodo', todo: { _: 'todoList', title: words('Camping'), list: [task(1), task(2), task(3)], ...more } };
}

const messagesIn = (answer: tl.TypeUpdates): tl.RawMessage[] =>
  (answer as tl.RawUpdates).updates.flatMap((update) => ('message' in update && typeof update.message === 'object' && update.message._ === 'message' ? [update.message] : []));

const sendCall = (peer: tl.TypeInputPeer, media: tl.TypeInputMedia): tl.messages.RawSendMediaRequest => ({ _: 'messages.sendMedia', peer, media, message: '', randomId: randomLong() });

async function sendList(device: Device, peer: tl.TypeInputPeer, media: tl.RawInputMediaTodo = listOf(SHARED)): Promise<tl.RawMessage> {
  return messagesIn(await device.change(sendCall(peer, media)))[0]!;
}

const tickCall = (peer: tl.TypeInputPeer, msgId: number, completed: number[], incompleted: number[] = []): tl.messages.RawToggleTodoCompletedRequest =>
  ({ _: 'messages.toggleTodoCompleted', peer, msgId, completed, incompleted });
const addCall = (peer: tl.TypeInputPeer, msgId: number, ...list: tl.RawTodoItem[]): tl.messages.RawAppendTodoListRequest => ({ _: 'messages.appendTodoList', peer, msgId, list });

async function historyOf(actor: Actor, peer: tl.TypeInputPeer): Promise<tl.TypeMessage[]> {
  const { messages } = (await actor.main.call({ _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 30, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
  return messages;
}

/** The newest list that an account sees in a chat. */
async function receives(actor: Actor, peer: tl.TypeInputPeer): Promise<tl.RawMessage & { media: tl.RawMessageMediaToDo }> {
  return (await historyOf(actor, peer)).find((message): message is tl.RawMessage & { media: tl.RawMessageMediaToDo } => message._ === 'message' && message.media?._ === 'messageMediaToDo')!;
}

/** The ids of the tasks of a list that are done, with whoever has done them. */
const doneIn = ({ media }: tl.RawMessage): Record<number, number> =>
  Object.fromEntries(((media as tl.RawMessageMediaToDo).completions ?? []).map(({ id, completedBy }) => [id, completedBy._ === 'peerUser' ? completedBy.userId : 0]));

const countNotices = async (actor: Actor, peer: tl.TypeInputPeer): Promise<number> => (await historyOf(actor, peer)).filter(({ _ }) => _ === 'messageService').length;

async function pair(): Promise<{ alice: Actor; bob: Actor; toBob: tl.TypeInputPeer; toAlice: tl.TypeInputPeer }> {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  return { alice, bob, toBob: alice.main.inputPeer(bob.id), toAlice: bob.main.inputPeer(alice.id) };
}

test('two people tick tasks of a list, add to it, and each sees what the other does', async () => {
  const { alice, bob, toBob, toAlice } = await pair();
  const bold: tl.RawMessageEntityBold = { _: 'messageEntityBold', offset: 1, length: 4 };
  const link: tl.RawMessageEntityTextUrl = { _: 'messageEntityTextUrl', offset: 0, length: 4, url: 'https://example.com/' };
  const media = listOf({ ...SHARED, title: words(' Camp\u0000 https://example.org', [bold, link]) });
  const sent = await verifyUpdates([alice, bob], () => sendList(alice.main, toBob, media));
  expect(sent.media).toEqual({ _: 'messageMediaToDo', todo: { ...media.todo, title: words('Camp  https://example.org', [{ ...bold, offset: 0 }]) }, completions: undefined });
  const seen = await receives(bob, toAlice);

  await verifyUpdates([alice, bob], async () => {
    const { updates } = (await bob.main.change(tickCall(toAlice, seen.id, [2, 3]))) as tl.RawUpdates;
    expect(updates).toMatchObject([
      { _: 'updateEditMessage', message: { id: seen.id, editHide: true, media: { completions: [{ id: 2, completedBy: { userId: bob.id } }, { id: 3 }] } } },
      { _: 'updateNewMessage', message: { replyTo: { replyToMsgId: seen.id }, action: { _: 'messageActionTodoCompletions', completed: [2, 3], incompleted: [] } } },
    ]);
    await alice.sees('action:messageActionTodoCompletions');
  });
  expect(doneIn(await receives(alice, toBob))).toEqual({ 2: bob.id, 3: bob.id });
  await verifyUpdates([alice, bob], () => alice.main.change(tickCall(toBob, sent.id, [1], [3])));
  expect(doneIn(await receives(bob, toAlice))).toEqual({ 1: alice.id, 2: bob.id });

  await verifyUpdates([alice, bob], async () => {
    const { updates } = (await bob.main.change(addCall(toAlice, seen.id, task(7, 'Tent')))) as tl.RawUpdates;
    expect(updates).toMatchObject([{ message: { media: { todo: { list: [{}, {}, {}, { id: 7 }] } } } }, { message: { replyTo: { replyToMsgId: seen.id }, action: { _: 'messageActionTodoAppendTasks', list: [task(7, 'Tent')] } } }]);
  });
  const [newest] = await historyOf(alice, toBob);
  expect(newest).toMatchObject({ replyTo: { replyToMsgId: sent.id }, action: { _: 'messageActionTodoAppendTasks' } });

  // The author writes the list anew: what is done of the tasks that stay remains done.
  const edit: tl.messages.RawEditMessageRequest = { _: 'messages.editMessage', peer: toBob, id: sent.id, media: listOf({ title: words('Trip'), list: [task(9), task(2, 'Second')] }) };
  await verifyUpdates([alice, bob], () => alice.main.change(edit));
  expect(await alice.main.fails(edit)).toEqual({ code: 400, text: 'MESSAGE_NOT_MODIFIED' });
  const edited = await receives(bob, toAlice);
  expect(edited).toMatchObject({ editHide: false, media: { todo: { title: { text: 'Trip' }, othersCanComplete: false, list: [{ id: 9 }, { id: 2, title: { text: 'Second' } }] } } });
  expect(doneIn(edited)).toEqual({ 2: bob.id });
  await alice.main.change(tickCall(toBob, sent.id, [9]));
  expect(await receives(bob, toAlice)).toMatchObject({ editHide: false });
});

test('a repeat changes nothing, tells nobody, and keeps who was first', async () => {
  const { alice, bob, toBob, toAlice } = await pair();
  const sent = await sendList(alice.main, toBob);
  const seen = await receives(bob, toAlice);
  await bob.main.change(tickCall(toAlice, seen.id, [1, 2], [3]));
  const before = [await historyOf(alice, toBob), await historyOf(bob, toAlice), (await alice.main.call({ _: 'updates.getState' })).pts];
  clock.shift(5000);
  for (const [device, call] of [[bob.main, tickCall(toAlice, seen.id, [1, 2], [3])], [alice.main, tickCall(toBob, sent.id, [2], [3])], [alice.main, tickCall(toBob, sent.id, [99], [98])]] as const) {
    expect(((await device.change(call)) as tl.RawUpdates).updates).toEqual([]);
  }
  expect([await historyOf(alice, toBob), await historyOf(bob, toAlice), (await alice.main.call({ _: 'updates.getState' })).pts]).toEqual(before);
});

test('members of a group tick at the same time, and nothing is lost in any copy', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const { peer } = await createGroup(alice, [bob, carol]);
  await bob.meet(carol);
  await carol.meet(bob);
  const ids = Array.from({ length: 12 }, (_, at) => at + 1);
  await sendList(alice.main, peer, listOf({ ...SHARED, list: ids.map((id) => task(id)) }));
  const members = await Promise.all([alice, bob, carol].map(async (actor) => ({ actor, id: (await receives(actor, peer)).id })));
  const by = (id: number): Actor => members[id % 3]!.actor;
  await verifyUpdates([alice, bob, carol], async () => {
    const added = members.map(({ actor, id }, at) => actor.main.change(addCall(peer, id, task(20 + at))));
    await Promise.all([...added, ...ids.map((id) => by(id).main.change(tickCall(peer, members[id % 3]!.id, [id])))]);
  });
  for (const { actor } of members) {
    const { media } = await receives(actor, peer);
    expect(doneIn(await receives(actor, peer))).toEqual(Object.fromEntries(ids.map((id) => [id, by(id).id])));
    expect(media.todo.list.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([...ids, 20, 21, 22]);
  }
  expect(await countNotices(carol, peer)).toBe(16);

  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, sendPolls: true } });
  expect(await bob.main.fails(sendCall(peer, listOf()))).toEqual({ code: 403, text: 'CHAT_SEND_POLL_FORBIDDEN' });
  await bob.main.change(tickCall(peer, members[1]!.id, [20]));
  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, sendPlain: true } });
  expect(await bob.main.fails(tickCall(peer, members[1]!.id, [21]))).toEqual({ code: 403, text: 'CHAT_SEND_PLAIN_FORBIDDEN' });
});

test('a supergroup shares a list: ticks at the same time, anonymous admins, no entry in the log of admins', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const peerOf = (actor: Actor): tl.TypeInputPeer => actor.main.inputPeer(id);
  const sent = await verifyUpdates([alice, bob, carol], () => sendList(alice.main, peerOf(alice)));
  await verifyUpdates([alice, bob, carol], async () => {
    const answers = await Promise.all([bob.main.change(tickCall(peerOf(bob), sent.id, [1])), carol.main.change(tickCall(peerOf(carol), sent.id, [2]))]);
    for (const answer of answers) expect((answer as tl.RawUpdates).updates).toMatchObject([{ _: 'updateEditChannelMessage', message: { editHide: true } }, { _: 'updateNewChannelMessage', message: { replyTo: { replyToMsgId: sent.id } } }]);
    await alice.main.waitUntil('both ticks', () => [...alice.main.state.channels.find(id)!.box.messages.values()].filter(({ raw }) => raw._ === 'messageService' && raw.action._ === 'messageActionTodoCompletions').length === 2);
  });
  expect(doneIn(await receives(alice, peerOf(alice)))).toEqual({ 1: bob.id, 2: carol.id });
  await promoteIn(alice, id, bob, { anonymous: true, inviteUsers: true });
  await verifyUpdates([alice, bob, carol], () => bob.main.change(tickCall(peerOf(bob), sent.id, [3])));
  expect((await receives(carol, peerOf(carol))).media.completions?.[2]).toMatchObject({ id: 3, completedBy: { _: 'peerChannel' } });
  const about = (todoItemId: number): tl.messages.RawSendMessageRequest => ({ _: 'messages.sendMessage', peer: peerOf(carol), message: 'which?', randomId: randomLong(), replyTo: { _: 'inputReplyToMessage', replyToMsgId: sent.id, todoItemId } });
  await verifyUpdates([alice, bob, carol], () => carol.main.change(about(3)));
  expect((await historyOf(bob, peerOf(bob)))[0]).toMatchObject({ replyTo: { replyToMsgId: sent.id, todoItemId: 3 } });
  expect(await carol.main.fails(about(4))).toEqual({ code: 400, text: 'REPLY_MESSAGE_ID_INVALID' });
  const log = await alice.main.call({ _: 'channels.getAdminLog', channel: alice.main.inputChannel(id), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 20, eventsFilter: { _: 'channelAdminLogEventsFilter', edit: true } });
  expect(log.events).toEqual([]);
  await verifyUpdates([alice, bob, carol], () => alice.main.change({ _: 'messages.editMessage', peer: peerOf(alice), id: sent.id, media: listOf({ list: [task(3), task(4)] }) }));
  expect((await receives(carol, peerOf(carol))).media).toMatchObject({ todo: { othersCanComplete: false, list: [{ id: 3 }, { id: 4 }] }, completions: [{ id: 3 }] });
  expect(await carol.main.fails(tickCall(peerOf(carol), sent.id, [4]))).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
});

test('a forward is a list of its own that nobody can tick and that does not say who did; a copy without its author can be ticked', async () => {
  const { alice, bob, toBob, toAlice } = await pair();
  const sent = await sendList(alice.main, toBob);
  await alice.main.change(tickCall(toBob, sent.id, [1]));
  const seen = await receives(bob, toAlice);
  const self: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };
  const forward = (more: Partial<tl.messages.RawForwardMessagesRequest> = {}): tl.messages.RawForwardMessagesRequest => ({ _: 'messages.forwardMessages', fromPeer: toAlice, toPeer: self, id: [seen.id], randomId: [randomLong()], ...more });
  const [kept] = messagesIn(await bob.main.change(forward()));
  expect(kept?.media).toMatchObject({ todo: { list: [{}, {}, {}] }, completions: undefined });
  expect(await bob.main.fails(tickCall(self, kept!.id, [1]))).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  expect(await bob.main.fails(addCall(self, kept!.id, task(9)))).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  const [copy] = messagesIn(await bob.main.change(forward({ dropAuthor: true })));
  await verifyUpdates([bob], () => bob.main.change(tickCall(self, copy!.id, [2])));
  expect(doneIn(await receives(bob, self))).toEqual({ 2: bob.id });
  expect(doneIn(await receives(alice, toBob))).toEqual({ 1: alice.id });
  // Nobody else is told of what happens in Saved Messages.
  expect(await countNotices(bob, self)).toBe(0);

  await alice.main.change({ _: 'messages.sendMedia', peer: toBob, media: listOf(), message: '', randomId: randomLong(), noforwards: true });
  const hidden = await receives(bob, toAlice);
  expect(await bob.main.fails(forward({ id: [hidden.id] }))).toEqual({ code: 400, text: 'CHAT_FORWARDS_RESTRICTED' });
});

test('a reply names a task, a scheduled list is edited and sent, and words of tasks are found', async () => {
  const { alice, bob, toBob, toAlice } = await pair();
  const sent = await sendList(alice.main, toBob, listOf({ list: [task(4, 'Zucchini')] }));
  const seen = await receives(bob, toAlice);
  const reply = (todoItemId: number, more: Partial<tl.RawInputReplyToMessage> = {}): tl.RawInputReplyToMessage => ({ _: 'inputReplyToMessage', replyToMsgId: seen.id, todoItemId, ...more });
  const say = (replyTo: tl.RawInputReplyToMessage, more: Partial<tl.messages.RawSendMessageRequest> = {}): tl.messages.RawSendMessageRequest => ({ _: 'messages.sendMessage', peer: toAlice, message: 'two', randomId: randomLong(), replyTo, ...more });
  expect(await bob.main.fails(say(reply(5)))).toEqual({ code: 400, text: 'REPLY_MESSAGE_ID_INVALID' });
  await verifyUpdates([alice, bob], () => bob.main.change(say(reply(4))));
  expect((await historyOf(alice, toBob))[0]).toMatchObject({ replyTo: { replyToMsgId: sent.id, todoItemId: 4, quote: false } });
  await bob.main.change({ ...say(reply(4, { replyToPeerId: toAlice })), peer: { _: 'inputPeerSelf' } });
  expect((await historyOf(bob, { _: 'inputPeerSelf' }))[0]).toMatchObject({ replyTo: { todoItemId: 4, replyMedia: { _: 'messageMediaToDo' } } });
  await bob.main.change({ _: 'messages.saveDraft', peer: toAlice, message: 'later', replyTo: reply(4) });
  expect(await bob.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: toAlice }] })).toMatchObject({ dialogs: [{ draft: { replyTo: { todoItemId: 4 } } }] });

  // The task is taken from the list before the reply leaves: it is a reply to the list.
  const scheduleDate = Math.floor(clock.nowMs() / 1000) + 3600;
  const later = messagesIn(await bob.main.call(say(reply(4), { scheduleDate })))[0]!;
  await alice.main.change({ _: 'messages.editMessage', peer: toBob, id: sent.id, media: listOf({ list: [task(5, 'Aubergine')] }) });
  await bob.main.change({ _: 'messages.sendScheduledMessages', peer: toAlice, id: [later.id] });
  expect((await historyOf(bob, toAlice))[0]).toMatchObject({ replyTo: { replyToMsgId: seen.id, todoItemId: undefined } });

  const find = (q: string): Promise<unknown> => alice.main.call({ _: 'messages.search', peer: toBob, q, filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
  await expect.poll(() => find('auberg')).toMatchObject({ messages: [{ id: sent.id }] });
  expect(await find('camping')).toMatchObject({ messages: [{ id: sent.id }] });
  await expect.poll(() => find('zucchini')).toMatchObject({ messages: [] });

  const waiting = messagesIn(await alice.main.call({ ...sendCall(toBob, listOf()), scheduleDate }))[0]!;
  await alice.main.call({ _: 'messages.editMessage', peer: toBob, id: waiting.id, media: listOf({ title: words('Later') }), scheduleDate });
  await alice.main.change({ _: 'messages.sendScheduledMessages', peer: toBob, id: [waiting.id] });
  expect((await receives(bob, toAlice)).media.todo.title.text).toBe('Later');
});

test('each mistake has its error', async () => {
  const { alice, bob, toBob, toAlice } = await pair();
  const many = (count: number): tl.RawTodoItem[] => Array.from({ length: count }, (_, at) => task(at + 1));
  for (const [media, text] of [
    [listOf({ list: [] }), 'TODO_ITEMS_EMPTY'],
    [listOf({ list: many(31) }), 'TODO_ITEMS_TOO_MUCH'],
    [listOf({ list: [task(1), task(1, 'other')] }), 'TODO_ITEM_DUPLICATE'],
    [listOf({ list: [task(0)] }), 'MEDIA_INVALID'],
    [listOf({ list: [task(-1)] }), 'MEDIA_INVALID'],
    [listOf({ list: [task(1, ' ')] }), 'MESSAGE_EMPTY'],
    [listOf({ title: words('\n') }), 'MESSAGE_EMPTY'],
    [listOf({ title: words('t'.repeat(256)) }), 'MESSAGE_TOO_LONG'],
    [listOf({ list: [task(1, 'i'.repeat(201))] }), 'MESSAGE_TOO_LONG'],
    [listOf({ title: words('Camping', [{ _: 'messageEntityBold', offset: 5, length: 9 }]) }), 'ENTITY_BOUNDS_INVALID'],
  ] as const) expect(await alice.main.fails(sendCall(toBob, media))).toEqual({ code: 400, text });

  const closed = await sendList(alice.main, toBob, listOf());
  const { id: closedId } = await receives(bob, toAlice);
  expect(await bob.main.fails(tickCall(toAlice, closedId, [1]))).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  expect(await bob.main.fails(addCall(toAlice, closedId, task(9)))).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  expect(await bob.main.fails({ _: 'messages.editMessage', peer: toAlice, id: closedId, media: listOf() })).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  await alice.main.change({ _: 'messages.sendMessage', peer: toBob, message: 'words', randomId: randomLong() });
  const textId = (await historyOf(alice, toBob))[0]!.id;
  const unknown = { _: 'inputPeerChat', chatId: 1 } as const;
  for (const [call, text] of [
    [tickCall(toBob, textId, [1]), 'MESSAGE_ID_INVALID'],
    [tickCall(toBob, 99_999, [1]), 'MESSAGE_ID_INVALID'],
    [tickCall({ _: 'inputPeerSelf' }, closed.id, [1]), 'MESSAGE_ID_INVALID'],
    [tickCall({ _: 'inputPeerEmpty' }, closed.id, [1]), 'PEER_ID_INVALID'],
    [tickCall(unknown, closed.id, [1]), 'CHAT_ID_INVALID'],
    [tickCall(toBob, closed.id, []), 'TODO_NOT_MODIFIED'],
    [tickCall(toBob, closed.id, [1], [1]), 'TODO_ITEM_DUPLICATE'],
    [tickCall(toBob, closed.id, Array.from({ length: 31 }, (_, at) => at)), 'TODO_ITEMS_TOO_MUCH'],
    [addCall(toBob, textId, task(9)), 'MESSAGE_ID_INVALID'],
    [addCall({ _: 'inputPeerEmpty' }, closed.id, task(9)), 'PEER_ID_INVALID'],
    [addCall(toBob, closed.id), 'TODO_NOT_MODIFIED'],
    [addCall(toBob, closed.id, task(2)), 'TODO_ITEM_DUPLICATE'],
    [addCall(toBob, closed.id, ...many(28).map(({ id }) => task(id + 10))), 'TODO_ITEMS_TOO_MUCH'],
    [{ _: 'messages.editMessage', peer: toBob, id: textId, media: listOf() }, 'MEDIA_PREV_INVALID'],
    [{ _: 'messages.editMessage', peer: toBob, id: closed.id, message: 'words' }, 'MEDIA_PREV_INVALID'],
    [{ _: 'messages.editMessage', peer: toBob, id: closed.id, media: listOf({ list: [] }) }, 'TODO_ITEMS_EMPTY'],
    [{ _: 'messages.editMessage', peer: toBob, id: closed.id, media: listOf({ list: [task(1), task(1)] }) }, 'TODO_ITEM_DUPLICATE'],
    [{ _: 'messages.sendMultiMedia', peer: toBob, multiMedia: [1, 2].map(() => ({ _: 'inputSingleMedia', media: listOf(), message: '', randomId: randomLong() })) }, 'MEDIA_INVALID'],
  ] as const) expect(await alice.main.fails(call as tl.messages.RawToggleTodoCompletedRequest), text).toEqual({ code: 400, text });

  // Whoever blocks the other ticks alone, and so does whoever is blocked; afterwards, no copy has lost anything.
  const open = await sendList(alice.main, toBob);
  const { id: openId } = await receives(bob, toAlice);
  await alice.main.call({ _: 'contacts.block', id: toBob });
  await alice.main.change(tickCall(toBob, open.id, [1]));
  await bob.main.change(tickCall(toAlice, openId, [2]));
  expect([doneIn(await receives(alice, toBob)), doneIn(await receives(bob, toAlice))]).toEqual([{ 1: alice.id }, { 2: bob.id }]);
  await alice.main.call({ _: 'contacts.unblock', id: toBob });
  await alice.main.change(tickCall(toBob, open.id, [3]));
  expect([doneIn(await receives(alice, toBob)), doneIn(await receives(bob, toAlice))]).toEqual([{ 1: alice.id, 3: alice.id }, { 2: bob.id, 3: alice.id }]);
});

test('whoever may not write somewhere ticks and adds nothing there', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const sent = await sendList(alice.main, alice.main.inputPeer(id));
  const refusalsOf = async (actor: Actor, peer: tl.TypeInputPeer, msgId: number): Promise<string[]> => [(await actor.main.fails(tickCall(peer, msgId, [1]))).text, (await actor.main.fails(addCall(peer, msgId, task(9)))).text];
  const restrict = (actor: Actor, rights: Partial<tl.RawChatBannedRights>): Promise<unknown> =>
    alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(actor.id), bannedRights: { _: 'chatBannedRights', untilDate: 0, ...rights } });
  const [ofBob, ofCarol] = [bob.main.inputPeer(id), carol.main.inputPeer(id)];
  await restrict(bob, { sendMessages: true });
  expect(await refusalsOf(bob, ofBob, sent.id)).toEqual(['USER_BANNED_IN_CHANNEL', 'USER_BANNED_IN_CHANNEL']);
  await restrict(carol, { viewMessages: true });
  expect(await refusalsOf(carol, ofCarol, sent.id)).toEqual(['CHANNEL_PRIVATE', 'CHANNEL_PRIVATE']);

  const { peer } = await createGroup(alice, [bob, carol]);
  const inGroup = await sendList(alice.main, peer);
  const { id: ofLeft } = await receives(bob, peer);
  await bob.main.change({ _: 'messages.deleteChatUser', chatId: peer.chatId, userId: { _: 'inputUserSelf' } });
  expect(await refusalsOf(bob, peer, ofLeft)).toEqual(['CHAT_WRITE_FORBIDDEN', 'CHAT_WRITE_FORBIDDEN']);
  await alice.main.change(tickCall(peer, inGroup.id, [2]));
  // Whoever has left keeps the list as it was.
  expect(doneIn(await receives(bob, peer))).toEqual({});
  expect(doneIn(await receives(carol, peer))).toEqual({ 2: alice.id });
});

test('a broadcast channel has no lists but forwards, which nobody can tick', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const peer = alice.main.inputPeer(id);
  const self: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };
  expect(await alice.main.fails(sendCall(peer, listOf(SHARED)))).toEqual({ code: 400, text: 'MEDIA_INVALID' });
  const own = await sendList(alice.main, self);
  const forward = (more: Partial<tl.messages.RawForwardMessagesRequest> = {}): tl.messages.RawForwardMessagesRequest => ({ _: 'messages.forwardMessages', fromPeer: self, toPeer: peer, id: [own.id], randomId: [randomLong()], ...more });
  expect(await alice.main.fails(forward({ dropAuthor: true }))).toEqual({ code: 400, text: 'MEDIA_INVALID' });
  const [post] = messagesIn(await verifyUpdates([alice, bob], () => alice.main.change(forward())));
  expect(await alice.main.fails(tickCall(peer, post!.id, [1]))).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  expect((await bob.main.fails(tickCall(bob.main.inputPeer(id), post!.id, [1]))).code).not.toBe(500);
});
