import { isMarkedUser } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';

import type { InviteLinks } from '../channels/index.ts';
import { ChannelFlag, type Chats, isChatRow } from '../chats/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { SharedFolders } from '../shared-folders/index.ts';
import type { StickerSets } from '../sticker-sets/index.ts';
import type { Users } from '../users/index.ts';
import type { NamesElsewhere } from './names-elsewhere.ts';

/** What anybody may know of the target of a link. */
export interface LinkPage {
  kind: 'user' | 'group' | 'channel' | 'folder' | 'stickers' | 'emoji';
  title: string;
  /** It may have several lines; '' for none. */
  about: string;
  /** Members of a group or channel, chats of a folder, or documents of a sticker set; undefined for users. */
  count: number | undefined;
  /** The username as its owner writes it; undefined on the pages of other links. */
  username: string | undefined;
  /** Whether admins have to let people in. */
  requestNeeded: boolean;
}

/** The target of a link is a group or channel of another data centre. It cannot be opened from this one. */
export const ELSEWHERE = 'elsewhere';

/**
 * The targets of links, for viewers who are not logged in. Whatever such a viewer may not see is undefined, like what does not exist.
 */
export interface LinkPages {
  /**
   * Finds the user, public group or public channel with a username. Of people elsewhere it shows nothing but the name.
   */
  findByName(username: string): Promise<LinkPage | typeof ELSEWHERE | undefined>;
  /** Finds the group or channel into which an invite link leads. @param hash the last part of the link */
  findInvite(hash: string): Promise<LinkPage | typeof ELSEWHERE | undefined>;
  /** Finds the folder that a link shares. @param slug the last part of the link */
  findFolder(slug: string): Promise<LinkPage | undefined>;
  /** Finds a sticker set by its short name. Who has made it is not said. */
  findSet(name: string): Promise<LinkPage | undefined>;
}

/** The dependencies of the pages. */
export interface LinkPagesDeps {
  users: Pick<Users, 'findNamedPeer' | 'findRow'>;
  namesElsewhere: Pick<NamesElsewhere, 'find'>;
  chats: Pick<Chats, 'findRow'>;
  privacy: Pick<Privacy, 'allows'>;
  sharedFolders: Pick<SharedFolders, 'findOffered'>;
  invites: Pick<InviteLinks, 'findPreview' | 'isElsewhere'>;
  stickerSets: Pick<StickerSets, 'access'>;
}

/** A viewer who is nobody's contact and in no chat: no user has this id. */
const STRANGER = { id: 0n, bot: false };

/** Creates the pages. */
export function createLinkPages({ users, namesElsewhere, chats, privacy, sharedFolders, invites, stickerSets }: LinkPagesDeps): LinkPages {
  const findUser = async (userId: bigint): Promise<LinkPage | undefined> => {
    const row = await users.findRow(userId);
    if (row === undefined || row.deleted || row.username === null) return undefined;
    const showsAbout = row.about !== '' && (await privacy.allows(userId, 'About', STRANGER));
    return { kind: 'user', title: `${row.first_name} ${row.last_name}`.trim(), about: showsAbout ? row.about : '', count: undefined, username: row.username, requestNeeded: false };
  };
  const findChat = async (peerId: bigint): Promise<LinkPage | undefined> => {
    const row = await chats.findRow(peerId);
    if (row === undefined || isChatRow(row) || row.username === null || (row.flags & ChannelFlag.deleted) !== 0) return undefined;
    const requestNeeded = (row.flags & ChannelFlag.joinRequest) !== 0;
    return { kind: row.kind === 'broadcast' ? 'channel' : 'group', title: row.title, about: row.about, count: row.members, username: row.username, requestNeeded };
  };
  const findElsewhere = async (username: string): Promise<LinkPage | typeof ELSEWHERE | undefined> => {
    const peerId = await namesElsewhere.find(username);
    if (peerId === undefined) return undefined;
    // Apps find the person by the name. More than that is shown to those only whom the person's home tells.
    return isMarkedUser(peerId) ? { kind: 'user', title: `@${username}`, about: '', count: undefined, username, requestNeeded: false } : ELSEWHERE;
  };

  return {
    async findByName(username) {
      const peerId = await users.findNamedPeer(username);
      if (peerId === undefined) return findElsewhere(username);
      return isMarkedUser(peerId) ? findUser(peerId) : findChat(peerId);
    },
    async findInvite(hash) {
      const preview = await invites.findPreview(hash);
      if (preview === undefined) return invites.isElsewhere(hash) ? ELSEWHERE : undefined;
      const { kind, title, about, members, requestNeeded } = preview;
      return { kind: kind === 'broadcast' ? 'channel' : 'group', title, about, count: members, username: undefined, requestNeeded };
    },
    findSet: (name) =>
      unlessRefused(async () => {
        const { kind, title, count } = await stickerSets.access(STRANGER.id, { _: 'inputStickerSetShortName', short_name: name });
        return { kind: kind === 'emoji' ? 'emoji' : 'stickers', title, about: '', count, username: undefined, requestNeeded: false };
      }),
    findFolder: (slug) =>
      unlessRefused(async () => {
        const { folder, missing } = await sharedFolders.findOffered(STRANGER.id, slug);
        return { kind: 'folder', title: folder.title.text, about: '', count: missing.length, username: undefined, requestNeeded: false };
      }),
  };
}

/** Runs a lookup. @returns undefined if it refuses to say anything */
async function unlessRefused(find: () => Promise<LinkPage>): Promise<LinkPage | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof RpcError && error.code === 400) return undefined;
    throw error;
  }
}
