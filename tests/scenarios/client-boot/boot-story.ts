import type { Long, tl } from '@mtcute/node';
import { enableCloudPassword, verifyPasswordEmail } from '@mtcute/node/methods.js';
import { randomLong } from '@mtcute/node/utils.js';
import { settle, type Actor, type TestServer } from '@aerogram/dev-env';
import type { OutgoingEmail } from '@aerogram/domain';
import { startScenario } from '../scenario.ts';

export const PASSWORD = 'correct horse';
export const ABOUT = 'all about Alice';
/** Auto-delete timer of the chat with Bob. */
export const TTL_S = 7 * 24 * 3600;
const HOUR_S = 3600;

/** What Alice's account contains, known from how it was filled. Message ids are those of her own box. */
export interface BootStory extends AsyncDisposable {
  server: TestServer;
  alice: Actor;
  bob: Actor;
  carol: Actor;
  dave: Actor;
  erin: Actor;
  /** Messages of the chat with Bob that the checks name. */
  greeting: number;
  pinned: number;
  /** Bob's last message, and the number of unread ones. */
  lastText: string;
  unread: number;
  /** The basic group of Alice and Bob. */
  groupId: number;
  /** The supergroup of Alice and Bob: its marked id, and the message in it. */
  supergroup: { id: number; postId: number };
  freshPhone: () => { phone: string; code: string };
  /** A new user with a password that can be recovered. */
  forgetful: () => Promise<Actor>;
  /** The last code sent by e-mail. */
  mailedCode: () => string;
  /** Bob writes one more message, and Alice's state has settled. @returns the position of her box before */
  renew: () => Promise<{ pts: number; date: number }>;
}

/** Starts a server and fills Alice's account with everything that a private account can contain. */
export async function startBootStory(): Promise<BootStory> {
  const emails: OutgoingEmail[] = [];
  const scenario = await startScenario({
    codeDelivery: { ways: ['sms'], deliver: () => Promise.resolve(), deliverEmail: (mail) => Promise.resolve(void emails.push(mail)) },
  });
  const { server, world } = scenario;
  const people: Actor[] = [];
  for (const name of ['Alice', 'Bob', 'Carol', 'Dave', 'Erin']) people.push(await world.user(name));
  const [alice, bob, carol, dave, erin] = people as [Actor, Actor, Actor, Actor, Actor];
  const mailedCode = (): string => emails.at(-1)!.code;
  const { main } = alice;
  for (const other of [bob, carol, dave, erin]) await alice.meet(other);
  await bob.meet(alice);

  const { updates: made } = await main.invite({ _: 'messages.createChat', users: [main.inputUser(bob.id)], title: 'Climbing' });
  const groupId = (made as tl.RawUpdates).chats[0]!.id;
  const supergroup = await createSupergroup(alice, bob);
  const peer = main.inputPeer(bob.id);
  const { greeting, pinned, unread } = await fillChat(alice, bob);
  await fillWithMedia(alice, bob, carol);
  await fillSettings(alice, { bob, carol, dave, erin });
  await main.change({ _: 'messages.sendMessage', peer, message: 'later', randomId: randomLong(), scheduleDate: Math.floor(Date.now() / 1000) + HOUR_S });
  await main.call({ _: 'account.updateProfile', about: ABOUT });
  await setPassword(alice, mailedCode);
  const today = new Date();
  await bob.main.call({ _: 'account.updateBirthday', birthday: { _: 'birthday', day: today.getUTCDate(), month: today.getUTCMonth() + 1 } });

  const story: BootStory = {
    server, alice, bob, carol, dave, erin, greeting, pinned, unread, groupId, supergroup, mailedCode,
    lastText: '',
    freshPhone: () => world.freshPhone(),
    async forgetful() {
      const faye = await world.user('Faye');
      await setPassword(faye, mailedCode);
      return faye;
    },
    async renew() {
      await settle(main);
      const before = await main.call({ _: 'updates.getState' });
      story.lastText = `news ${randomLong()}`;
      await bob.send(alice, story.lastText);
      story.unread++;
      await alice.sees(story.lastText);
      return { pts: before.pts, date: before.date };
    },
    [Symbol.asyncDispose]: () => scenario[Symbol.asyncDispose](),
  };
  return story;
}

/** Alice creates a supergroup, invites Bob and writes a message. */
async function createSupergroup(alice: Actor, bob: Actor): Promise<BootStory['supergroup']> {
  const { main } = alice;
  const made = (await main.change({ _: 'channels.createChannel', megagroup: true, title: 'Hiking', about: 'up' })) as tl.RawUpdates;
  const id = -1_000_000_000_000 - made.chats[0]!.id;
  await main.invite({ _: 'channels.inviteToChannel', channel: main.inputChannel(id), users: [main.inputUser(bob.id)] });
  const posted = (await main.change({ _: 'messages.sendMessage', peer: main.inputPeer(id), message: 'where to?', randomId: randomLong() })) as tl.RawUpdates;
  const named = posted.updates.find((update) => update._ === 'updateMessageID');
  if (named === undefined) throw new Error('the answer to a post names no message');
  return { id, postId: named.id };
}

/** A chat with replies, entities, an edit, a forward, reactions and a pinned message. */
async function fillChat(alice: Actor, bob: Actor): Promise<{ greeting: number; pinned: number; unread: number }> {
  const { main } = alice;
  const peer = main.inputPeer(bob.id);
  const greeting = await alice.send(bob, 'hello Bob');
  const seen = await bob.sees('hello Bob');
  await bob.send(alice, 'hi Alice', { replyTo: seen });
  const answer = await alice.sees('hi Alice');
  const text = 'bold, a link and Bob';
  const rich = await alice.send(bob, text, {
    entities: [
      { _: 'messageEntityBold', offset: 0, length: 4 },
      { _: 'messageEntityTextUrl', offset: 8, length: 4, url: 'https://example.org/' },
      { _: 'inputMessageEntityMentionName', offset: 17, length: 3, userId: main.inputUser(bob.id) },
    ],
  });
  await alice.edit(greeting, 'hello, Bob');
  await alice.forward([answer], bob);
  await main.change({ _: 'messages.updatePinnedMessage', peer, id: rich.id });
  await bob.read(await bob.sees(text));
  await alice.read(answer);
  const heart: tl.RawReactionEmoji = { _: 'reactionEmoji', emoticon: '❤' };
  await bob.main.change({ _: 'messages.sendReaction', peer: bob.main.inputPeer(alice.id), msgId: seen.id, reaction: [heart] });
  await main.change({ _: 'messages.sendReaction', peer, msgId: answer.id, reaction: [{ _: 'reactionEmoji', emoticon: '🤔' }], addToRecent: true });
  await bob.send(alice, 'unread');
  await alice.sees('unread');
  await alice.forward([answer], alice);
  const saved = [...main.state.messages.values()].findLast((message) => message.peer === alice.id)!;
  await main.change({ _: 'messages.sendReaction', peer: { _: 'inputPeerSelf' }, msgId: saved.id, reaction: [heart] });
  return { greeting: greeting.id, pinned: rich.id, unread: 1 };
}

/** Messages with media, and an auto-delete timer for later ones. */
async function fillWithMedia({ main }: Actor, bob: Actor, carol: Actor): Promise<void> {
  const peer = main.inputPeer(bob.id);
  const media: tl.TypeInputMedia[] = [
    { _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPoint', lat: 59.9343, long: 30.3351 } },
    { _: 'inputMediaContact', phoneNumber: carol.phone, firstName: 'Carol', lastName: '', vcard: '' },
    { _: 'inputMediaDice', emoticon: '🎲' },
  ];
  for (const one of media) await main.change({ _: 'messages.sendMedia', peer, media: one, message: '', randomId: randomLong() });
  await main.change({ _: 'messages.setHistoryTTL', peer, period: TTL_S });
}

/** Folders, archive, pins, drafts, marks, sounds, privacy and a blocked user. */
async function fillSettings(alice: Actor, { bob, carol, dave, erin }: Record<'bob' | 'carol' | 'dave' | 'erin', Actor>): Promise<void> {
  const { main } = alice;
  const peerOf = (actor: Actor): tl.TypeInputPeer => main.inputPeer(actor.id);
  for (const other of [carol, dave, erin]) {
    await other.send(alice, `from ${other.name}`);
    await alice.sees(`from ${other.name}`);
  }
  await alice.forward([await alice.sees('from Carol')], alice);
  await main.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: peerOf(dave), folderId: 1 }] });
  await main.call({
    _: 'messages.updateDialogFilter', id: 2,
    filter: {
      _: 'dialogFilter', id: 2, title: { _: 'textWithEntities', text: 'Friends', entities: [] }, contacts: true,
      pinnedPeers: [peerOf(bob)], includePeers: [peerOf(carol)], excludePeers: [peerOf(erin)],
    },
  });
  await main.call({ _: 'messages.toggleDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer: peerOf(bob) } });
  await main.call({ _: 'messages.markDialogUnread', unread: true, peer: { _: 'inputDialogPeer', peer: peerOf(carol) } });
  await main.call({ _: 'messages.saveDraft', peer: peerOf(carol), message: 'half a thought' });
  const settings = { _: 'inputPeerNotifySettings', muteUntil: 2 ** 31 - 1 } as const;
  await main.call({ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer: peerOf(carol) }, settings });
  await main.call({ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyUsers' }, settings: { _: 'inputPeerNotifySettings', showPreviews: false } });
  await main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyPhoneNumber' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
  await main.call({ _: 'contacts.block', id: peerOf(erin) });
}

/** A password with a hint and a confirmed recovery e-mail address. */
async function setPassword(actor: Actor, mailedCode: () => string): Promise<void> {
  const { client } = actor.main;
  await enableCloudPassword(client, { password: PASSWORD, hint: 'a horse', email: 'someone@example.org' }).catch((error: { text?: string }) => {
    if (error.text !== 'EMAIL_UNCONFIRMED_%d') throw error;
  });
  await verifyPasswordEmail(client, mailedCode());
}

/** The library's Long as our schema reader represents it. */
export function toBigInt(long: Long): bigint {
  return BigInt(long.toString());
}
