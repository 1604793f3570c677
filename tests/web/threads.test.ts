import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, startTestServer } from '@aerogram/dev-env';
import { idOfSent } from './make-chats.ts';
import { endWebStage, hasChromium, setWebStage, type WebPerson, type WebStage } from './stage.ts';
import { layWire, type Wire } from './wire.ts';

/** Makes a supergroup or channel, with others in it. @returns its marked id */
async function makeChannel(owner: Actor, title: string, { isBroadcast = false, others = [] }: { isBroadcast?: boolean; others?: Actor[] }): Promise<number> {
  const answer = (await owner.main.change({ _: 'channels.createChannel', title, about: '', ...(isBroadcast ? { broadcast: true } : { megagroup: true }) })) as tl.RawUpdates;
  const id = -1_000_000_000_000 - answer.chats[0]!.id;
  for (const other of others) await owner.meet(other);
  if (others.length > 0) await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(id), users: others.map((other) => owner.main.inputUser(other.id)) });
  for (const { main } of others) await main.waitUntil(`channel ${title}`, () => main.state.channels.find(id) !== undefined);
  return id;
}

/** Posts a text. @returns its id */
async function post(actor: Actor, id: number, message: string, replyToMsgId?: number): Promise<number> {
  const replyTo: tl.TypeInputReplyTo | undefined = replyToMsgId === undefined ? undefined : { _: 'inputReplyToMessage', replyToMsgId };
  return idOfSent(await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, replyTo, randomId: randomLong() }));
}

/** The link below a message that leads to its replies. */
const replies = (person: WebPerson, text: string, name: string): ReturnType<WebPerson['message']> => person.message(text).getByRole('link', { name, exact: true });

const heading = (person: WebPerson, name: string): Promise<void> => person.page.getByRole('main').getByRole('heading', { level: 1, name, exact: true }).waitFor();

describe.skipIf(!hasChromium)('threads in the web client', () => {
  let wire: Wire;
  let stage: WebStage;
  let ann: WebPerson;
  let carl: WebPerson;
  beforeAll(async () => {
    const server = await startTestServer();
    wire = await layWire(server.info.http.port);
    stage = await setWebStage(server, wire.port);
    ann = await stage.person('Ann');
    carl = await stage.person('Carl', 'phone');
  });
  afterAll(async () => {
    await endWebStage(stage);
    await wire?.[Symbol.asyncDispose]();
  });

  test('the replies to a message of a group are opened, read and written in a thread of their own', async () => {
    const bob = await stage.world.user('Bob');
    const { main } = carl.actor;
    const group = await makeChannel(bob, 'Climbers', { others: [ann.actor, carl.actor] });
    const root = await post(bob, group, 'who comes along?');
    await ann.open(group);
    await ann.message('who comes along?').waitFor();
    expect(await ann.messages.getByRole('link', { name: /repl/ }).count()).toBe(0);
    const first = await post(carl.actor, group, 'me too', root);
    await post(bob, group, 'something else');
    await ann.message('something else').waitFor();
    await ann.hasRead(group);
    await replies(ann, 'who comes along?', '1 reply').click();

    await heading(ann, '1 reply');
    await ann.message('me too').waitFor();
    expect(await ann.messages.getByRole('article').count()).toBe(2);
    await ann.send('I come as well');
    const own = await carl.actor.sees('I come as well');
    expect(own.raw).toMatchObject({ reply_to: { reply_to_msg_id: root } });
    await post(carl.actor, group, 'great', own.id);
    await ann.message('great').getByRole('button', { name: 'Reply to You: I come as well' }).waitFor();
    await ann.choose('me too', 'Reply');
    await ann.send('from where?');
    expect((await carl.actor.sees('from where?')).raw).toMatchObject({ reply_to: { reply_to_msg_id: first, reply_to_top_id: root } });
    await ann.message('from where?').getByRole('button', { name: 'Reply to Carl: me too' }).waitFor();
    await heading(ann, '4 replies');
    await main.call({ _: 'messages.setTyping', peer: main.inputPeer(group), topMsgId: root, action: { _: 'sendMessageTypingAction' } });
    await ann.page.getByRole('main').getByText('Carl is typing…').waitFor();
    await main.call({ _: 'messages.setTyping', peer: main.inputPeer(group), topMsgId: root, action: { _: 'sendMessageCancelAction' } });
    await ann.page.getByRole('main').getByText('Carl is typing…').waitFor({ state: 'detached' });
    // The reply to Ann was seen, which is told a moment later.
    await ann.chats.getByRole('link', { name: /mentions you/ }).waitFor({ state: 'detached' });
    await ann.countsAll();
    await ann.sameAfterReload();

    await ann.page.getByRole('main').getByRole('link', { name: 'Back' }).click();
    await replies(ann, 'who comes along?', '4 replies').waitFor();
    await post(carl.actor, group, 'from the north', root);
    await replies(ann, 'who comes along?', '5 replies, unread').waitFor();
    await ann.choose('from the north', 'View in thread');
    await heading(ann, '5 replies');
    await ann.page.getByRole('main', { name: 'Replies in Climbers' }).waitFor();
    await ann.page.goBack();
    await replies(ann, 'who comes along?', '5 replies').waitFor();
    await main.change({ _: 'channels.deleteMessages', channel: main.inputChannel(group), id: [first] });
    await replies(ann, 'who comes along?', '4 replies').waitFor();
    await ann.hasRead(group);
    await ann.sameAfterReload();
  });

  test('a long thread is paged, and a reply that is written without a connection is sent into it later (phone)', async () => {
    const bob = await stage.world.user('Bob');
    const group = await makeChannel(bob, 'Readers', { others: [carl.actor] });
    const root = await post(bob, group, 'a long question');
    for (let note = 1; note <= 60; note++) await post(bob, group, `note ${note}.`, root);
    await carl.go(`thread/${group}/${root}`);
    await heading(carl, '60 replies');
    await carl.message('note 1.').waitFor();
    await carl.message('a long question').waitFor();
    await carl.page.getByRole('button', { name: 'Scroll to bottom' }).click();
    await carl.message('note 60.').waitFor();

    await carl.page.getByRole('main').getByRole('link', { name: 'Back' }).click();
    await replies(carl, 'a long question', '60 replies').waitFor();
    wire.cut();
    await replies(carl, 'a long question', '60 replies').click();
    await carl.message('note 60.').waitFor();
    await carl.send('written alone');
    await carl.message('written alone').getByRole('img', { name: 'Sending' }).waitFor();
    wire.mend();
    await carl.page.reload();
    expect((await bob.sees('written alone')).raw).toMatchObject({ reply_to: { reply_to_msg_id: root } });
    await heading(carl, '61 replies');
    const answer = await bob.main.call({ _: 'messages.getReplies', peer: bob.main.inputPeer(group), msgId: root, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
    expect(answer).toMatchObject({ count: 61, messages: [{ message: 'written alone' }] });
    await carl.message('written alone').getByRole('img', { name: 'Sent' }).waitFor();
    await carl.countsAll();
    await carl.sameAfterReload();
  });

  test('posts of a channel are commented in the group chosen for that, by readers from outside and by members', async () => {
    const { main } = ann.actor;
    const channel = await makeChannel(ann.actor, 'Journal', { isBroadcast: true, others: [carl.actor] });
    const group = await makeChannel(ann.actor, 'Talk', {});
    const info = ann.page.getByRole('complementary', { name: 'Info' });
    await ann.go(`chat/${channel}/info`);
    await info.getByRole('button', { name: 'Edit' }).click();
    await ann.managed('Edit channel').getByRole('link', { name: 'Discussion group' }).click();
    const discussion = ann.managed('Discussion');
    await discussion.getByRole('list', { name: 'Choose a discussion group' }).getByRole('button', { name: 'Talk' }).click();
    await ann.dialog('Link group').getByText('Posts of Journal can be commented in Talk.').waitFor();
    await ann.dialog('Link group').getByRole('button', { name: 'Link group' }).click();
    await discussion.getByRole('link', { name: 'Talk' }).click();
    await ann.page.getByRole('main', { name: 'Talk' }).waitFor();
    await ann.page.getByRole('button', { name: 'Chat info' }).click();
    await info.getByRole('listitem').filter({ hasText: 'Linked channel' }).getByRole('link', { name: 'Journal' }).waitFor();
    await ann.open(channel);
    await ann.send('first post');
    await replies(ann, 'first post', 'Leave a comment').waitFor();

    await carl.open(channel);
    await replies(carl, 'first post', 'Leave a comment').click();
    await heading(carl, 'Comments');
    await carl.message('first post').waitFor();
    await carl.send('well said');
    await carl.message('well said').getByRole('img', { name: 'Sent' }).waitFor();
    await replies(ann, 'first post', '1 comment').click();
    await ann.message('well said').waitFor();
    await ann.send('thank you');
    // Nobody tells Carl of it: he is not in the group.
    await carl.message('thank you').waitFor({ timeout: 30_000 });
    await heading(carl, '2 comments');
    for (const [person, text] of [[ann, 'thank you'], [carl, 'well said']] as const) await person.message(text).getByRole('img', { name: 'Read' }).waitFor();
    for (const person of [ann, carl]) {
      await person.countsAll();
      await person.sameAfterReload();
    }

    const own = await makeChannel(carl.actor, 'Notes of Carl', { isBroadcast: true });
    await carl.actor.main.call({ _: 'channels.updateUsername', channel: carl.actor.main.inputChannel(own), username: 'notes_of_carl' });
    await carl.page.getByRole('button', { name: 'Write as: You' }).click();
    await carl.page.getByRole('menuitem', { name: 'Notes of Carl' }).click();
    await carl.page.getByRole('button', { name: 'Write as: Notes of Carl' }).waitFor();
    await carl.send('in its name');
    await ann.message(/Notes of Carl\s*in its name/).waitFor();
    await heading(carl, '3 comments');

    await main.change({ _: 'channels.toggleJoinToSend', channel: main.inputChannel(group), enabled: true });
    await carl.page.getByRole('main').getByRole('link', { name: 'Back' }).click();
    await replies(carl, 'first post', '3 comments').click();
    await carl.page.getByRole('button', { name: 'Join group' }).click();
    await carl.send('I am in');
    await ann.message('I am in').waitFor();
    await ann.send('welcome');
    await carl.message('welcome').waitFor();
    await heading(carl, '5 comments');
    await carl.page.getByRole('main').getByRole('link', { name: 'Back' }).click();
    await replies(carl, 'first post', '5 comments').waitFor();
    await carl.goToList();
    await carl.chat('Talk').waitFor();
    await carl.countsAll();
    await carl.sameAfterReload();

    await ann.go(`chat/${channel}/info/discussion`);
    await discussion.getByRole('button', { name: 'Unlink group' }).click();
    await ann.dialog('Unlink group').getByRole('button', { name: 'Unlink' }).click();
    await discussion.getByRole('button', { name: 'Talk' }).waitFor();
    await ann.leaveInfo();
    await ann.message('first post').getByRole('link').waitFor({ state: 'detached' });
    await ann.message('first post').getByRole('img', { name: '2 views' }).waitFor();
    await ann.countsAll();
    await ann.sameAfterReload();
  });
});
