import type { MessageId, PeerId, Photo, UnixTime } from '../models.ts';

/** What an invite link shows to somebody who is no member. */
export interface Invitation {
  hash: string;
  title: string;
  about?: string;
  isChannel: boolean;
  /** Of its picture while it has none: a number of a palette. */
  colour: number;
  members: number;
  /** Members whom the account has as contacts. */
  known: PeerId[];
  photo?: Photo;
  /** People may only ask to join. */
  asksToJoin: boolean;
  /** The account has asked already. */
  hasAsked: boolean;
}

/** A folder that somebody shares by a link. */
export interface OfferedFolder {
  slug: string;
  title: string;
  /** The account's own folder, if the link was used before or is the account's own. */
  ownId?: number;
  /** Chats that can be joined or added. */
  missing: PeerId[];
  /** Chats that are in the own folder. */
  already: PeerId[];
}

/** Where a link leads. */
export type LinkTarget =
  | { kind: 'chat'; peer: PeerId; topic?: MessageId; message?: MessageId }
  | { kind: 'invitation'; invitation: Invitation }
  | { kind: 'folder'; folder: OfferedFolder }
  | { kind: 'stickers'; name: string }
  /** Something that this client does not show. */
  | { kind: 'notShown' };

/** What came of joining: `asked` if admins decide. */
export type Joined = { outcome: 'joined'; peer: PeerId } | { outcome: 'asked' };

/** Somebody who came in, or asks to be let in. */
export interface Entrant {
  peer: PeerId;
  date: UnixTime;
}

/** A page of them, the last one first. */
export interface EntrantPage {
  people: Entrant[];
  /** Names the next page; undefined after the last one. */
  next?: string;
}

/** Groups of the account that can be the discussion group of a channel, and those that could be if they were different. */
export interface DiscussionGroups {
  able: PeerId[];
  /** `linked`: it is that of another channel. */
  unable: { peer: PeerId; reason: 'topics' | 'linked' }[];
}

/** Groups and channels. */
export interface GroupQuestions {
  /** Those who cannot be added are `missing`. The photo is set apart: were it refused, what was made could not be named. */
  'groups.create': { say: { title: string; users: PeerId[] }; get: { peer: PeerId; missing: PeerId[] } };
  /** Photo and username are set apart, as for a group. */
  'groups.createChannel': { say: { title: string; about: string }; get: PeerId };
  /** An empty username makes a group or channel private. */
  'groups.setUsername': { say: { peer: PeerId; username: string }; get: void };
  /** The public groups and channels that the account owns. */
  'groups.listPublic': { say: void; get: PeerId[] };
  /** Whether the account may give a username to one of its groups or channels; `peer`: to this supergroup or channel. */
  'groups.checkUsername': { say: { username: string; peer?: PeerId }; get: boolean };
  'groups.edit': { say: { peer: PeerId; title: string; about: string }; get: void };
  /** Without a photo, the one that is there is removed. */
  'groups.setPhoto': { say: { peer: PeerId; photo?: Blob }; get: void };
  'groups.addMembers': { say: { peer: PeerId; users: PeerId[] }; get: { missing: PeerId[] } };
  'groups.removeMember': { say: { peer: PeerId; user: PeerId }; get: void };
  'groups.join': { say: { peer: PeerId }; get: Joined };
  'groups.leave': { say: { peer: PeerId }; get: void };
  /** Deletes a group or channel for all; only its owner may. */
  'groups.delete': { say: { peer: PeerId }; get: void };
  /** The permanent invite link of the account. */
  'groups.inviteLink': { say: { peer: PeerId }; get: string };
  /** People who ask to be let in. @param offset `next` of the page before */
  'groups.requests': { say: { peer: PeerId; offset?: string }; get: EntrantPage };
  'groups.decide': { say: { peer: PeerId; user: PeerId; isApproved: boolean }; get: void };
  'groups.listForDiscussion': { say: void; get: DiscussionGroups };
  /** Lets posts of a channel be commented in a supergroup, whose history new members will see; without one, nowhere. */
  'groups.setDiscussion': { say: { channel: PeerId; group?: PeerId }; get: void };
  /** In whose name the account may write in a supergroup: its usual name first. */
  'groups.listSendAs': { say: { peer: PeerId }; get: PeerId[] };
  'groups.setSendAs': { say: { peer: PeerId; as: PeerId }; get: void };
  /** Public channels whose subscribers are much the same, the most similar first. */
  'groups.listSimilar': { say: { channel: PeerId }; get: PeerId[] };
  'members.more': { say: { view: number }; get: void };
  /** @param path of a link of this server, such as `+hash`, `addlist/slug` or `name/5` */
  'links.open': { say: { path: string }; get: LinkTarget };
  'links.join': { say: { hash: string }; get: Joined };
  /** Joins some chats of a shared folder, and gets the own folder in which they are then. */
  'links.joinFolder': { say: { slug: string; peers: PeerId[] }; get: number | undefined };
}
