import type { tl } from '@mtcute/core';
import { type EmojiStatus, type Peer, type PeerPhoto, type PeerRights, type PersonTerms, type Presence, REPLIES_CHAT, type SentKind } from '../../protocol/index.ts';
import { readAdminRights } from './admin-rights.ts';
import { channelPeer, groupPeer, userPeer } from './ids.ts';
import { readForbidden } from './member-rights.ts';
import { readPreview } from './preview.ts';

/** By which right each kind of media can be forbidden. */
const SEND_RIGHTS = { photo: 'sendPhotos', video: 'sendVideos', gif: 'sendGifs', audio: 'sendAudios', file: 'sendDocs', poll: 'sendPolls' } as const satisfies Record<SentKind, keyof tl.RawChatBannedRights>;

const SENT_KINDS = Object.keys(SEND_RIGHTS) as SentKind[];
const ALL_RIGHTS: PeerRights = { write: true, sendMedia: true, sends: SENT_KINDS, pin: true, invite: true, changeInfo: true, deleteOthers: true, createTopics: true, manageTopics: true, editOthers: false, promote: true };
const NO_RIGHTS: PeerRights = { write: false, sendMedia: false, sends: [], pin: false, invite: false, changeInfo: false, deleteOthers: false, createTopics: false, manageTopics: false, editOthers: false, promote: false };

/** Reads when a person was online. Pure. */
export function readPresence(status: tl.TypeUserStatus | undefined): Presence | undefined {
  switch (status?._) {
    case undefined:
      return undefined;
    case 'userStatusOnline':
      return { kind: 'online', until: status.expires };
    case 'userStatusOffline':
      return { kind: 'offline', at: status.wasOnline };
    case 'userStatusRecently':
      return { kind: 'recently' };
    case 'userStatusLastWeek':
      return { kind: 'lastWeek' };
    case 'userStatusLastMonth':
      return { kind: 'lastMonth' };
    default:
      return { kind: 'unknown' };
  }
}

function readPhoto(photo: tl.TypeUserProfilePhoto | tl.TypeChatPhoto | undefined): PeerPhoto | undefined {
  if (photo?._ !== 'userProfilePhoto' && photo?._ !== 'chatPhoto') return undefined;
  return { id: photo.photoId.toString(), preview: readPreview(photo.strippedThumb) };
}

/** Reads the emoji beside a name. Pure. */
export const readStatus = (status: tl.TypeEmojiStatus | undefined): EmojiStatus | undefined => (status && 'documentId' in status ? { emoji: status.documentId.toString(), until: status.until } : undefined);

function readUsernames(username: string | undefined, usernames: tl.TypeUsername[] | undefined): string[] {
  const active = usernames?.filter((each) => each.active).map((each) => each.username) ?? [];
  return username === undefined ? active : [username, ...active.filter((each) => each !== username)];
}

/** Restrictions for one platform only are those of an app store. */
function readMarks({ verified, scam, fake, restrictionReason }: tl.RawUser | tl.RawChannel): Pick<Peer, 'mark' | 'restriction'> {
  const mark = scam ? 'scam' : fake ? 'fake' : verified ? 'verified' : undefined;
  return { mark, restriction: restrictionReason?.find(({ platform }) => platform === 'all')?.text };
}

/** What the account may do in the chat with a person. To one who takes neither voice messages nor pins, the server lets only texts through. */
function rightsTo(id: number, terms: PersonTerms | undefined): PeerRights {
  const isTextOnly = terms?.noVoice === true && terms.noPins;
  return { ...ALL_RIGHTS, write: id !== REPLIES_CHAT, pin: terms?.noPins !== true, sendMedia: !isTextOnly, sends: isTextOnly ? [] : SENT_KINDS };
}

/** Notes what the details of a person say of the chat with them. Pure. */
export function withTerms(peer: Peer, { voiceMessagesForbidden, canPinMessage }: Pick<tl.RawUserFull, 'voiceMessagesForbidden' | 'canPinMessage'>): Peer {
  const terms = { noVoice: voiceMessagesForbidden === true, noPins: canPinMessage !== true };
  return { ...peer, terms, rights: rightsTo(peer.id, terms) };
}

/**
 * Reads a person. Pure.
 * @param known what was known before: incomplete data of the server leaves the rest as it was
 */
export function readUser(user: tl.RawUser, known: Peer | undefined): Peer {
  const name = user.deleted ? '' : [user.firstName, user.lastName].filter((part) => part !== undefined && part !== '').join(' ');
  const fresh: Peer = {
    id: userPeer(user.id),
    kind: 'user',
    name,
    firstName: user.firstName,
    lastName: user.lastName,
    usernames: readUsernames(user.username, user.usernames),
    phone: user.phone,
    photo: readPhoto(user.photo),
    presence: readPresence(user.status),
    isSelf: user.self,
    isBot: user.bot,
    isContact: user.contact,
    isDeleted: user.deleted,
    ...readMarks(user),
    status: readStatus(user.emojiStatus),
    isPremium: user.premium,
    terms: known?.terms,
    rights: rightsTo(user.id, known?.terms),
  };
  if (!user.min || known === undefined) return fresh;
  return { ...known, photo: user.applyMinPhoto ? fresh.photo : known.photo, isBot: fresh.isBot, isDeleted: fresh.isDeleted, mark: fresh.mark, restriction: fresh.restriction, status: fresh.status, isPremium: fresh.isPremium };
}

/** Reads a group or channel. Pure. @param known see `readUser` */
export function readChat(chat: tl.TypeChat, known: Peer | undefined): Peer | undefined {
  switch (chat._) {
    case 'chatEmpty':
      return undefined;
    case 'chatForbidden':
      return { id: groupPeer(chat.id), kind: 'group', name: chat.title, usernames: [], isMember: false, rights: NO_RIGHTS };
    case 'channelForbidden':
      return { id: channelPeer(chat.id), kind: chat.megagroup ? 'supergroup' : 'channel', name: chat.title, usernames: [], isMember: false, rights: NO_RIGHTS };
    case 'chat':
      return readGroup(chat, known);
    case 'channel':
      return readChannel(chat, known);
    default:
      return undefined;
  }
}

function readGroup(chat: tl.RawChat, known: Peer | undefined): Peer {
  const isMember = !chat.left && !chat.deactivated;
  return {
    id: groupPeer(chat.id),
    kind: 'group',
    name: chat.title,
    usernames: [],
    photo: readPhoto(chat.photo),
    members: chat.participantsCount,
    isMember,
    isCreator: chat.creator,
    isAdmin: chat.creator === true || chat.adminRights !== undefined,
    adminRights: chat.adminRights && readAdminRights(chat.adminRights),
    forbidden: readForbidden(chat.defaultBannedRights),
    isProtected: chat.noforwards,
    reactions: known?.reactions,
    migratedTo: chat.migratedTo?._ === 'inputChannel' ? channelPeer(chat.migratedTo.channelId) : undefined,
    rights: isMember ? readRights(chat) : NO_RIGHTS,
  };
}

function readChannel(chat: tl.RawChannel, known: Peer | undefined): Peer {
  const fresh: Peer = {
    id: channelPeer(chat.id),
    kind: chat.broadcast ? 'channel' : 'supergroup',
    name: chat.title,
    usernames: readUsernames(chat.username, chat.usernames),
    photo: readPhoto(chat.photo),
    members: chat.participantsCount ?? known?.members,
    isMember: !chat.left,
    isCreator: chat.creator,
    isAdmin: chat.creator === true || chat.adminRights !== undefined,
    adminRights: chat.adminRights && readAdminRights(chat.adminRights),
    asksToJoin: chat.joinRequest,
    ...readMarks(chat),
    status: readStatus(chat.emojiStatus),
    forbidden: chat.broadcast ? undefined : readForbidden(chat.defaultBannedRights),
    joinsFirst: chat.joinToSend,
    signs: chat.signatures,
    isLinked: chat.hasLink,
    isProtected: chat.noforwards,
    isForum: chat.forum,
    hasTabs: chat.forumTabs,
    reactions: known?.reactions,
    former: known?.former,
    rights: readRights(chat),
  };
  if (!chat.min || known === undefined) return fresh;
  const { isMember, isCreator, isAdmin, adminRights, rights } = known;
  return { ...fresh, isMember, isCreator, isAdmin, adminRights, rights };
}

/** What the account may do, out of what all members, admins, and this member may do. Pure. */
function readRights(chat: tl.RawChat | tl.RawChannel): PeerRights {
  if (chat.creator) return { ...ALL_RIGHTS, editOthers: chat._ === 'channel' && chat.broadcast === true };
  const admin = chat.adminRights;
  if (chat._ === 'channel' && chat.broadcast) {
    const write = admin?.postMessages === true;
    return {
      write,
      sendMedia: write,
      sends: write ? SENT_KINDS : [],
      pin: admin?.editMessages === true,
      invite: admin?.inviteUsers === true,
      changeInfo: admin?.changeInfo === true,
      deleteOthers: admin?.deleteMessages === true,
      createTopics: false,
      manageTopics: false,
      editOthers: admin?.editMessages === true,
      promote: admin?.addAdmins === true,
    };
  }
  const own = chat._ === 'channel' ? chat.bannedRights : undefined;
  const may = (right: 'sendMessages' | 'sendPlain' | 'sendMedia' | 'pinMessages' | 'inviteUsers' | 'changeInfo' | 'manageTopics'): boolean =>
    !own?.[right] && !chat.defaultBannedRights?.[right];
  const maySend = (kind: SentKind): boolean => !own?.[SEND_RIGHTS[kind]] && !chat.defaultBannedRights?.[SEND_RIGHTS[kind]];
  const joinsFirst = chat._ === 'channel' && chat.left === true && chat.joinToSend === true;
  const sendMedia = !joinsFirst && (admin !== undefined || (may('sendMessages') && may('sendMedia')));
  return {
    write: !joinsFirst && (admin !== undefined || (may('sendMessages') && may('sendPlain'))),
    sendMedia,
    sends: sendMedia ? SENT_KINDS.filter((kind) => admin !== undefined || maySend(kind)) : [],
    pin: admin?.pinMessages === true || may('pinMessages'),
    invite: admin?.inviteUsers === true || may('inviteUsers'),
    changeInfo: admin?.changeInfo === true || may('changeInfo'),
    deleteOthers: admin?.deleteMessages === true,
    createTopics: admin?.manageTopics === true || may('manageTopics'),
    manageTopics: admin?.manageTopics === true,
    editOthers: false,
    promote: admin?.addAdmins === true,
  };
}
