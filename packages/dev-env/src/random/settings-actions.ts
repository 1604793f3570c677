import type { tl } from '@aerogram/tl';
import { isText, type Chance, type Make, type RandomPeer } from './chance.ts';

/** Shown in Saved Messages. */
const TAGS = ['\u{1F44D}', '\u{2764}', '\u{1F525}', '\u{1F389}'];

const dialogOf = ({ input: peer }: RandomPeer): tl.inputDialogPeer => ({ _: 'inputDialogPeer', peer });

function userOf({ input }: RandomPeer): tl.InputUser {
  return input._ === 'inputPeerUser' ? { ...input, _: 'inputUser' } : { _: 'inputUserSelf' };
}

/** The cell of an order, as the device knows it, in another order. */
function shuffled(chance: Chance, order: readonly number[] | undefined): number[] {
  return (order ?? []).map((id) => ({ id, key: chance.below(1000) })).sort((a, b) => a.key - b.key).map(({ id }) => id);
}

function makeFolder(chance: Chance, peers: readonly RandomPeer[], id: number): tl.dialogFilter {
  const some = (): tl.InputPeer[] => peers.filter(() => chance.below(2) === 0).map(({ input }) => input);
  return {
    _: 'dialogFilter', id, contacts: chance.flag(2), non_contacts: true, exclude_muted: chance.flag(2), exclude_read: chance.flag(3), color: chance.of([undefined, 1, 2]),
    title: { _: 'textWithEntities', text: `Folder ${chance.below(100)}`, entities: [] }, pinned_peers: [], include_peers: some(), exclude_peers: [],
  };
}

/** What people set beside messages, with weights. */
export const SETTINGS_ACTIONS: readonly (readonly [weight: number, make: Make])[] = [
  // The list of chats
  [3, (chance, _state, peers) => ({ _: 'messages.toggleDialogPin', peer: dialogOf(chance.peer(peers)), pinned: chance.flag(2) })],
  [1, (chance, state, peers) => {
    const order = shuffled(chance, state.cells.get('pinned 0')).flatMap((id) => peers.find((peer) => peer.id === id) ?? []);
    return order.length === 0 ? undefined : { _: 'messages.reorderPinnedDialogs', folder_id: 0, force: chance.flag(2), order: order.map(dialogOf) };
  }],
  [3, (chance, _state, peers) => ({ _: 'messages.markDialogUnread', peer: dialogOf(chance.peer(peers)), unread: chance.flag(2) })],
  [5, (chance, state, peers) => {
    const peer = chance.peer(peers);
    const to = chance.message(state, (message) => message.peer === peer.id && isText(message));
    const reply_to = to && chance.below(3) === 0 ? { _: 'inputReplyToMessage', reply_to_msg_id: to.id } as const : undefined;
    const message = chance.below(3) === 0 ? '' : chance.text();
    const entities = message === '' ? undefined : chance.entities();
    return { _: 'messages.saveDraft', peer: peer.input, message, entities, reply_to, no_webpage: chance.flag(4), invert_media: chance.flag(4) };
  }],
  [1, () => ({ _: 'messages.clearAllDrafts' })],
  [2, (chance, state, peers) => {
    // Only for Saved Messages: other chats are moved out of the archive by messages of others, and the order of the two would be random.
    const { input: peer } = peers.find((one) => one.id === state.self)!;
    return { _: 'folders.editPeerFolders', folder_peers: [{ _: 'inputFolderPeer', peer, folder_id: chance.below(2) }] };
  }],
  [2, (chance, state, peers) => {
    const { input: peer } = chance.other(state, peers);
    return { request: { _: 'messages.setHistoryTTL', peer, period: chance.below(4) * 86_400 }, shares: 'ttl' };
  }],
  [1, (chance, state, peers) => ({ _: 'messages.hidePeerSettingsBar', peer: chance.other(state, peers).input })],

  // Folders
  [3, (chance, _state, peers) => {
    const id = 2 + chance.below(4);
    return { _: 'messages.updateDialogFilter', id, filter: chance.below(3) === 0 ? undefined : makeFolder(chance, peers, id) };
  }],
  [1, (chance, state) => ({ _: 'messages.updateDialogFiltersOrder', order: shuffled(chance, state.cells.get('folder order')) })],
  [1, (chance) => ({ _: 'messages.toggleDialogFilterTags', enabled: chance.below(2) === 0 })],

  // Saved Messages
  [2, (chance, state, peers) => {
    const peer = peers.find((one) => one.id === chance.of([...state.box.listSavedTops().keys()]));
    return peer && { _: 'messages.toggleSavedDialogPin', peer: dialogOf(peer), pinned: chance.flag(2) };
  }],
  [1, (chance, state, peers) => {
    const order = shuffled(chance, state.cells.get('pinned saved')).flatMap((id) => peers.find((peer) => peer.id === id) ?? []);
    return order.length === 0 ? undefined : { _: 'messages.reorderPinnedSavedDialogs', force: true, order: order.map(dialogOf) };
  }],
  [2, (chance) => ({ _: 'messages.updateSavedReactionTag', reaction: { _: 'reactionEmoji', emoticon: chance.of(TAGS)! }, title: chance.of([undefined, 'one', 'two']) })],

  // Reactions
  [1, (chance) => ({ _: 'messages.setDefaultReaction', reaction: { _: 'reactionEmoji', emoticon: chance.of(TAGS)! } })],
  [1, () => ({ _: 'messages.clearRecentReactions' })],

  // Notifications
  [3, (chance, _state, peers) => ({
    _: 'account.updateNotifySettings',
    peer: chance.of<tl.InputNotifyPeer>([{ _: 'inputNotifyUsers' }, { _: 'inputNotifyChats' }, { _: 'inputNotifyPeer', peer: chance.peer(peers).input }])!,
    settings: { _: 'inputPeerNotifySettings', show_previews: chance.of([undefined, true, false]), silent: chance.of([undefined, true, false]), mute_until: chance.of([undefined, 0, 2_000_000_000]) },
  })],
  [1, () => ({ _: 'account.resetNotifySettings' })],

  // Who sees what
  [2, (chance, state, peers) => {
    const key = { _: chance.of(['inputPrivacyKeyAbout', 'inputPrivacyKeyPhoneNumber', 'inputPrivacyKeyForwards', 'inputPrivacyKeyBirthday'] as const)! };
    const users = [userOf(chance.other(state, peers))];
    const rule = chance.of<tl.InputPrivacyRule>([{ _: 'inputPrivacyValueAllowAll' }, { _: 'inputPrivacyValueAllowContacts' }, { _: 'inputPrivacyValueDisallowAll' }])!;
    return { _: 'account.setPrivacy', key, rules: chance.below(2) === 0 ? [rule] : [{ _: 'inputPrivacyValueDisallowUsers', users }, rule] };
  }],
  [1, (chance, state, peers) => {
    const { input: id } = chance.other(state, peers);
    // Seldom, because then nothing comes from them.
    return chance.below(4) === 0 ? { _: 'contacts.block', id, my_stories_from: chance.flag(2) } : { _: 'contacts.unblock', id, my_stories_from: chance.flag(2) };
  }],

  // Contacts
  [2, (chance, state, peers) => ({
    _: 'contacts.addContact', id: userOf(chance.other(state, peers)), first_name: `Contact ${chance.below(100)}`, last_name: '', phone: '',
    note: chance.of([undefined, { _: 'textWithEntities', text: `note ${chance.below(100)}`, entities: [] } as const]),
  })],
  [1, (chance, state, peers) => ({ _: 'contacts.deleteContacts', id: [userOf(chance.other(state, peers))] })],
  [1, (chance, state, peers) => ({ _: 'contacts.updateContactNote', id: userOf(chance.other(state, peers)), note: { _: 'textWithEntities', text: `note ${chance.below(100)}`, entities: [] } })],
  [1, (chance, state, peers) => ({ _: 'contacts.editCloseFriends', id: peers.filter((peer) => peer.id > 0 && peer.id !== state.self && chance.below(2) === 0).map((peer) => BigInt(peer.id)) })],

  // The own profile
  [2, (chance) => ({ _: 'account.updateProfile', first_name: `Name ${chance.below(1_000_000)}`, about: chance.of([undefined, '', 'about']) })],
  [1, (chance, state) => ({ _: 'account.updateUsername', username: chance.of(['', `name_${state.self}_${chance.below(100)}`])! })],
  [1, (chance) => ({ _: 'account.updateBirthday', birthday: chance.of([undefined, { _: 'birthday', day: 1 + chance.below(28), month: 1 + chance.below(12) } as const]) })],
  [1, (chance) => ({ _: 'account.updateColor', for_profile: chance.flag(2), color: { _: 'peerColor', color: chance.below(7) } })],
  [1, (chance) => ({ _: 'account.setMainProfileTab', tab: { _: chance.of(['profileTabMedia', 'profileTabLinks'] as const)! } })],
  [1, (chance) => {
    const disallowed_gifts: tl.disallowedGiftsSettings = { _: 'disallowedGiftsSettings', disallow_premium_gifts: chance.flag(2) };
    return { _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings', display_gifts_button: chance.flag(2), disallowed_gifts } };
  }],

  // What apps keep with the account
  [2, (chance, _state, peers) => {
    const settings: tl.autoSaveSettings = { _: 'autoSaveSettings', photos: chance.flag(2), videos: chance.flag(2), video_max_size: BigInt(chance.below(1000)) };
    return chance.below(2) === 0 ? { _: 'account.saveAutoSaveSettings', users: true, settings } : { _: 'account.saveAutoSaveSettings', peer: chance.peer(peers).input, settings };
  }],
  [1, () => ({ _: 'account.deleteAutoSaveExceptions' })],
  [1, (chance) => ({ _: 'account.updateWebBrowserSettings', open_external_browser: chance.flag(2), display_close_button: chance.flag(2) })],
  [2, (chance) => {
    const url = `https://site${chance.below(5)}.example/`;
    return { _: 'account.toggleWebBrowserSettingsException', url, ...(chance.below(3) === 0 ? { delete: true } : { open_external_browser: chance.below(2) === 0 }) };
  }],
  [1, () => ({ _: 'account.deleteWebBrowserSettingsExceptions' })],
];
