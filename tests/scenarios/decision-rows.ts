import { BotHttp } from '@aerogram/dev-env';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { makePicture } from './photo-stage.ts';
import { type ChannelOnStage, type DecisionRow, type DecisionStage, HERE, isAnswered, type Somebody, THERE } from './decision-stage.ts';

const NOBODY: tl.InputPrivacyRule[] = [{ _: 'inputPrivacyValueDisallowAll' }];

/** Two people; the owner has written something about themselves, which the viewer sees on the other node. */
async function openProfile(stage: DecisionStage): Promise<{ owner: Somebody; viewer: Somebody; showsAbout(): Promise<boolean> }> {
  const [owner, viewer] = [await stage.person(), await stage.person()];
  await owner.call(HERE, { _: 'account.updateProfile', about: 'Something' });
  const id = await viewer.user(owner);
  return { owner, viewer, showsAbout: async () => (await viewer.call(THERE, { _: 'users.getFullUser', id })).full_user.about === 'Something' };
}

/** Decisions of a person about others. */
export const PEOPLE: readonly DecisionRow[] = [
  {
    title: 'a privacy rule hides a part of the profile',
    async prepare(stage) {
      const { owner, showsAbout } = await openProfile(stage);
      return { decide: () => owner.call(HERE, { _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAbout' }, rules: NOBODY }), isAdmitted: showsAbout };
    },
  },
  {
    title: 'a contact who is removed no longer sees what is for contacts',
    async prepare(stage) {
      const { owner, viewer, showsAbout } = await openProfile(stage);
      const id = await owner.user(viewer);
      await owner.call(HERE, { _: 'contacts.addContact', id, first_name: 'Viewer', last_name: '', phone: '' });
      await owner.call(HERE, { _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAbout' }, rules: [{ _: 'inputPrivacyValueAllowContacts' }] });
      return { decide: () => owner.call(HERE, { _: 'contacts.deleteContacts', id: [id] }), isAdmitted: showsAbout };
    },
  },
  {
    title: 'somebody who is blocked no longer sees when the owner was there',
    async prepare(stage) {
      const { owner, viewer } = await openProfile(stage);
      await owner.call(HERE, { _: 'account.updateStatus', offline: false });
      const [id, peer] = [await viewer.user(owner), await owner.peer(viewer)];
      return {
        decide: () => owner.call(HERE, { _: 'contacts.block', id: peer }),
        async isAdmitted() {
          const [user] = await viewer.call(THERE, { _: 'users.getUsers', id: [id] });
          return user?._ === 'user' && user.status !== undefined && user.status._ !== 'userStatusEmpty';
        },
      };
    },
  },
  {
    title: 'a deleted account has no name',
    async prepare(stage) {
      const { owner, viewer } = await openProfile(stage);
      const [id, device] = [await viewer.user(owner), await stage.device(owner)];
      return {
        decide: () => device.call(HERE, { _: 'account.deleteAccount', reason: '' }),
        async isAdmitted() {
          const [user] = await viewer.call(THERE, { _: 'users.getUsers', id: [id] });
          return user?._ === 'user' && user.first_name !== undefined;
        },
      };
    },
  },
  {
    title: 'somebody who is blocked types to nobody',
    async prepare(stage) {
      const [owner, viewer] = [await stage.person(), await stage.person()];
      await stage.meet(owner, viewer);
      const [to, peer] = [await viewer.peer(owner), await owner.peer(viewer)];
      return {
        decide: () => owner.call(HERE, { _: 'contacts.block', id: peer }),
        isAdmitted: () => stage.hears(THERE, owner, () => viewer.call(THERE, { _: 'messages.setTyping', peer: to, action: TYPING })),
      };
    },
  },
];

const NO_RIGHTS: tl.chatBannedRights = { _: 'chatBannedRights', view_messages: true, until_date: 0 };
const NO_ADMIN: tl.chatAdminRights = { _: 'chatAdminRights' };
const TYPING: tl.SendMessageAction = { _: 'sendMessageTypingAction' };

const SHUT_OUT = ['CHANNEL_PRIVATE', 'CHANNEL_INVALID', 'CHAT_ADMIN_REQUIRED'];

const readsHistory = ({ member, ofMember }: ChannelOnStage): Promise<boolean> =>
  isAnswered(() => member.call(THERE, { _: 'messages.getHistory', peer: { ...ofMember, _: 'inputPeerChannel' }, offset_id: 0, offset_date: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0, hash: 0n }), SHUT_OUT);
const readsMembers = ({ member, ofMember }: ChannelOnStage): Promise<boolean> =>
  isAnswered(() => member.call(THERE, { _: 'channels.getParticipants', channel: ofMember, filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 10, hash: 0n }), SHUT_OUT);

interface ChannelCase {
  before?(channel: ChannelOnStage): Promise<unknown>;
  decide(channel: ChannelOnStage): Promise<unknown>;
  isAdmitted(channel: ChannelOnStage, stage: DecisionStage): Promise<boolean>;
}

/** A row about a supergroup or a channel with one member. */
const inChannel = (kind: 'group' | 'broadcast', title: string, { before, decide, isAdmitted }: ChannelCase): DecisionRow => ({
  title,
  async prepare(stage) {
    const channel = await stage.channel({ isGroup: kind === 'group' });
    await before?.(channel);
    return { decide: () => decide(channel), isAdmitted: () => isAdmitted(channel, stage) };
  },
});

const ban = ({ owner, ofOwner, participant }: ChannelOnStage, rights: tl.chatBannedRights = NO_RIGHTS): Promise<unknown> =>
  owner.call(HERE, { _: 'channels.editBanned', channel: ofOwner, participant, banned_rights: rights });
const makeAdmin = ({ owner, ofOwner, participant: { user_id, access_hash } }: ChannelOnStage, rights: tl.chatAdminRights): Promise<unknown> =>
  owner.call(HERE, { _: 'channels.editAdmin', channel: ofOwner, user_id: { _: 'inputUser', user_id, access_hash }, admin_rights: rights, rank: '' });

/** Decisions about channels and their members. */
export const CHANNELS: readonly DecisionRow[] = [
  inChannel('group', 'a banned member reads nothing', { decide: ban, isAdmitted: readsHistory }),
  inChannel('broadcast', 'a banned subscriber reads nothing', { decide: ban, isAdmitted: readsHistory }),
  inChannel('group', 'a banned member sees no members', { decide: ban, isAdmitted: readsMembers }),
  inChannel('group', 'whoever left from another device reads nothing', { decide: ({ member, ofMember }) => member.call(HERE, { _: 'channels.leaveChannel', channel: ofMember }), isAdmitted: readsHistory }),
  inChannel('group', 'a deleted group is read by nobody', { decide: ({ owner, ofOwner }) => owner.call(HERE, { _: 'channels.deleteChannel', channel: ofOwner }), isAdmitted: readsHistory }),
  inChannel('group', 'who may not write types to nobody', {
    decide: (channel) => ban(channel, { ...NO_RIGHTS, view_messages: undefined, send_messages: true, send_plain: true }),
    isAdmitted: ({ member, ofMember }, stage) => stage.hearsInChannel(THERE, ofMember.channel_id, () => member.call(THERE, { _: 'messages.setTyping', peer: { ...ofMember, _: 'inputPeerChannel' }, action: TYPING })),
  }),
  inChannel('broadcast', 'a subscriber who is no admin any more sees no subscribers', {
    before: (channel) => makeAdmin(channel, { ...NO_ADMIN, change_info: true, post_messages: true }),
    decide: (channel) => makeAdmin(channel, NO_ADMIN),
    isAdmitted: readsMembers,
  }),
  {
    title: 'who was removed from a basic group sees no members',
    async prepare(stage) {
      const [owner, member] = [await stage.person(), await stage.person()];
      await stage.meet(owner, member);
      const user_id = await owner.user(member);
      const { updates } = await owner.call(HERE, { _: 'messages.createChat', users: [user_id], title: 'Group' });
      const [chat] = 'chats' in updates ? updates.chats : [];
      const chat_id = chat!.id;
      return {
        decide: () => owner.call(HERE, { _: 'messages.deleteChatUser', chat_id, user_id }),
        async isAdmitted() {
          const { full_chat } = await member.call(THERE, { _: 'messages.getFullChat', chat_id });
          return full_chat._ === 'chatFull' && full_chat.participants._ === 'chatParticipants';
        },
      };
    },
  },
  {
    title: 'strangers do not read what is public no more',
    async prepare(stage) {
      const channel = await stage.channel({ isGroup: true });
      const { owner, ofOwner } = channel;
      const stranger = await stage.person();
      const username = `public_${ofOwner.channel_id}`;
      await owner.call(HERE, { _: 'channels.updateUsername', channel: ofOwner, username });
      const ofMember = await stranger.channel(username);
      return {
        decide: () => owner.call(HERE, { _: 'channels.updateUsername', channel: ofOwner, username: '' }),
        isAdmitted: () => readsHistory({ ...channel, member: stranger, ofMember }),
      };
    },
  },
];

/** Decisions about who may call at all. */
export const CALLERS: readonly DecisionRow[] = [
  {
    title: 'a device that was ended is logged out',
    async prepare(stage) {
      const person = await stage.person();
      const device = await stage.device(person);
      const { auth } = stage.cluster.nodes[HERE]!.parts.domain;
      return { decide: () => auth.devices.doEndDevices(person.id, 'by the operator'), isAdmitted: () => device.isLoggedIn(THERE) };
    },
  },
  {
    title: 'a device that logs out is logged out',
    async prepare(stage) {
      const device = await stage.device(await stage.person());
      return { decide: () => device.call(HERE, { _: 'auth.logOut' }), isAdmitted: () => device.isLoggedIn(THERE) };
    },
  },
  {
    title: 'a deleted account calls nothing',
    async prepare(stage) {
      const device = await stage.device(await stage.person());
      return { decide: () => device.call(HERE, { _: 'account.deleteAccount', reason: '' }), isAdmitted: () => device.isLoggedIn(THERE) };
    },
  },
  {
    title: 'a revoked token of a bot is refused',
    usesLink: true,
    async prepare(stage) {
      const owner = await stage.person();
      const { bot, token } = await stage.bot(owner);
      const http = new BotHttp(stage.cluster.nodes[THERE]!, token);
      return { decide: () => owner.call(HERE, { _: 'bots.exportBotToken', bot, revoke: true }), isAdmitted: async () => (await http.ask('getMe')).ok };
    },
  },
  {
    title: 'a bot that has logged out is refused',
    usesLink: true,
    async prepare(stage) {
      const { token } = await stage.bot(await stage.person());
      const [here, there] = [HERE, THERE].map((at) => new BotHttp(stage.cluster.nodes[at]!, token));
      return { decide: () => here!.call('logOut'), isAdmitted: async () => (await there!.ask('getMe')).ok };
    },
  },
];

/** Media of a new file of somebody. */
async function newFile(owner: Somebody): Promise<tl.InputMedia> {
  const file = await upload(owner, Buffer.from(`content ${systemRandom.int63()}`), 'a');
  return { _: 'inputMediaUploadedDocument', file, mime_type: 'application/octet-stream', attributes: [] };
}

async function upload(owner: Somebody, bytes: Buffer, name: string): Promise<tl.inputFile> {
  const id = systemRandom.int63();
  await owner.call(HERE, { _: 'upload.saveFilePart', file_id: id, file_part: 0, bytes });
  return { _: 'inputFile', id, parts: 1, name, md5_checksum: '' };
}

/** A message with a file, and where its reader loads the file from. */
interface SentFile {
  location: tl.inputDocumentFileLocation;
  msgId: number;
}

/** The last message that somebody finds in a dialog. */
async function lastOf(reader: Somebody, peer: tl.InputPeer): Promise<tl.message> {
  const history = await reader.call(HERE, { _: 'messages.getHistory', peer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n });
  const [message] = 'messages' in history ? history.messages : [];
  if (message?._ !== 'message') throw new Error('there is no message');
  return message;
}

/** Sends a file, and finds it in the reader's history. */
async function sendFile({ owner, to, reader, from }: { owner: Somebody; to: tl.InputPeer; reader: Somebody; from: tl.InputPeer }): Promise<SentFile> {
  await owner.call(HERE, { _: 'messages.sendMedia', peer: to, media: await newFile(owner), message: '', random_id: systemRandom.int63() });
  const message = await lastOf(reader, from);
  if (message.media?._ !== 'messageMediaDocument' || message.media.document?._ !== 'document') throw new Error('there is no document');
  const { id, access_hash, file_reference } = message.media.document;
  return { location: { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' }, msgId: message.id };
}

const loads = (reader: Somebody, location: tl.InputFileLocation, refusals = ['FILE_REFERENCE_EXPIRED']): Promise<boolean> =>
  isAnswered(() => reader.call(THERE, { _: 'upload.getFile', location, offset: 0n, limit: 4096 }), refusals);

/** A row about the file in a post of a group. */
const ofFile = (title: string, decide: (channel: ChannelOnStage, sent: SentFile, stage: DecisionStage) => Promise<unknown>, refusals?: string[]): DecisionRow => ({
  title,
  usesLink: true,
  async prepare(stage) {
    const channel = await stage.channel({ isGroup: true });
    const { owner, ofOwner, member, ofMember } = channel;
    const sent = await sendFile({ owner, to: { ...ofOwner, _: 'inputPeerChannel' }, reader: member, from: { ...ofMember, _: 'inputPeerChannel' } });
    return { decide: () => decide(channel, sent, stage), isAdmitted: () => loads(member, sent.location, refusals) };
  },
});

/** Decisions about files. */
export const FILES: readonly DecisionRow[] = [
  ofFile('a banned member loads no file', (channel) => ban(channel)),
  ofFile('the file of a deleted post is not loaded', ({ owner, ofOwner }, { msgId }) => owner.call(HERE, { _: 'channels.deleteMessages', channel: ofOwner, id: [msgId] })),
  ofFile('a file that an edit of a post has replaced is not loaded', async ({ owner, ofOwner }, { msgId }) =>
    owner.call(HERE, { _: 'messages.editMessage', peer: { ...ofOwner, _: 'inputPeerChannel' }, id: msgId, media: await newFile(owner) })),
  {
    title: 'a file that an edit of a private message has replaced is not loaded',
    usesLink: true,
    async prepare(stage) {
      const [owner, viewer] = [await stage.person(), await stage.person()];
      await stage.meet(owner, viewer);
      const peer = await owner.peer(viewer);
      const { location } = await sendFile({ owner, to: peer, reader: viewer, from: await viewer.peer(owner) });
      const { id: msgId } = await lastOf(owner, peer);
      return { decide: async () => owner.call(HERE, { _: 'messages.editMessage', peer, id: msgId, media: await newFile(owner) }), isAdmitted: () => loads(viewer, location) };
    },
  },
  {
    title: 'a deleted photo of a profile is not loaded, also if it was not the current one',
    usesLink: true,
    async prepare(stage) {
      const [owner, viewer] = [await stage.person(), await stage.person()];
      for (const side of [200, 300]) await owner.call(HERE, { _: 'photos.uploadProfilePhoto', file: await upload(owner, await makePicture(side, side), 'a.jpg') });
      const { photos } = await viewer.call(HERE, { _: 'photos.getUserPhotos', user_id: await viewer.user(owner), offset: 1, max_id: 0n, limit: 1 });
      const [photo] = photos;
      if (photo?._ !== 'photo') throw new Error('there is no photo');
      const { id, access_hash, file_reference } = photo;
      return {
        decide: () => owner.call(HERE, { _: 'photos.deletePhotos', id: [{ _: 'inputPhoto', id, access_hash, file_reference }] }),
        isAdmitted: () => loads(viewer, { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size: 'a' }),
      };
    },
  },
];
