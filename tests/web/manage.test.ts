import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { makeGroup } from './make-chats.ts';
import { scanCode } from './scan-code.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

/** Executed, it would make the page report a dialog. */
const HOSTILE = '<img src=x onerror=alert(1)>';

/** Makes a supergroup or channel of an actor. @returns its marked id */
async function makeChannel(owner: Actor, title: string, isBroadcast: boolean): Promise<number> {
  const answer = await owner.main.change({ _: 'channels.createChannel', title, about: '', ...(isBroadcast ? { broadcast: true } : { megagroup: true }) });
  if (answer._ !== 'updates') throw new Error(answer._);
  return -1_000_000_000_000 - answer.chats[0]!.id;
}

async function fullOf({ main }: Actor, peer: number): Promise<tl.RawChannelFull> {
  const { fullChat } = await main.call({ _: 'channels.getFullChannel', channel: main.inputChannel(peer) });
  if (fullChat._ !== 'channelFull') throw new Error(fullChat._);
  return fullChat;
}

describe.skipIf(!hasChromium)('managing groups and channels in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('a basic group is edited, and becomes a supergroup only after a question', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user(HOSTILE);
    await ann.actor.meet(bob);
    const basic = await makeGroup(ann.actor, HOSTILE, [bob]);
    await ann.go(`chat/${basic}/info`);
    await ann.page.getByRole('button', { name: 'Edit' }).click();
    const edit = ann.managed('Edit group');
    expect(await edit.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await edit.getByRole('textbox', { name: 'Group name' }).fill('Family');
    await edit.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await bob.main.call({ _: 'messages.getChats', id: [-basic] })).chats).toMatchObject([{ title: 'Family' }]);

    const topics = edit.getByRole('switch', { name: 'Topics' });
    await topics.click();
    const question = ann.dialog('Make it a supergroup?');
    await question.getByText('Everybody stays').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => topics.isChecked()).toBe(false);
    expect(ann.openPeer).toBe(basic);

    await edit.getByRole('button', { name: 'History for new members' }).click();
    await ann.dialog('History for new members').getByRole('radio', { name: 'Shown' }).click();
    await question.getByRole('button', { name: 'Continue' }).click();
    await edit.getByRole('button', { name: 'History for new members Shown' }).waitFor();
    expect(ann.page.url()).toMatch(/#\/chat\/-100\d+\/info\/edit$/);
    const group = ann.openPeer;
    expect((await fullOf(bob, group)).hiddenPrehistory).toBe(false);

    // What another device sets is shown at once.
    await ann.actor.main.call({ _: 'channels.togglePreHistoryHidden', channel: ann.actor.main.inputChannel(group), enabled: true });
    await edit.getByRole('button', { name: 'History for new members Hidden' }).waitFor();
    await topics.click();
    await edit.getByRole('switch', { name: 'Show topics as tabs' }).waitFor();
    await ann.leaveInfo();
    await ann.countsAll();
    await ann.sameAfterReload();
  });

  test('what members may do, how often they write, and what is forbidden to one of them (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    const { main } = ann.actor;
    await ann.actor.meet(bob);
    const basic = await makeGroup(ann.actor, 'Choir', [bob]);
    await ann.go(`chat/${basic}/info/permissions`);
    const page = ann.managed('Permissions');
    const rights = page.getByRole('group', { name: 'What members may do' });
    await rights.getByRole('switch', { name: 'Pin messages' }).uncheck();
    await expect.poll(async () => (await main.call({ _: 'messages.getChats', id: [-basic] })).chats).toMatchObject([{ defaultBannedRights: { pinMessages: true } }]);

    await page.getByRole('slider', { name: 'Slow mode' }).fill('2');
    await ann.dialog('Make it a supergroup?').getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => ann.page.url()).toMatch(/#\/chat\/-100\d+\/info\/permissions$/);
    const group = ann.openPeer;
    await expect.poll(async () => (await fullOf(bob, group)).slowmodeSeconds).toBe(30);
    await page.getByText('everybody but admins waits 30 seconds').waitFor();
    expect(await page.getByRole('slider', { name: 'Slow mode' }).getAttribute('aria-valuetext')).toBe('30 seconds');
    expect(await rights.getByRole('switch', { name: 'Pin messages' }).isChecked()).toBe(false);

    await rights.getByText('Send media').click();
    await rights.getByRole('switch', { name: 'Polls' }).uncheck();
    await rights.getByText('8 of 9').waitFor();
    await expect.poll(async () => (await bob.main.call({ _: 'channels.getChannels', id: [bob.main.inputChannel(group)] })).chats).toMatchObject([{ defaultBannedRights: { sendPolls: true, sendPhotos: false } }]);

    await page.getByRole('button', { name: 'Add exception' }).click();
    await ann.dialog('Add exception').getByRole('button', { name: 'Bob' }).click();
    const exception = ann.managed('Exceptions');
    await exception.getByRole('switch', { name: 'Send messages' }).uncheck();
    await exception.getByRole('button', { name: 'Remove exception' }).waitFor();
    await exception.getByRole('combobox', { name: 'Until' }).selectOption('For a week');
    const restriction = async (): Promise<tl.TypeChannelParticipant> => (await main.call({ _: 'channels.getParticipant', channel: main.inputChannel(group), participant: main.inputPeer(bob.id) })).participant;
    await expect.poll(restriction).toMatchObject({ _: 'channelParticipantBanned', bannedRights: { sendPlain: true, viewMessages: false } });
    await expect.poll(async () => { const found = await restriction(); return found._ === 'channelParticipantBanned' && found.bannedRights.untilDate - Date.now() / 1000 < 8 * 86_400; }).toBe(true);
    await exception.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('list', { name: 'Exceptions' }).getByText('May not: Send messages').click();
    await exception.getByRole('button', { name: 'Remove exception' }).click();
    await page.getByRole('slider').waitFor();
    await expect.poll(async () => (await restriction())._).toBe('channelParticipant');
    expect(await page.getByRole('list', { name: 'Exceptions' }).getByRole('listitem').count()).toBe(0);
    await ann.leaveInfo();
    await ann.countsAll();
    await ann.sameAfterReload();
  });

  test('a member becomes an admin with some rights and a title, and is dismissed', async () => {
    const ann = await stage.person('Ann');
    const [bob, eve] = [await stage.world.user('Bob'), await stage.world.user(HOSTILE)];
    const { main } = ann.actor;
    for (const one of [bob, eve]) await ann.actor.meet(one);
    const basic = await makeGroup(ann.actor, 'Orchestra', [bob, eve]);
    await ann.go(`chat/${basic}/info/admins`);
    const admins = ann.managed('Admins');
    const rights = ann.managed('Admin rights');
    const choose = async (name: string): Promise<void> => {
      await admins.getByRole('button', { name: 'Add admin' }).click();
      await ann.dialog('Add admin').getByRole('button', { name }).click();
    };
    // All admins of a basic group may do the same, so it stays one.
    await choose(HOSTILE);
    await rights.getByRole('button', { name: 'Make admin' }).click();
    await rights.getByRole('button', { name: 'Dismiss admin' }).waitFor();
    await expect.poll(async () => (await eve.main.call({ _: 'messages.getChats', id: [-basic] })).chats).toMatchObject([{ adminRights: { banUsers: true } }]);
    expect(ann.openPeer).toBe(basic);
    await rights.getByRole('link', { name: 'Back' }).click();

    await choose('Bob');
    await rights.getByRole('switch', { name: 'Delete messages' }).uncheck();
    await rights.getByRole('textbox', { name: 'Title' }).fill('Conductor');
    await rights.getByRole('button', { name: 'Make admin' }).click();
    await ann.dialog('Make it a supergroup?').getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => ann.page.url()).toMatch(/#\/chat\/-100\d+\/info\/admins\/\d+$/);
    const group = ann.openPeer;
    const participant = async (user: Actor): Promise<tl.TypeChannelParticipant> => (await main.call({ _: 'channels.getParticipant', channel: main.inputChannel(group), participant: main.inputPeer(user.id) })).participant;
    await expect.poll(() => participant(bob)).toMatchObject({ rank: 'Conductor', adminRights: { deleteMessages: false, banUsers: true, addAdmins: false, anonymous: false } });

    // Each switch is saved; Bob himself takes notice.
    await rights.getByRole('switch', { name: 'Add admins' }).check();
    await expect.poll(async () => (await bob.main.call({ _: 'channels.getChannels', id: [bob.main.inputChannel(group)] })).chats).toMatchObject([{ adminRights: { addAdmins: true, deleteMessages: false } }]);
    await rights.getByRole('textbox', { name: 'Title' }).fill('First violin');
    await rights.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => participant(bob)).toMatchObject({ rank: 'First violin', adminRights: { addAdmins: true } });
    await rights.getByRole('button', { name: 'Make owner' }).click();
    const owner = ann.dialog('Make owner');
    await owner.getByLabel('Password').fill('guessed');
    await owner.getByRole('button', { name: 'Make owner' }).click();
    await owner.getByRole('alert').filter({ hasText: 'This needs a password' }).waitFor();
    await owner.getByRole('button', { name: 'Close' }).click();
    await rights.getByRole('link', { name: 'Back' }).click();
    await admins.getByRole('listitem').filter({ hasText: 'Bob' }).getByText('First violin').waitFor();
    await admins.getByRole('link', { name: 'Bob' }).click();
    await rights.getByRole('button', { name: 'Dismiss admin' }).click();
    await ann.dialog('Dismiss admin').getByRole('button', { name: 'Dismiss admin' }).click();
    await expect.poll(async () => (await participant(bob))._).toBe('channelParticipant');
    await admins.getByRole('button', { name: 'Add admin' }).waitFor();
    await admins.getByRole('link', { name: 'Bob' }).waitFor({ state: 'detached' });
    await ann.leaveInfo();
    await ann.countsAll();
    await ann.sameAfterReload();
  });

  test('a group becomes public by a name that is free, and private again; a channel is signed and protected (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    const { main } = ann.actor;
    const group = await makeChannel(ann.actor, HOSTILE, false);
    const chatOf = async (peer: number): Promise<tl.TypeChat> => (await main.call({ _: 'channels.getChannels', id: [main.inputChannel(peer)] })).chats[0]!;
    await bob.main.call({ _: 'account.updateUsername', username: 'taken_name' });
    await ann.go(`chat/${group}/info/edit`);
    await ann.managed('Edit group').getByRole('link', { name: 'Group type Private' }).click();
    const type = ann.managed('Group type');
    expect(await type.getByRole('switch', { name: 'Only members can write' }).count()).toBe(0);
    await type.getByRole('radio', { name: 'Public' }).check();
    const link = type.getByRole('textbox', { name: 'Public link' });
    await link.fill('taken_name');
    await type.getByText('This username is taken.').waitFor();
    expect(await type.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await link.fill('no name!');
    await type.getByText('A username has 5 to 32').waitFor();
    await link.fill('walkers_club');
    await type.getByText('This username is free.').waitFor();
    await type.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => chatOf(group)).toMatchObject({ username: 'walkers_club' });
    await type.getByRole('switch', { name: 'Only members can write' }).check();
    await expect.poll(() => chatOf(group)).toMatchObject({ joinToSend: true });
    await type.getByRole('switch', { name: 'Approve new members' }).check();
    await expect.poll(() => chatOf(group)).toMatchObject({ joinRequest: true });
    await bob.main.call({ _: 'contacts.resolveUsername', username: 'walkers_club' });
    await expect(bob.main.call({ _: 'channels.joinChannel', channel: bob.main.inputChannel(group) })).rejects.toThrow('INVITE_REQUEST_SENT');

    await type.getByRole('radio', { name: 'Private' }).click();
    await ann.dialog('Make private').getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => type.getByRole('radio', { name: 'Public' }).isChecked()).toBe(true);
    await type.getByRole('radio', { name: 'Private' }).click();
    await ann.dialog('Make private').getByRole('button', { name: 'Make private' }).click();
    await type.getByRole('switch', { name: 'Only members can write' }).waitFor({ state: 'detached' });
    expect(await chatOf(group)).toMatchObject({ username: undefined });

    const channel = await makeChannel(ann.actor, 'Evening post', true);
    await ann.go(`chat/${channel}/info/type`);
    const channelType = ann.managed('Channel type');
    for (const name of ['Sign posts', 'Protect content']) await channelType.getByRole('switch', { name }).check();
    await expect.poll(() => chatOf(channel)).toMatchObject({ signatures: true, noforwards: true });
    // Another device changes it back.
    await main.call({ _: 'channels.toggleSignatures', channel: main.inputChannel(channel) });
    await expect.poll(() => channelType.getByRole('switch', { name: 'Sign posts' }).isChecked()).toBe(false);
    await ann.leaveInfo();
    await ann.countsAll();
    await ann.sameAfterReload();
  });

  test('an invite link is made, scanned, used, changed, revoked and forgotten', async () => {
    const ann = await stage.person('Ann');
    const [bob, carl] = [await stage.world.user(HOSTILE), await stage.world.user('Carl')];
    const { main } = ann.actor;
    const group = await makeChannel(ann.actor, 'Book club', false);
    const listLinks = async (revoked: boolean): Promise<tl.TypeExportedChatInvite[]> => (await main.call({ _: 'messages.getExportedChatInvites', revoked, peer: main.inputPeer(group), adminId: { _: 'inputUserSelf' }, limit: 10 })).invites;
    await ann.go(`chat/${group}/info/edit`);
    await ann.managed('Edit group').getByRole('link', { name: 'Invite links' }).click();
    const links = ann.managed('Invite links');
    await links.getByRole('link', { name: 'Create link' }).click();
    const fresh = ann.managed('New invite link');
    await fresh.getByRole('textbox', { name: 'Link name' }).fill(HOSTILE);
    await fresh.getByRole('combobox', { name: 'Ends' }).selectOption('For a day');
    await fresh.getByRole('combobox', { name: 'Number of uses' }).selectOption('10');
    await fresh.getByRole('button', { name: 'Create link' }).click();
    const one = ann.managed('Invite link');
    await one.getByText('0 of 10 uses, ends tomorrow').waitFor();
    const [made] = (await listLinks(false)).filter((invite) => invite._ === 'chatInviteExported' && !invite.permanent);
    expect(made).toMatchObject({ title: HOSTILE, usageLimit: 10 });
    const hash = made?._ === 'chatInviteExported' ? made.link.replace('https://t.me/+', '') : '';
    await one.getByRole('img', { name: 'QR code' }).locator('path[d*="h1"]').waitFor();
    expect(await scanCode(ann)).toBe(`http://localhost:${stage.server.info.http.port}/+${hash}`);

    await bob.main.change({ _: 'messages.importChatInvite', hash });
    await ann.page.reload();
    await one.getByRole('list', { name: 'Joined by this link' }).getByText(HOSTILE).waitFor();
    await one.getByRole('textbox', { name: 'Link name' }).fill('Readers');
    await one.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => listLinks(false)).toEqual(expect.arrayContaining([expect.objectContaining({ title: 'Readers', usage: 1 })]));
    await one.getByRole('switch', { name: 'Approve new members' }).check();
    await one.getByText('1 use, ends tomorrow').waitFor();
    await expect(carl.main.call({ _: 'messages.importChatInvite', hash })).rejects.toThrow('INVITE_REQUEST_SENT');
    await one.getByRole('link', { name: 'Back' }).click();
    await links.getByRole('link', { name: 'Readers 1 use, 1 asks to join, ends tomorrow' }).waitFor();
    await links.getByRole('link', { name: 'Back' }).click();
    await ann.managed('Edit group').getByRole('link', { name: 'Requests to join 1 new' }).click();
    await ann.managed('Requests to join').getByRole('button', { name: 'Decline' }).click();
    await ann.managed('Requests to join').getByText('Nobody asks to join.').waitFor();

    // The owner sees the links of other admins, and ends them.
    await main.change({ _: 'channels.editAdmin', channel: main.inputChannel(group), userId: main.inputUser(bob.id), adminRights: { _: 'chatAdminRights', inviteUsers: true }, rank: '' });
    await bob.main.call({ _: 'messages.exportChatInvite', peer: bob.main.inputPeer(group), title: 'Of Bob' });
    await ann.go(`chat/${group}/info/links`);
    await links.getByRole('list', { name: 'Links of other admins' }).getByRole('link', { name: `${HOSTILE} 1 link` }).click();
    await links.getByRole('link', { name: 'Of Bob never used' }).click();
    await one.getByRole('button', { name: 'Revoke link' }).click();
    await ann.dialog('Revoke link').getByRole('button', { name: 'Revoke link' }).click();
    await links.getByRole('list', { name: 'Revoked links' }).getByRole('link', { name: 'Of Bob never used, revoked' }).waitFor();
    await links.getByRole('button', { name: 'Delete revoked links' }).click();
    await ann.dialog('Delete revoked links').getByRole('button', { name: 'Delete revoked links' }).click();
    await links.getByRole('list', { name: 'Revoked links' }).waitFor({ state: 'detached' });

    await ann.go(`chat/${group}/info/links/${hash}`);
    await one.getByRole('button', { name: 'Revoke link' }).click();
    await ann.dialog('Revoke link').getByRole('button', { name: 'Revoke link' }).click();
    await links.getByRole('list', { name: 'Revoked links' }).getByRole('link', { name: 'Readers 1 use, revoked' }).waitFor();
    await expect(carl.main.call({ _: 'messages.checkChatInvite', hash })).rejects.toThrow('INVITE_HASH_EXPIRED');
    await links.getByRole('button', { name: 'Delete revoked links' }).click();
    await ann.dialog('Delete revoked links').getByRole('button', { name: 'Delete revoked links' }).click();
    await links.getByRole('list', { name: 'Revoked links' }).waitFor({ state: 'detached' });
    expect(await listLinks(true)).toEqual([]);
    await ann.leaveInfo();
    await ann.countsAll();
    await ann.sameAfterReload();
  });

  test('admins read what was done, find it, and let somebody back who was removed (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user(HOSTILE);
    const { main } = ann.actor;
    await ann.actor.meet(bob);
    const group = await makeChannel(ann.actor, 'Old name', false);
    const channel = main.inputChannel(group);
    await main.invite({ _: 'channels.inviteToChannel', channel, users: [main.inputUser(bob.id)] });
    await expect.poll(() => bob.main.accessHashes.has(group)).toBe(true);
    await bob.main.change({ _: 'messages.sendMessage', peer: bob.main.inputPeer(group), message: `${HOSTILE} for sale`, randomId: randomLong() });
    await main.change({ _: 'channels.editTitle', channel, title: 'New name' });
    await main.change({ _: 'messages.editChatDefaultBannedRights', peer: main.inputPeer(group), bannedRights: { _: 'chatBannedRights', sendPolls: true, untilDate: 0 } });
    await ann.open(group);
    await ann.message('for sale').waitFor();
    await ann.choose('for sale', 'Delete');
    await ann.dialog('Delete message').getByRole('button', { name: 'Delete' }).click();
    await ann.message('for sale').waitFor({ state: 'detached' });
    await ann.go(`chat/${group}/info/permissions/${bob.id}`);
    await ann.managed('Exceptions').getByRole('button', { name: 'Remove member' }).click();
    await ann.dialog('Remove member').getByRole('button', { name: 'Remove member' }).click();
    await ann.managed('Permissions').getByRole('link', { name: 'Back' }).click();
    await ann.managed('Edit group').getByRole('link', { name: 'Recent actions' }).click();
    const log = ann.managed('Recent actions');
    const lines = log.getByRole('list', { name: 'Recent actions' }).getByRole('listitem');
    await lines.filter({ hasText: 'You changed the name to “New name”' }).getByText('Before: Old name').waitFor();
    await lines.filter({ hasText: 'changed what members may do' }).getByText('May not any more: Polls').waitFor();
    await lines.filter({ hasText: 'You deleted a message' }).getByText(`${HOSTILE} for sale`).waitFor();
    expect(await lines.first().innerText()).toContain(`removed ${HOSTILE}`);

    await log.getByRole('searchbox', { name: 'Search actions' }).fill('sale');
    await expect.poll(() => lines.count()).toBe(1);
    await log.getByRole('searchbox', { name: 'Search actions' }).fill('');
    await lines.filter({ hasText: 'changed the name' }).waitFor();
    await log.getByRole('button', { name: 'Filter' }).click();
    const filter = ann.dialog('Filter');
    for (const kind of ['Restrictions and removals', 'Deleted messages', 'Settings']) await filter.getByRole('checkbox', { name: kind }).uncheck();
    await filter.getByRole('group', { name: 'Admins' }).getByRole('checkbox', { name: 'You' }).check();
    await filter.getByRole('button', { name: 'Show' }).click();
    await lines.filter({ hasText: 'removed' }).waitFor({ state: 'detached' });
    await lines.filter({ hasText: 'changed the name' }).waitFor();

    await log.getByRole('link', { name: 'Back' }).click();
    await ann.managed('Edit group').getByRole('link', { name: 'Removed people 1' }).click();
    const removed = ann.managed('Removed people');
    await removed.getByText('removed by You').waitFor();
    await removed.getByRole('button', { name: `Let ${HOSTILE} back` }).click();
    await removed.getByText('Nobody was removed.').waitFor();
    const { participants } = (await main.call({ _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsKicked', q: '' }, offset: 0, limit: 10, hash: Long.ZERO })) as tl.channels.RawChannelParticipants;
    expect(participants).toEqual([]);
    await ann.leaveInfo();
    await ann.countsAll();
    await ann.sameAfterReload();
  });
});
