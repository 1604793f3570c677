import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';

import type { ResolvedUser } from '../access/index.ts';
import { type Boxes, type MessageRow, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { lockToKeep } from '../collections/index.ts';
import type { MediaFiller } from '../documents/index.ts';
import { addNotice, findMessages, type MessagingDeps, type Place, writeDialog } from '../messages/index.ts';
import { otherBoxOf } from '../peers/index.ts';
import { checkedWallpaperSettings, settingsOfFill, type Wallpapers } from '../wallpapers/index.ts';
import { type ChatOfOwner, type ChatWallpaper, findChatWallpaper, saveChatWallpaper } from './chat-wallpaper-store.ts';

/** Which wallpaper is set for a chat. */
export interface ChatWallpaperInput {
  /** Absent with `msgId`. */
  wallpaper: tl.InputWallPaper | undefined;
  settings: tl.wallPaperSettings | undefined;
  /** A service message of the chat that says that somebody has set a wallpaper: takes that one. */
  msgId: number | undefined;
  /** Sets it for the other one, too. */
  forBoth: boolean;
}

/** Who changes the wallpaper of which private chat. */
export interface ChatWallpaperChange extends ChatOfOwner {
  origin: Origin | undefined;
}

/** What a profile shows about the wallpaper of a chat. */
export type ShownWallpaper = Pick<tl.userFull, 'wallpaper' | 'wallpaper_overridden'>;

/** What a profile shows about how a chat looks. */
export type ShownLook = ShownWallpaper & Pick<tl.userFull, 'theme'>;

/** Wallpapers of private chats (core.telegram.org/api/wallpapers). Each of the two has a wallpaper of their own, which the other may set for both. */
export interface ChatWallpapers {
  /**
   * Sets the wallpaper of a chat, and adds a service message about it.
   * @returns the owner's copy of the service message; undefined if the chat has this wallpaper already, as when the call is repeated
   * @throws RpcError WALLPAPER_INVALID, PEER_ID_INVALID (Saved Messages, service chats), INPUT_USER_DEACTIVATED, YOU_BLOCKED_USER, USER_IS_BLOCKED, and as {@link SendLimits.check}
   */
  doSet(peer: ResolvedUser, change: Omit<ChatWallpaperChange, 'peerId'>, input: ChatWallpaperInput): Promise<MessageRow | undefined>;
  /** Removes the wallpaper of a chat for its owner only. */
  doRemove(change: ChatWallpaperChange): Promise<void>;
  /** Takes the wallpaper again that the owner had before the other one has set one for both. Nothing happens if the other one has not. */
  doRevert(change: ChatWallpaperChange): Promise<void>;
  /** What the profile of the other one shows. */
  find(ownerId: bigint, peerId: bigint): Promise<ShownWallpaper>;
  /** The same, with the theme of the chat. */
  findLook(ownerId: bigint, peerId: bigint): Promise<ShownLook>;
}

interface ChatWallpaperParts {
  wallpapers: Pick<Wallpapers, 'accessForChat'>;
  filler: Pick<MediaFiller, 'fillWallpaper'>;
}

type Deps = Pick<MessagingDeps, 'db' | 'homes' | 'random' | 'sendLimits' | 'writeBoxes' | 'writeFoundBoxes'>;

/** Creates the operations on wallpapers of private chats. */
export function createChatWallpapers(deps: Deps, { wallpapers, filler }: ChatWallpaperParts): ChatWallpapers {
  const { db, random } = deps;

  /** The wallpaper that a service message of the chat is about. */
  const findInMessage = async ({ ownerId, peerId }: ChatOfOwner, msgId: number, settings: tl.wallPaperSettings | undefined): Promise<tl.WallPaper> => {
    const row = (await findMessages(db.q, ownerId, [msgId])).get(msgId);
    const action = row?.peer_id === peerId ? unpackMessageExtra(row.extra).action : undefined;
    if (action?._ !== 'messageActionSetChatWallPaper') throw rpcError('WALLPAPER_INVALID');
    const { wallpaper } = action;
    if (settings === undefined) return wallpaper;
    const checked = checkedWallpaperSettings(settings);
    return { ...wallpaper, settings: wallpaper._ === 'wallPaperNoFile' ? settingsOfFill(wallpaper.settings, checked) : checked };
  };

  const showWallpaper = (found: ChatWallpaper | undefined): ShownWallpaper =>
    found?.wallpaper === undefined ? {} : { wallpaper: filler.fillWallpaper(found.wallpaper), wallpaper_overridden: found.isOverridden || undefined };

  const change = ({ ownerId, peerId, origin }: ChatWallpaperChange, next: (before: ChatWallpaper | undefined) => tl.WallPaper | undefined | 'same'): Promise<void> =>
    deps.writeBoxes('change-chat-wallpaper', [ownerId], async (tx, boxes, date) => {
      const wallpaper = next(await findChatWallpaper(tx, { ownerId, peerId }));
      if (wallpaper === 'same') return;
      await saveChatWallpaper(tx, { ownerId, peerId }, { wallpaper, isOverridden: false, earlier: undefined });
      tell(boxes, { ownerId, peerId, date, origin }, { wallpaper });
    });

  return {
    async doSet(peer, { ownerId, origin }, { wallpaper: input, settings, msgId, forBoth }) {
      const { peerId } = peer;
      if (peer.row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
      if (otherBoxOf(ownerId, peerId) === undefined) throw rpcError('PEER_ID_INVALID');
      if (msgId === undefined && input === undefined) throw rpcError('WALLPAPER_INVALID');
      const wallpaper = msgId === undefined ? await wallpapers.accessForChat(input!, settings) : await findInMessage({ ownerId, peerId }, msgId, settings);
      await deps.sendLimits.check(ownerId, peer, 1);
      return writeDialog(deps, { name: 'set-chat-wallpaper', refusals: ['YOU_BLOCKED_USER', 'USER_IS_BLOCKED'] }, { ownerId, peerId }, async ({ tx, boxes, date, places }) => {
        const changed: { place: Place; before: ChatWallpaper | undefined }[] = [];
        for (const place of places.filter(({ isOwn }) => isOwn || forBoth)) changed.push({ place, before: await findChatWallpaper(tx, place) });
        if (changed.every(({ place, before }) => isSame(before?.wallpaper, wallpaper) && before?.isOverridden === !place.isOwn)) return undefined;
        if (wallpaper._ === 'wallPaper' && !(await lockToKeep(tx, wallpaper.document))) throw rpcError('WALLPAPER_INVALID');
        for (const { place, before } of changed) {
          const earlier = place.isOwn ? undefined : before?.isOverridden === true ? before.earlier : before?.wallpaper;
          await saveChatWallpaper(tx, place, { wallpaper, isOverridden: !place.isOwn, earlier });
          tell(boxes, { ...place, date, origin: place.isOwn ? origin : undefined }, { wallpaper, wallpaper_overridden: !place.isOwn || undefined });
        }
        const action: tl.messageActionSetChatWallPaper = { _: 'messageActionSetChatWallPaper', same: msgId !== undefined || undefined, for_both: forBoth || undefined, wallpaper };
        return addNotice({ tx, boxes, date }, random, { authorId: ownerId, places, extra: packMessageExtra({ action }), expires: true, origin });
      });
    },
    doRemove: (chat) => change(chat, (before) => (before === undefined ? 'same' : undefined)),
    doRevert: (chat) => change(chat, (before) => (before?.isOverridden === true ? before.earlier : 'same')),
    async find(ownerId, peerId) {
      return showWallpaper(await findChatWallpaper(db, { ownerId, peerId }));
    },
    async findLook(ownerId, peerId) {
      const found = await findChatWallpaper(db, { ownerId, peerId });
      return { ...showWallpaper(found), theme: found?.theme === undefined ? undefined : { _: 'chatTheme', emoticon: found.theme } };
    },
  };
}

/** Whether two wallpapers are equal, with their settings. Pure. */
function isSame(one: tl.WallPaper | undefined, other: tl.WallPaper): boolean {
  return one !== undefined && Buffer.compare(storedEncode(one), storedEncode(other)) === 0;
}

/** Tells the devices of somebody about the wallpaper of a chat. */
function tell(boxes: Boxes, { ownerId, peerId, date, origin }: Pick<Place, 'ownerId' | 'peerId'> & { date: number; origin: Origin | undefined }, shown: ShownWallpaper): void {
  boxes.addLoose(ownerId, date, origin, [{ _: 'updatePeerWallpaper', peer: unmarkPeer(peerId), ...shown }]);
}
