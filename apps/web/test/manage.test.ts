import type { tl } from '@mtcute/core';
import Long from 'long';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type InviteLink, type LogEvent, MEMBER_RIGHTS } from '../src/protocol/index.ts';
import { readLogEvent, writeLogFilter } from '../src/worker/models/log-event.ts';
import { readParticipant } from '../src/worker/models/member.ts';
import { FOREVER, readForbidden, writeForbidden } from '../src/worker/models/member-rights.ts';
import { GROUP_ADMIN_RIGHTS, readAdminRights, writeAdminRights } from '../src/worker/models/admin-rights.ts';
import { readInvite } from '../src/worker/models/invite.ts';
import { makePeer, SELF } from './made.ts';

beforeAll(async () => {
  vi.stubGlobal('location', { hash: '', origin: 'https://example.org' });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('document', { hidden: false, addEventListener: () => undefined });
  const { addTexts } = await import('../src/page/ground/text.ts');
  addTexts((await import('../src/texts/en/manage.ts')).manageTexts);
});

const banned = (values: Partial<tl.RawChatBannedRights>): tl.RawChatBannedRights => ({ _: 'chatBannedRights', untilDate: FOREVER, ...values });

describe('what members may not do', () => {
  test('is read as it was written', () => {
    for (const forbidden of [[], [...MEMBER_RIGHTS], ['sendPolls', 'embedLinks']] as const) expect(readForbidden(writeForbidden(forbidden))).toEqual(MEMBER_RIGHTS.filter((right) => (forbidden as readonly string[]).includes(right)));
    expect(writeForbidden(['sendDocs'], 7)).toEqual({ _: 'chatBannedRights', sendDocs: true, untilDate: 7 });
  });

  test('is known of one member, with its end; whoever was removed is told apart', () => {
    const participant = (values: Partial<tl.RawChannelParticipantBanned>): tl.RawChannelParticipantBanned => ({ _: 'channelParticipantBanned', peer: { _: 'peerUser', userId: 5 }, kickedBy: 6, date: 0, bannedRights: banned({ sendDocs: true }), ...values });
    expect(readParticipant(participant({}), true, SELF)).toEqual([{ peer: 5, role: 'member', canRemove: true, restriction: { forbidden: ['sendDocs'], until: 0, by: 6, isRemoved: false } }]);
    expect(readParticipant(participant({ left: true, bannedRights: banned({ viewMessages: true, untilDate: 9 }) }), true, SELF)).toMatchObject([{ canRemove: false, restriction: { until: 9, isRemoved: true } }]);
  });

  test('is counted by the switches, of which one stands for several rights', async () => {
    const { countRights, nameForbidden } = await import('../src/page/manage/member-rights.tsx');
    const group = makePeer(-1_000_000_000_009, { kind: 'supergroup', forbidden: ['sendGifs', 'pinMessages', 'manageTopics'] });
    expect(countRights(group)).toBe('12 of 14');
    expect(countRights({ ...group, isForum: true })).toBe('12 of 15');
    expect(nameForbidden(group, group.forbidden!)).toEqual(['Stickers and GIFs', 'Pin messages']);
  });
});

describe('what admins may do', () => {
  test('is written with the rights that pages do not know', () => {
    expect(writeAdminRights(['banUsers'], { _: 'chatAdminRights', changeInfo: true, manageRanks: true })).toEqual({ _: 'chatAdminRights', manageRanks: true, banUsers: true, other: true });
    expect(readAdminRights(writeAdminRights(GROUP_ADMIN_RIGHTS))).toEqual(expect.arrayContaining(GROUP_ADMIN_RIGHTS));
  });

  test('is given by those who may do it themselves', async () => {
    const { firstRights, grantableRights } = await import('../src/page/manage/admin-rights.tsx');
    const group = makePeer(-1_000_000_000_009, { kind: 'supergroup', isMember: true, isAdmin: true, adminRights: ['banUsers', 'addAdmins', 'other'] });
    expect(grantableRights(group)).toEqual(['banUsers', 'addAdmins']);
    expect(firstRights(group)).toEqual(['banUsers']);
    expect(grantableRights({ ...group, isCreator: true })).toContain('anonymous');
    expect(grantableRights({ ...group, isCreator: true })).not.toContain('manageTopics');
    expect(grantableRights({ ...group, kind: 'channel', isCreator: true })).not.toContain('anonymous');
    expect(grantableRights({ ...group, isMember: false })).toEqual([]);
  });
});

test('what can be switched depends on the kind of chat, on its name, and on the account', async () => {
  const { listSwitches } = await import('../src/page/manage/type-switches.tsx');
  const names = (values: Parameters<typeof makePeer>[1], settings = { slowMode: 0, hidesHistory: false, hidesMembers: false }): string[] => listSwitches(makePeer(-9, { isMember: true, ...values }), { settings }).map(({ which }) => which);
  expect(names({ kind: 'group', isCreator: true })).toEqual(['approve', 'protect']);
  expect(names({ kind: 'group', adminRights: ['banUsers'] })).toEqual([]);
  expect(names({ kind: 'supergroup', isCreator: true })).toEqual(['approve', 'protect']);
  expect(names({ kind: 'supergroup', adminRights: ['banUsers'], usernames: ['walkers'], members: 100 })).toEqual(['approve', 'joinFirst', 'hideMembers']);
  expect(names({ kind: 'supergroup', adminRights: ['banUsers'] }, { slowMode: 0, hidesHistory: false, hidesMembers: true })).toEqual(['approve', 'hideMembers']);
  expect(names({ kind: 'channel', isCreator: true, usernames: ['news'] })).toEqual(['protect', 'sign']);
  expect(names({ kind: 'channel', adminRights: ['postMessages'] })).toEqual([]);
});

test('an invite link is described by its uses and its end', async () => {
  const { describeLink, nameOfLink } = await import('../src/page/manage/describe-link.ts');
  const now = new Date('2026-05-04T12:00:00').getTime() / 1000;
  const link = (values: Partial<tl.RawChatInviteExported>): InviteLink => readInvite({ _: 'chatInviteExported', link: 'https://t.me/+a_B-9', adminId: 5, date: 0, ...values })!;
  expect(link({}).hash).toBe('a_B-9');
  expect(link({ link: 'https://t.me/joinchat/abc' }).hash).toBe('abc');
  expect(describeLink(link({}), now)).toBe('never used');
  expect(describeLink(link({ usage: 3, usageLimit: 10, expireDate: now + 86_400 }), now)).toBe('3 of 10 uses, ends tomorrow');
  expect(describeLink(link({ usage: 10, usageLimit: 10 }), now)).toBe('10 of 10 uses, used up');
  expect(describeLink(link({ usage: 1, requested: 2, expireDate: now + 7 * 86_400 }), now)).toBe('1 use, 2 ask to join, ends in 7 days');
  expect(describeLink(link({ expireDate: now - 1 }), now)).toBe('never used, ended');
  expect(describeLink(link({ revoked: true, expireDate: now + 1 }), now)).toBe('never used, revoked');
  expect(nameOfLink(link({ title: 'Readers' }))).toBe('Readers');
});

describe('the log', () => {
  const read = (action: tl.TypeChannelAdminLogEventAction): LogEvent => readLogEvent({ _: 'channelAdminLogEvent', id: Long.fromString('9007199254740993'), date: 7, userId: 5, action }, SELF);
  const member = (values: Partial<tl.RawChatBannedRights>): tl.RawChannelParticipantBanned => ({ _: 'channelParticipantBanned', peer: { _: 'peerUser', userId: 6 }, kickedBy: 5, date: 0, bannedRights: banned(values) });
  const plain: tl.RawChannelParticipant = { _: 'channelParticipant', userId: 6, date: 0 };
  const admin = (values: Partial<tl.RawChatAdminRights>): tl.RawChannelParticipantAdmin => ({ _: 'channelParticipantAdmin', userId: 6, promotedBy: 5, date: 0, adminRights: { _: 'chatAdminRights', ...values } });

  test('tells what was before and after', () => {
    expect(read({ _: 'channelAdminLogEventActionChangeTitle', prevValue: 'Old', newValue: 'New' })).toEqual({ id: '9007199254740993', date: 7, by: 5, what: 'title', before: 'Old', after: 'New' });
    expect(read({ _: 'channelAdminLogEventActionDefaultBannedRights', prevBannedRights: banned({ sendPolls: true }), newBannedRights: banned({ sendDocs: true }) })).toMatchObject({ what: 'rights', forbidden: ['sendDocs'], allowed: ['sendPolls'] });
  });

  test('tells removing from restricting, and promoting from dismissing', () => {
    const ban = (prevParticipant: tl.TypeChannelParticipant, newParticipant: tl.TypeChannelParticipant): LogEvent => read({ _: 'channelAdminLogEventActionParticipantToggleBan', prevParticipant, newParticipant });
    expect(ban(plain, member({ viewMessages: true }))).toMatchObject({ what: 'remove', user: 6 });
    expect(ban(member({ viewMessages: true }), plain)).toMatchObject({ what: 'letBack' });
    expect(ban(plain, member({ sendDocs: true }))).toMatchObject({ what: 'restrict', forbidden: ['sendDocs'], allowed: [] });
    const toggle = (prevParticipant: tl.TypeChannelParticipant, newParticipant: tl.TypeChannelParticipant): LogEvent => read({ _: 'channelAdminLogEventActionParticipantToggleAdmin', prevParticipant, newParticipant });
    expect(toggle(plain, admin({ banUsers: true }))).toMatchObject({ what: 'promote', gained: ['banUsers'] });
    expect(toggle(admin({ banUsers: true, changeInfo: true }), admin({ banUsers: true }))).toMatchObject({ what: 'adminRights', gained: [], lost: ['changeInfo'] });
    expect(toggle(admin({ banUsers: true }), plain)).toMatchObject({ what: 'dismiss' });
  });

  test('says when a text is not kept any more, and what it does not know', () => {
    const gone: tl.RawMessageService = { _: 'messageService', id: 3, peerId: { _: 'peerChannel', channelId: 9 }, date: 0, action: { _: 'messageActionHistoryClear' } };
    expect(read({ _: 'channelAdminLogEventActionDeleteMessage', message: gone })).toMatchObject({ what: 'delete', message: { isGone: true } });
    expect(read({ _: 'channelAdminLogEventActionToggleAntiSpam', newValue: true }).what).toBe('other');
  });

  test('is described in words', async () => {
    const { describeEvent, describeRights } = await import('../src/page/manage/describe-event.ts');
    expect(describeEvent(read({ _: 'channelAdminLogEventActionChangeUsername', prevValue: 'news', newValue: '' }))).toBe('made it private');
    expect(describeEvent(read({ _: 'channelAdminLogEventActionToggleSlowMode', prevValue: 0, newValue: 300 }))).toBe('set slow mode to 5 minutes');
    expect(describeEvent(read({ _: 'channelAdminLogEventActionToggleSlowMode', prevValue: 300, newValue: 0 }))).toBe('turned slow mode off');
    expect(describeEvent(read({ _: 'channelAdminLogEventActionToggleNoForwards', newValue: false }))).toBe('ended the protection of the content');
    const group = makePeer(-1_000_000_000_009, { kind: 'supergroup' });
    expect(describeRights(group, read({ _: 'channelAdminLogEventActionDefaultBannedRights', prevBannedRights: banned({}), newBannedRights: banned({ sendDocs: true, pinMessages: true }) }))).toEqual(['May not any more: Files, Pin messages']);
  });

  test('is asked for by kinds', () => {
    expect(writeLogFilter(['admins', 'pinned'])).toEqual({ _: 'channelAdminLogEventsFilter', promote: true, demote: true, editRank: true, pinned: true });
  });
});

test('a refusal says when it is over', async () => {
  const { describeRefusal } = await import('../src/page/parts/errors.ts');
  expect(describeRefusal({ code: 'PASSWORD_TOO_FRESH', seconds: 7200 })).toBe('For safety this has to wait. Try again in 2:00:00.');
  expect(describeRefusal({ code: 'PASSWORD_TOO_FRESH' })).toContain('for a day');
});

test('a time of slow mode stands at its step, others at the one below', async () => {
  const { stepOf } = await import('../src/page/manage/slow-mode.tsx');
  expect([0, 5, 10, 30, 3600].map(stepOf)).toEqual([0, 0, 1, 2, 6]);
});
