import type { tl } from '@aerogram/tl';
import type { AccountParts, Effects } from './account-parts.ts';
import { markPeer } from './box-message.ts';

/** What updates do to settings, contacts and the own profile. */
export const SETTINGS_EFFECTS: Effects = {
  updateNotifySettings: (state, { peer, notify_settings }) => keepNotifySettings(state, peer, notify_settings),
  updatePrivacy(state, { key, rules }) {
    state.cells.set(privacyCell(key._.slice('privacyKey'.length)), rules);
    // Bars offer to share the number where it is hidden.
    if (key._ === 'privacyKeyPhoneNumber') state.cells.expire('bar *');
  },
  updatePeerBlocked(state, { peer_id, blocked, blocked_my_stories_from }) {
    state.cells.set(`blocked ${markPeer(peer_id)}`, blocked);
    state.cells.set(`blocked stories ${markPeer(peer_id)}`, blocked_my_stories_from);
    state.cells.expire(`bar ${markPeer(peer_id)}`);
  },
  updateAutoSaveSettings: (state) => state.cells.expire('auto-save'),
  updateWebBrowserSettings: (state, { open_external_browser, display_close_button }) => keepBrowser(state, { open_external_browser, display_close_button }),
  updateWebBrowserException(state, { delete: isGone, open_external_browser: external, exception }) {
    state.cells.set(siteCell(exception.domain), isGone === true ? undefined : { external, exception });
  },
  updateConfig: (state) => state.cells.expire('config'),
  updateSavedGifs: (state) => state.cells.expire('saved gifs'),
  updateFavedStickers: (state) => state.cells.expire('favourite stickers'),
  updateRecentStickers: (state) => state.cells.expire('recent stickers'),
  updateNewStickerSet: (state) => state.cells.expire('sticker sets *'),
  updateStickerSets: (state) => state.cells.expire('sticker sets *'),
  updateStickerSetsOrder: (state) => state.cells.expire('sticker sets *'),
  updateMoveStickerSetToTop: (state) => state.cells.expire('sticker sets *'),
  updateSavedRingtones: (state) => state.cells.expire('saved ringtones'),
  updateRecentReactions: (state) => state.cells.expire('recent reactions'),
  updatePaidReactionPrivacy: (state, update) => state.cells.set('paid reactions', update.private),

  updateContactsReset(state) {
    state.cells.expire('contact *');
    state.cells.expire('note *');
    state.cells.expire('bar *');
  },
  updateUser(state, { user_id }) {
    if (Number(user_id) === state.self) state.cells.expire('self profile');
    else for (const name of ['note', 'bar']) state.cells.expire(`${name} ${user_id}`);
  },
  updateUserName: (state, { user_id, first_name, last_name, usernames }) => changeSelf(state, user_id, {
    first_name,
    last_name: last_name === '' ? undefined : last_name,
    username: usernames.find((one) => one.active)?.username,
  }),
  updateUserEmojiStatus: (state, { user_id, emoji_status: status }) => changeSelf(state, user_id, { emoji_status: status._ === 'emojiStatusEmpty' ? undefined : status }),
  updateRecentEmojiStatuses: (state) => state.cells.expire('recent statuses'),
  updateUserPhone: (state, { user_id, phone }) => changeSelf(state, user_id, { phone }),
};

/** The cell of the rules about one thing. @param key the name of its TL constructors behind `privacyKey` */
export function privacyCell(key: string): string {
  return `privacy ${key}`;
}

/** The cell of a site of its own in the settings of the web browser. */
export function siteCell(domain: string): string {
  return `browser site ${domain}`;
}

/** Keeps when a chat, or all of a kind, notifies. */
export function keepNotifySettings(state: AccountParts, peer: tl.NotifyPeer, settings: tl.peerNotifySettings): void {
  const topic = peer._ === 'notifyForumTopic' ? ` ${peer.top_msg_id}` : '';
  const name = peer._ === 'notifyPeer' || peer._ === 'notifyForumTopic' ? `notify ${markPeer(peer.peer)}${topic}` : `notify ${peer._}`;
  state.cells.set(name, Object.values(settings).filter((value) => value !== undefined).length > 1 ? settings : undefined);
}

/** Keeps how links are opened. */
export function keepBrowser(state: AccountParts, { open_external_browser: external, display_close_button: close }: Pick<tl.updateWebBrowserSettings, 'open_external_browser' | 'display_close_button'>): void {
  state.cells.set('browser', external || close ? { external, close } : undefined);
}

/** The own user is said in parts. */
function changeSelf(state: AccountParts, userId: bigint, change: Partial<tl.user>): void {
  const self = state.cells.get<tl.user>('self');
  if (Number(userId) === state.self && self !== undefined) state.cells.set('self', { ...self, ...change });
}
