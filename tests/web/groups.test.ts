import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { scanCode } from './scan-code.ts';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

const info = (person: WebPerson): ReturnType<WebPerson['page']['getByRole']> => person.page.getByRole('complementary', { name: 'Info' });

/** The marked id of a channel is this minus its plain id. */
const CHANNEL_MARK = -1_000_000_000_000;

/** Makes a supergroup or channel of an actor. @returns its marked id */
async function makeChannel(owner: Actor, title: string, isBroadcast: boolean): Promise<number> {
  const answer = await owner.main.change({ _: 'channels.createChannel', title, about: `About ${title}`, ...(isBroadcast ? { broadcast: true } : { megagroup: true }) });
  if (answer._ !== 'updates') throw new Error(answer._);
  return CHANNEL_MARK - answer.chats[0]!.id;
}

async function makeInvite(owner: Actor, group: number, needsApproval: boolean): Promise<string> {
  const invite = await owner.main.call({ _: 'messages.exportChatInvite', peer: owner.main.inputPeer(group), requestNeeded: needsApproval });
  if (invite._ !== 'chatInviteExported') throw new Error(invite._);
  return invite.link.replace('https://t.me/', '');
}

/** Writes down that the open channel is like another one, as the server does once a day, and looks at the list beside the channel. */
async function findSimilar({ server, world }: WebStage, person: WebPerson): Promise<void> {
  const owner = await world.user('Olga');
  const title = 'Evening paper';
  const like = await makeChannel(owner, title, true);
  await owner.main.change({ _: 'channels.updateUsername', channel: owner.main.inputChannel(like), username: 'evening_paper' });
  const opened = Number(/chat\/(-\d+)/.exec(person.page.url())![1]);
  await sql`INSERT INTO similar_channels (channel_id, similar_id, score) VALUES (${CHANNEL_MARK - opened}, ${CHANNEL_MARK - like}, 1)`.execute(server.db.q);
  await person.page.getByRole('button', { name: 'Chat info' }).click();
  const column = person.page.getByRole('complementary', { name: 'Info' });
  await column.getByRole('tab', { name: 'Similar' }).click();
  await column.getByRole('list', { name: 'Similar channels' }).getByRole('link', { name: `${title} 1 subscriber` }).waitFor();
  await column.getByRole('button', { name: 'Close info' }).click();
}

describe.skipIf(!hasChromium)('groups and channels in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('a group that becomes a supergroup stands once in the list, and whoever has it open goes on there', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await bob.meet(ann.actor);
    const made = await bob.main.invite({ _: 'messages.createChat', title: 'Neighbours', users: [bob.main.inputUser(ann.actor.id)] });
    const group = made.updates._ === 'updates' ? made.updates.chats[0]!.id : 0;
    const sent = async (text: string): Promise<void> => {
      await ann.send(text);
      await ann.message(text).getByRole('img', { name: 'Sent' }).waitFor();
    };
    await ann.open(-group);
    await sent('first before');
    await bob.main.change({ _: 'messages.sendMessage', peer: { _: 'inputPeerChat', chatId: group }, message: 'second before', randomId: Long.fromNumber(2) });
    await sent('third before');
    await ann.message('second before').waitFor();
    await ann.composer.click();
    await ann.page.keyboard.insertText('half a thought');
    await bob.main.change({ _: 'messages.migrateChat', chatId: group });

    const seam = ann.messages.getByText('The group became a supergroup');
    await seam.waitFor();
    expect(ann.page.url()).toMatch(/#\/chat\/-100\d+$/);
    await expect.poll(() => ann.chat('Neighbours').count()).toBe(1);
    await ann.message('first before').waitFor();
    await expect.poll(() => ann.composer.textContent()).toBe('half a thought');
    await ann.page.keyboard.press('Enter');
    await ann.message('half a thought').getByRole('img', { name: 'Sent' }).waitFor();
    for (const text of ['first after', 'second after']) await sent(text);
    const texts = (): Promise<string[]> => ann.messages.getByRole('article').locator('.message-text').allTextContents();
    const shown = ['first before', 'second before', 'third before', 'half a thought', 'first after', 'second after'];
    await expect.poll(texts).toEqual(shown);

    // Ids of both chats overlap: what is done to a message of one is not done to one of the other.
    await ann.choose('first before', 'Reply');
    await sent('an answer');
    await ann.message('an answer').getByRole('button', { name: /^Reply to .*: first before$/ }).waitFor();
    await ann.choose('third before', 'Select');
    await ann.message('first after').click();
    await ann.page.getByText('2 selected').waitFor();
    await ann.page.getByRole('button', { name: 'Forward' }).click();
    await ann.forwardTo('Saved Messages');
    await ann.page.getByRole('status').filter({ hasText: 'Forwarded to Saved Messages' }).waitFor();
    await ann.choose(/^first before/, 'Delete');
    await ann.page.getByRole('dialog').getByRole('checkbox').check();
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await ann.message(/^first before/).waitFor({ state: 'detached' });
    await ann.choose('second after', 'Delete');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    const left = ['second before', 'third before', 'half a thought', 'first after', 'an answer'];
    await expect.poll(texts).toEqual(left);
    await ann.page.getByRole('button', { name: 'Search in chat' }).click();
    await ann.page.getByRole('searchbox', { name: 'Search in chat' }).fill('before');
    await ann.page.getByRole('status').filter({ hasText: /^1 of 2$/ }).waitFor();
    await ann.page.getByRole('button', { name: 'Leave search' }).click();

    await ann.sameAfterReload();
    expect(await ann.chat('Neighbours').count()).toBe(1);
    await ann.open(-group);
    await expect.poll(texts).toEqual(left);
    expect(ann.page.url()).toMatch(/#\/chat\/-100\d+$/);
    await ann.open(ann.actor);
    await expect.poll(texts).toEqual(['third before', 'first after']);
  });

  test('a group is made of people who are searched for, renamed, grown and left', async () => {
    const ann = await stage.person('Ann');
    const [bob, carl] = [await stage.world.user('Bob Archer'), await stage.world.user('Carl Archer')];
    await ann.actor.meet(bob);
    await ann.actor.meet(carl);
    const { page } = ann;
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByRole('menuitem', { name: 'New group' }).click();
    await page.getByRole('textbox', { name: 'Group name' }).fill('Hikers');
    await page.getByRole('searchbox', { name: 'Search people' }).fill('archer');
    await page.getByRole('checkbox', { name: 'Bob Archer' }).check();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('main', { name: 'Hikers' }).waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Set a picture' }).waitFor();
    await page.getByRole('button', { name: 'Invite people' }).click();
    await page.getByRole('dialog', { name: 'Add members' }).getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Add a description' }).click();
    const edit = ann.managed('Edit group');
    await edit.getByRole('textbox', { name: 'Description' }).fill('Every Saturday');
    await edit.getByRole('button', { name: 'Save' }).click();
    await edit.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    await ann.go(page.url().replace(/^.*#\//, '').replace('/info/edit', ''));
    await page.getByRole('button', { name: 'Set a picture' }).waitFor();
    await page.getByRole('button', { name: 'Add a description' }).waitFor({ state: 'detached' });
    await bob.main.call({ _: 'account.updateStatus', offline: false });
    await ann.send('welcome all');
    await bob.sees('welcome all');
    await page.getByRole('button', { name: 'Invite people' }).waitFor({ state: 'detached' });
    await ann.go('');
    await ann.chat('Hikers').click();
    await page.getByRole('main').getByText('2 members, 2 online').waitFor();

    await page.getByRole('button', { name: 'Chat info' }).click();
    await info(ann).getByRole('tab', { name: 'Members' }).waitFor();
    await info(ann).getByRole('list', { name: 'Members' }).getByText('Bob Archer').waitFor();
    await info(ann).getByRole('button', { name: 'Add members' }).click();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Carl Archer' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await info(ann).getByRole('list', { name: 'Members' }).getByText('Carl Archer').waitFor();
    await info(ann).getByRole('button', { name: 'Edit' }).click();
    await edit.getByRole('textbox', { name: 'Group name' }).fill('Hikers of the north');
    await edit.getByRole('textbox', { name: 'Description' }).fill('Every Sunday');
    await edit.getByRole('button', { name: 'Save' }).click();
    await edit.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    await edit.getByRole('link', { name: 'Back' }).click();
    await info(ann).getByText('Every Sunday').waitFor();
    await info(ann).getByRole('button', { name: 'Remove Bob Archer' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove member' }).click();
    await info(ann).getByText('2 members').waitFor();
    await info(ann).getByRole('button', { name: 'Mute', exact: true }).click();
    await ann.dialog('Mute').getByRole('button', { name: 'For ever' }).click();
    await info(ann).getByRole('button', { name: 'Unmute' }).click();
    await info(ann).getByRole('button', { name: 'Mute', exact: true }).waitFor();
    await info(ann).getByRole('button', { name: 'Search in chat' }).click();
    await page.getByRole('searchbox', { name: 'Search in chat' }).waitFor();
    await page.keyboard.press('Escape');
    await ann.leaveInfo();
    await page.getByRole('main', { name: 'Hikers of the north' }).waitFor();
    await ann.sameAfterReload();

    await page.getByRole('main').getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Leave group' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave group' }).click();
    await ann.chats.waitFor();
    await ann.chat('Hikers').waitFor({ state: 'detached' });
    await ann.sameAfterReload();
  });

  test('a channel with a public name; its post is seen, its link opens here', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.person('Bob', 'desk');
    await ann.go('new/channel');
    await ann.page.getByRole('textbox', { name: 'Channel name' }).fill('Morning news');
    await ann.page.getByRole('textbox', { name: 'Username' }).fill('morning_news');
    await ann.page.getByText('This username is free.').waitFor();
    await ann.page.getByRole('button', { name: 'Create' }).click();
    await ann.page.getByRole('main', { name: 'Morning news' }).getByText('Write the first post.').waitFor();
    await ann.send('good morning');
    await ann.message('good morning').waitFor();

    await bob.go('link/morning_news');
    await bob.message('good morning').waitFor();
    await bob.page.getByRole('button', { name: 'Join' }).click();
    await bob.goToList();
    await bob.chat('Morning news').click();
    await ann.send('it rains');
    await bob.message('it rains').waitFor();
    await bob.page.getByText('Only admins can write in this channel.').waitFor();
    // The server counts views once a second.
    for (const person of [ann, bob]) for (const text of ['good morning', 'it rains']) await person.message(text).getByRole('img', { name: '2 views' }).waitFor();
    await findSimilar(stage, bob);
    await bob.sameAfterReload();
    await ann.sameAfterReload();

    await ann.page.getByRole('button', { name: 'More', exact: true }).click();
    await ann.page.getByRole('menuitem', { name: 'Delete channel' }).click();
    await ann.dialog('Delete channel').getByText('Morning news and all its messages are deleted for everybody.').waitFor();
    await ann.dialog('Delete channel').getByRole('button', { name: 'Delete channel' }).click();
    await ann.chats.waitFor();
    await ann.chat('Morning news').waitFor({ state: 'detached' });
    await bob.goToList();
    await bob.chat('Morning news').waitFor({ state: 'detached' });
    await ann.sameAfterReload();
  });

  test('a channel whose username was taken meanwhile is made once', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    const { page } = ann;
    await ann.go('new/channel');
    await page.getByRole('textbox', { name: 'Channel name' }).fill('Evening news');
    await page.getByRole('textbox', { name: 'Username' }).fill('evening_news');
    await page.getByText('This username is free.').waitFor();
    await bob.main.call({ _: 'account.updateUsername', username: 'evening_news' });
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('alert').filter({ hasText: 'taken' }).waitFor();
    await page.getByRole('textbox', { name: 'Channel name' }).fill('Late news');
    await page.getByRole('textbox', { name: 'Username' }).fill('late_news');
    await page.getByText('This username is free.').waitFor();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('main', { name: 'Late news' }).waitFor();
    const dialogs = await ann.actor.main.call({ _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 100, hash: Long.ZERO });
    expect('chats' in dialogs && dialogs.chats).toEqual([expect.objectContaining({ title: 'Late news', username: 'late_news' })]);
    await ann.sameAfterReload();
  });

  test('an invite link shows where it leads; where admins decide, one asks', async () => {
    const bob = await stage.world.user('Bob');
    const ann = await stage.person('Ann');
    const open = await makeChannel(bob, 'Open house', false);
    const closed = await makeChannel(bob, 'Closed circle', false);

    await ann.go(`link/${await makeInvite(bob, open, false)}`);
    const invited = ann.page.getByRole('dialog', { name: 'You are invited to a group' });
    await invited.getByText('About Open house').waitFor();
    await invited.locator('button:focus', { hasText: 'Join' }).waitFor();
    await invited.getByRole('button', { name: 'Join' }).click();
    await ann.page.getByRole('main', { name: 'Open house' }).waitFor();
    await ann.send('I am in');
    await bob.sees('I am in');

    await bob.send(ann.actor, `https://t.me/${await makeInvite(bob, closed, true)}`);
    await ann.goToList();
    await ann.chat('Bob').click();
    await ann.message('https://t.me/').getByRole('link').click();
    await invited.getByRole('button', { name: 'Ask to join' }).click();
    await invited.getByText('You have asked to join. The admins will decide.').waitFor();
    await bob.main.call({
      _: 'messages.hideChatJoinRequest',
      approved: true,
      peer: bob.main.inputPeer(closed),
      userId: bob.main.inputUser(ann.actor.id),
    });
    await invited.getByRole('button', { name: 'Close' }).click();
    await ann.goToList();
    await ann.chat('Closed circle').waitFor();
    await ann.go('link/+doesnotexist');
    await ann.page.getByRole('dialog', { name: 'Link' }).getByText('This invite link is not valid any more.').waitFor();
    await ann.page.getByRole('dialog', { name: 'Link' }).getByRole('button', { name: 'Close' }).click();
    await ann.sameAfterReload();
  });

  test('a link to a folder offers its chats; the same link adds what came later, and then says that all are there', async () => {
    const bob = await stage.world.user('Bob');
    const ann = await stage.person('Ann', 'phone');
    const ids = [await makeChannel(bob, 'Bread', true), await makeChannel(bob, 'Cheese', false), await makeChannel(bob, 'Wine', true)];
    const [bread, cheese, wine] = ids.map((id) => bob.main.inputPeer(id)) as [tl.TypeInputPeer, tl.TypeInputPeer, tl.TypeInputPeer];
    const title: tl.RawTextWithEntities = { _: 'textWithEntities', text: 'Picnic', entities: [] };
    await bob.main.call({ _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilter', id: 2, title, pinnedPeers: [], includePeers: [bread, cheese, wine], excludePeers: [] } });
    const chatlist: tl.TypeInputChatlist = { _: 'inputChatlistDialogFilter', filterId: 2 };
    const { invite } = await bob.main.call({ _: 'chatlists.exportChatlistInvite', chatlist, title: '', peers: [bread, cheese] });
    const slug = invite.url.replace('https://t.me/addlist/', '');

    await bob.send(ann.actor, invite.url);
    await ann.chat('Bob').click();
    await ann.message('addlist').getByRole('link').click();
    const offered = ann.dialog('Add folder');
    await offered.getByRole('heading', { name: 'Picnic' }).waitFor();
    await offered.getByRole('checkbox', { name: 'Cheese' }).uncheck();
    await offered.getByRole('button', { name: 'Join 1 chat' }).click();
    await ann.page.getByRole('tab', { name: /^Picnic/, selected: true }).waitFor();
    await ann.chat('Bread').waitFor();
    expect(await ann.chat('Cheese').count()).toBe(0);

    await bob.main.call({ _: 'chatlists.editExportedInvite', chatlist, slug, peers: [bread, cheese, wine] });
    await ann.page.goto(`http://localhost:${stage.server.info.http.port}/#/link/addlist/${slug}`);
    const more = ann.dialog('Add chats to your folder');
    await more.getByRole('listitem').filter({ hasText: 'Bread' }).getByText('in your folder').waitFor();
    await more.getByRole('button', { name: 'Join 2 chats' }).click();
    for (const name of ['Cheese', 'Wine']) await ann.chat(name).waitFor();
    await ann.go(`link/addlist/${slug}`);
    const whole = ann.dialog('Folder');
    await whole.getByText('You have this folder already, with all its chats.').waitFor();
    await whole.getByRole('button', { name: 'Show folder' }).click();
    await ann.chat('Wine').waitFor();

    await bob.main.call({ _: 'chatlists.deleteExportedInvite', chatlist, slug });
    await bob.main.call({ _: 'messages.updateDialogFilter', id: 2 });
    await ann.go(`link/addlist/${slug}`);
    await ann.dialog('Link').getByText('This folder link is not valid any more.').waitFor();
    await ann.dialog('Link').getByRole('button', { name: 'Close' }).click();
    await ann.page.getByRole('tab', { name: /^All/ }).click();
    await ann.sameAfterReload();
  });

  test('an admin copies the invite link of this server, and lets people in who ask', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    const id = await makeChannel(ann.actor, 'Reading circle', false);
    await expect.poll(() => ann.row('Reading circle')).toMatch(/You created the group/);
    await ann.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await ann.open(id);
    await ann.page.getByRole('button', { name: 'Chat info' }).click();
    await info(ann).getByRole('button', { name: /^(Create an invite link|Copy link)$/ }).click();
    await ann.page.getByText('Copied').waitFor();
    const copied: string = await ann.page.evaluate('navigator.clipboard.readText()');
    expect(copied.startsWith(`http://localhost:${stage.server.info.http.port}/+`)).toBe(true);
    // The link is the one that is shown from then on.
    await info(ann).getByText(copied.replace('http://', '')).waitFor();
    await info(ann).getByRole('button', { name: 'QR code' }).click();
    await ann.dialog('QR code').getByText(copied.replace('http://', '')).waitFor();
    expect(await scanCode(ann)).toBe(copied);
    await ann.page.keyboard.press('Escape');

    const hash = (await makeInvite(ann.actor, id, true)).replace('+', '');
    await expect(bob.main.call({ _: 'messages.importChatInvite', hash })).rejects.toThrow('INVITE_REQUEST_SENT');
    await ann.page.reload();
    await info(ann).getByRole('link', { name: '1 person asks to join' }).click();
    const requests = ann.managed('Requests to join');
    await requests.getByRole('button', { name: 'Accept' }).click();
    await requests.getByText('Nobody asks to join.').waitFor();
    await requests.getByRole('link', { name: 'Back' }).click();
    await ann.managed('Edit group').getByRole('link', { name: 'Back' }).click();
    await info(ann).getByRole('list', { name: 'Members' }).getByText('Bob').waitFor();
    await ann.goToList();
    await expect.poll(() => ann.row('Reading circle')).toMatch(/Bob was accepted(, 1 unread)?$/);
    await ann.sameAfterReload();
  });
});
