import { inspect } from 'node:util';
import type { Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, knowsChannel, losesChannel, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const NONE: tl.RawInputMessagesFilterEmpty = { _: 'inputMessagesFilterEmpty' };
const PAGE = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: Long.ZERO } as const;

/** Ways to name a group: the outsider's own, or an invented one. */
interface Named {
  channel: tl.RawInputChannel;
  peer: tl.TypeInputPeer;
}

/** Messages of the group: one of the outsider's own, and others. */
interface Posts {
  own: number;
  /** Of somebody else, and pinned. */
  other: number;
  /** Written after the outsider went. */
  later: number;
}

type Call = tl.RpcMethod;

/** Calls that read. Each names the group in another way or asks for another part of it. */
function readingCalls({ channel, peer }: Named, { own, other, later }: Posts, outsider: Actor): Record<string, Call> {
  const ids = [own, other, later];
  const self: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };
  const userFromPost: tl.RawInputPeerUserFromMessage = { _: 'inputPeerUserFromMessage', peer, msgId: later, userId: 1 };
  return {
    getHistory: { _: 'messages.getHistory', peer, ...PAGE },
    search: { _: 'messages.search', peer, q: 'vermilion', filter: NONE, minDate: 0, maxDate: 0, ...PAGE },
    'search for pins': { _: 'messages.search', peer, q: '', filter: { _: 'inputMessagesFilterPinned' }, minDate: 0, maxDate: 0, ...PAGE },
    searchGlobal: { _: 'messages.searchGlobal', q: 'vermilion', filter: NONE, minDate: 0, maxDate: 0, offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 50 },
    'searchGlobal from a post on': { _: 'messages.searchGlobal', q: 'vermilion', filter: NONE, minDate: 0, maxDate: 0, offsetRate: 2_000_000_000, offsetPeer: peer, offsetId: later + 1, limit: 50 },
    getSearchCounters: { _: 'messages.getSearchCounters', peer, filters: [{ _: 'inputMessagesFilterPinned' }, { _: 'inputMessagesFilterUrl' }] },
    getMessages: { _: 'channels.getMessages', channel, id: [...ids.map((id): tl.TypeInputMessage => ({ _: 'inputMessageID', id })), { _: 'inputMessagePinned' }, { _: 'inputMessageReplyTo', id: own }] },
    getChannelDifference: { _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts: 1, limit: 100, force: true },
    getPeerDialogs: { _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] },
    getDialogs: { _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 100, hash: Long.ZERO },
    getFullChannel: { _: 'channels.getFullChannel', channel },
    getParticipants: { _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 100, hash: Long.ZERO },
    'getParticipants, admins': { _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsAdmins' }, offset: 0, limit: 100, hash: Long.ZERO },
    'getParticipants, search': { _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsSearch', q: 'Car' }, offset: 0, limit: 100, hash: Long.ZERO },
    getMessagesViews: { _: 'messages.getMessagesViews', peer, id: ids, increment: true },
    getMessageReadParticipants: { _: 'messages.getMessageReadParticipants', peer, msgId: own },
    getMessageEditData: { _: 'messages.getMessageEditData', peer, id: own },
    getMessageAuthor: { _: 'channels.getMessageAuthor', channel, id: later },
    getUnreadMentions: { _: 'messages.getUnreadMentions', peer, offsetId: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0 },
    getUnreadReactions: { _: 'messages.getUnreadReactions', peer, offsetId: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0 },
    getMessagesReactions: { _: 'messages.getMessagesReactions', peer, id: ids },
    readReactions: { _: 'messages.readReactions', peer },
    getUnreadPollVotes: { _: 'messages.getUnreadPollVotes', peer, offsetId: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0 },
    readPollVotes: { _: 'messages.readPollVotes', peer },
    getOnlines: { _: 'messages.getOnlines', peer },
    getSendAs: { _: 'channels.getSendAs', peer },
    exportMessageLink: { _: 'channels.exportMessageLink', channel, id: later },
    'a member through a post': { _: 'users.getUsers', id: [{ _: 'inputUserFromMessage', peer, msgId: later, userId: userFromPost.userId }] },
    'forward to oneself': { _: 'messages.forwardMessages', fromPeer: peer, id: ids, randomId: ids.map(() => randomLong()), toPeer: self },
    'reply elsewhere': { _: 'messages.sendMessage', peer: self, message: 'look', randomId: randomLong(), replyTo: { _: 'inputReplyToMessage', replyToMsgId: later, replyToPeerId: peer } },
    'preview of a link': { _: 'messages.getWebPagePreview', message: `https://t.me/c/${channel.channelId}/${later}` },
    'report of a post': { _: 'messages.report', peer, id: [later], option: new Uint8Array(), message: '' },
    getDifference: { _: 'updates.getDifference', pts: 1, date: 1, qts: 0 },
    getAdminedPublicChannels: { _: 'channels.getAdminedPublicChannels' },
    getLeftChannels: { _: 'channels.getLeftChannels', offset: 0 },
    getCommonChats: { _: 'messages.getCommonChats', userId: { _: 'inputUserSelf' }, maxId: 0, limit: 100 },
    getPeerSettings: { _: 'messages.getPeerSettings', peer },
    getScheduledHistory: { _: 'messages.getScheduledHistory', peer, hash: Long.ZERO },
    'contacts.search': { _: 'contacts.search', q: outsider.name.slice(0, 1), limit: 50 },
  };
}

/** Calls that would change the group or what its members see. */
function changingCalls({ channel, peer }: Named, { own, other, later }: Posts, outsider: Actor): Record<string, Call> {
  const banned: tl.RawChatBannedRights = { _: 'chatBannedRights', untilDate: 0 };
  const me = outsider.main.inputUser(outsider.id);
  return {
    sendMessage: { _: 'messages.sendMessage', peer, message: 'I am still here', randomId: randomLong() },
    'reply to a post': { _: 'messages.sendMessage', peer, message: 'I am still here', randomId: randomLong(), replyTo: { _: 'inputReplyToMessage', replyToMsgId: other } },
    sendMedia: { _: 'messages.sendMedia', peer, media: { _: 'inputMediaDice', emoticon: '🎲' }, message: '', randomId: randomLong() },
    'forward into it': { _: 'messages.forwardMessages', fromPeer: peer, id: [own], randomId: [randomLong()], toPeer: peer },
    editMessage: { _: 'messages.editMessage', peer, id: own, message: 'changed' },
    deleteMessages: { _: 'channels.deleteMessages', channel, id: [own, other, later] },
    deleteHistory: { _: 'channels.deleteHistory', channel, maxId: later, forEveryone: true },
    deleteParticipantHistory: { _: 'channels.deleteParticipantHistory', channel, participant: { _: 'inputPeerSelf' } },
    pin: { _: 'messages.updatePinnedMessage', peer, id: own },
    unpinAll: { _: 'messages.unpinAllMessages', peer },
    setTyping: { _: 'messages.setTyping', peer, action: { _: 'sendMessageTypingAction' } },
    readHistory: { _: 'channels.readHistory', channel, maxId: later },
    readMessageContents: { _: 'channels.readMessageContents', channel, id: [own, other, later] },
    readMentions: { _: 'messages.readMentions', peer },
    invite: { _: 'channels.inviteToChannel', channel, users: [me] },
    editAdmin: { _: 'channels.editAdmin', channel, userId: me, adminRights: { _: 'chatAdminRights', other: true }, rank: '' },
    'end the own ban': { _: 'channels.editBanned', channel, participant: { _: 'inputPeerSelf' }, bannedRights: banned },
    editTitle: { _: 'channels.editTitle', channel, title: 'Mine' },
    editAbout: { _: 'messages.editChatAbout', peer, about: 'mine' },
    defaultRights: { _: 'messages.editChatDefaultBannedRights', peer, bannedRights: banned },
    updateUsername: { _: 'channels.updateUsername', channel, username: 'taken_over_now' },
    slowMode: { _: 'channels.toggleSlowMode', channel, seconds: 60 },
    signatures: { _: 'channels.toggleSignatures', channel, signaturesEnabled: true },
    hiddenHistory: { _: 'channels.togglePreHistoryHidden', channel, enabled: true },
    hiddenMembers: { _: 'channels.toggleParticipantsHidden', channel, enabled: true },
    lifetime: { _: 'messages.setHistoryTTL', peer, period: 86_400 },
    protection: { _: 'messages.toggleNoForwards', peer, enabled: true },
    deleteChannel: { _: 'channels.deleteChannel', channel },
    leaveChannel: { _: 'channels.leaveChannel', channel },
    schedule: { _: 'messages.sendMessage', peer, message: 'I am still here', randomId: randomLong(), scheduleDate: 2_000_000_000 },
  };
}

/** Makes all calls as the outsider. @returns the answers of those that were not refused, by name */
async function tryAll(outsider: Actor, calls: Record<string, Call>): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const [name, call] of Object.entries(calls)) {
    try {
      answers[name] = inspect(await outsider.main.client.call(call, { maxRetryCount: 0, throw503: true }), { depth: null, breakLength: Infinity, maxStringLength: null });
    } catch (error) {
      const { code, text, message } = error as { code?: number; text?: string; message: string };
      expect([400, 403, 420], `${name}: ${text ?? message}`).toContain(code);
    }
  }
  return answers;
}

/** What a member sees of the group. */
async function seenBy(member: Actor, id: number): Promise<unknown> {
  const { fullChat } = await member.main.call({ _: 'channels.getFullChannel', channel: member.main.inputChannel(id) });
  const { participantsCount, about, pinnedMsgId, slowmodeSeconds, ttlPeriod, readOutboxMaxId } = fullChat as tl.RawChannelFull;
  const { chats } = await member.main.call({ _: 'channels.getChannels', id: [member.main.inputChannel(id)] });
  const { title, defaultBannedRights, noforwards, username } = chats[0] as tl.RawChannel;
  const history = (await member.main.loadHistory(id)).map((message) => [message.id, message.text, message.raw]);
  return { participantsCount, about, pinnedMsgId, slowmodeSeconds, ttlPeriod, readOutboxMaxId, title, defaultBannedRights, noforwards, username, history };
}

interface Stage {
  id: number;
  alice: Actor;
  carol: Actor;
  outsider: Actor;
  named: Named;
  posts: Posts;
}

/** A private group with posts that only its members may know; the outsider was in it, and wrote there. */
async function formerMember(go: (stage: { id: number; alice: Actor; bob: Actor }) => Promise<void>): Promise<Stage> {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const own = await postIn(bob, id, 'what I wrote');
  const other = await postIn(alice, id, 'heliotrope');
  await alice.main.change({ _: 'messages.updatePinnedMessage', peer: alice.main.inputPeer(id), id: other, silent: true });
  const named = { channel: bob.main.inputChannel(id), peer: bob.main.inputPeer(id) };
  await go({ id, alice, bob });
  await losesChannel(bob.main, id);
  const later = await postIn(carol, id, 'vermilion');
  return { id, alice, carol, outsider: bob, named, posts: { own, other, later } };
}

const ban = (actor: Actor, id: number, target: Actor): Promise<tl.TypeUpdates> =>
  actor.main.change({ _: 'channels.editBanned', channel: actor.main.inputChannel(id), participant: actor.main.inputPeer(target.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });

const KINDS: Record<string, () => Promise<Stage>> = {
  'who has left': () => formerMember(async ({ id, bob }) => void (await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) }))),
  'who was banned': () => formerMember(async ({ id, alice, bob }) => void (await ban(alice, id, bob))),
  async 'who was never in it and invents an access hash'() {
    const stage = await formerMember(async ({ id, bob }) => void (await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) })));
    const [outsider] = (await people(scenario, 'Mallory')) as [Actor];
    const channel: tl.RawInputChannel = { ...stage.named.channel, accessHash: Long.fromNumber(12_345) };
    return { ...stage, outsider, named: { channel, peer: { ...channel, _: 'inputPeerChannel' } } };
  },
  async 'who was never in it and has the hash of a member'() {
    const stage = await formerMember(async ({ id, bob }) => void (await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) })));
    const [outsider] = (await people(scenario, 'Mallory')) as [Actor];
    return { ...stage, outsider };
  },
};

describe('of a private group, somebody', () => {
  test('who is in it reads by all these calls', async () => {
    const { id, carol, posts } = await KINDS['who has left']!();
    const named = { channel: carol.main.inputChannel(id), peer: carol.main.inputPeer(id) };
    const answers = await tryAll(carol, readingCalls(named, posts, carol));
    const telling = Object.keys(answers).filter((name) => answers[name]!.includes('vermilion'));
    expect(telling).toEqual(['getHistory', 'search', 'searchGlobal', 'searchGlobal from a post on', 'getMessages', 'getChannelDifference', 'getPeerDialogs', 'getDialogs', 'forward to oneself', 'reply elsewhere', 'getDifference']);
    // These are refused because the message is not Carol's, because groups have no hidden authors, or because there is no such list.
    const refused = ['getMessageReadParticipants', 'getMessageEditData', 'getMessageAuthor', 'getLeftChannels'];
    expect(Object.keys(readingCalls(named, posts, carol)).filter((name) => !(name in answers))).toEqual(refused);
  });

  test.each(Object.keys(KINDS))('%s can read nothing', async (kind) => {
    const { outsider, named, posts, carol } = await KINDS[kind]!();
    const answers = await tryAll(outsider, readingCalls(named, posts, outsider));
    for (const [name, answer] of Object.entries(answers)) {
      for (const secret of ['vermilion', 'heliotrope', String(carol.id)]) expect(answer.includes(secret), `${name} tells ${secret}: ${answer}`).toBe(false);
    }
  });

  test.each(Object.keys(KINDS))('%s can change nothing', async (kind) => {
    const { id, outsider, named, posts, carol } = await KINDS[kind]!();
    const before = await seenBy(carol, id);
    expect(Object.keys(await tryAll(outsider, changingCalls(named, posts, outsider)))).toEqual([]);
    expect(await seenBy(carol, id)).toEqual(before);
    expect(carol.main.state.channels.find(id)).toBeDefined();
  });
});

test('who was banned from a public group neither reads nor finds it, and comes in by no way', async () => {
  const { id, outsider, named, posts, carol, alice } = await formerMember(async ({ id: groupId, alice: owner, bob }) => {
    await owner.main.call({ _: 'channels.updateUsername', channel: owner.main.inputChannel(groupId), username: 'open_to_others' });
    await ban(owner, groupId, bob);
  });
  const answers = await tryAll(outsider, readingCalls(named, posts, outsider));
  for (const [name, answer] of Object.entries(answers)) {
    for (const secret of ['vermilion', 'heliotrope']) expect(answer.includes(secret), `${name} tells ${secret}: ${answer}`).toBe(false);
  }
  expect(Object.keys(await tryAll(outsider, { join: { _: 'channels.joinChannel', channel: named.channel }, ...changingCalls(named, posts, outsider) }))).toEqual([]);
  // Somebody else reads the group without being in it.
  const [dora] = (await people(scenario, 'Dora')) as [Actor];
  const { chats } = await dora.main.call({ _: 'contacts.resolveUsername', username: 'open_to_others' });
  const open = chats[0] as tl.RawChannel;
  const peer: tl.RawInputPeerChannel = { _: 'inputPeerChannel', channelId: open.id, accessHash: open.accessHash! };
  expect(inspect(await dora.main.call({ _: 'messages.getHistory', peer, ...PAGE }), { depth: null })).toContain('vermilion');
  await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(outsider.id), bannedRights: { _: 'chatBannedRights', untilDate: 0 } });
  await outsider.main.change({ _: 'channels.joinChannel', channel: named.channel });
  await knowsChannel(outsider.main, id);
  expect(inspect(await carol.main.loadHistory(id), { depth: null })).toContain('vermilion');
});
