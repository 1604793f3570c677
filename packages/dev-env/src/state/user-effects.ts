import type { tl } from '@aerogram/tl';
import type { AccountParts } from './account-parts.ts';
import { withPlainWallpaper, withReferenceKind } from './plain-content.ts';

/**
 * Keeps what users that came with something say of the account itself: the own profile, and what the owner keeps of contacts. What others say
 * of themselves is not part of the account: devices that were away find it when they show it.
 */
export function keepUsers({ cells, self }: AccountParts, users: readonly tl.User[]): void {
  for (const user of users) {
    if (user._ !== 'user') continue;
    const id = Number(user.id);
    // The status passes, the access hash only names.
    if (id === self) cells.set('self', { ...user, status: undefined, access_hash: undefined });
    else {
      cells.set(`contact ${id}`, readContact(user));
      // Only contacts have a note.
      if (user.contact !== true) cells.set(`note ${id}`, undefined);
    }
  }
}

/** What the owner keeps of a contact; undefined for others. */
function readContact({ contact, first_name, last_name, close_friend }: tl.user): object | undefined {
  return contact === true ? { first_name, last_name, close_friend } : undefined;
}

/** Fields of the own profile that `updateUser` does not announce. They are compared elsewhere. */
const NOT_OF_PROFILE: ReadonlySet<string> = new Set<keyof tl.userFull>([
  // Announced by updatePeerSettings and updateNotifySettings; other cells hold them.
  'settings', 'notify_settings',
  // They describe the chat with oneself. Loading an account compares them with the dialog and the messages of that chat.
  'pinned_msg_id', 'has_scheduled', 'folder_id', 'ttl_period', 'noforwards_my_enabled', 'noforwards_peer_enabled',
]);

/** Keeps what a profile says of the account itself. Of the own profile that is every field, so that a new one is compared without further work. */
export function keepFullUser({ cells, self }: AccountParts, full: tl.userFull): void {
  const id = Number(full.id);
  if (id === self) {
    const song = full.saved_music?._ === 'document' ? withReferenceKind('the profile', full.saved_music) : undefined;
    const [photo, fallback] = [full.profile_photo, full.fallback_photo].map((one) => (one?._ === 'photo' ? withReferenceKind('the profile', one) : undefined));
    cells.set('self profile', Object.fromEntries(Object.entries({ ...full, saved_music: song, profile_photo: photo, fallback_photo: fallback }).filter(([name]) => !NOT_OF_PROFILE.has(name))));
    return;
  }
  cells.set(`note ${id}`, full.note?.text);
  const { noforwards_my_enabled: my, noforwards_peer_enabled: peer } = full;
  cells.set(`protected ${id}`, my || peer ? { my, peer } : undefined);
  keepWallpaper(cells, id, full);
}

/** Keeps the wallpaper of a private chat, as an update or a profile says it. */
export function keepWallpaper(cells: AccountParts['cells'], peer: number, { wallpaper, wallpaper_overridden: isOverridden }: Pick<tl.userFull, 'wallpaper' | 'wallpaper_overridden'>): void {
  cells.set(`wallpaper ${peer}`, wallpaper && { wallpaper: withPlainWallpaper('the wallpaper of a chat', wallpaper), isOverridden: isOverridden === true });
}
