import { describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { MISSING, TDLIB_ID_STEP, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const libraries = useLibraries({}, ['tdlib']);
const missing = MISSING.tdlib;
const HOUR_S = 3600;

const nowDate = (): number => Math.floor(Date.now() / 1000);
const plainText = (text: string): object => ({ _: 'formattedText', text, entities: [] });
const inputText = (text: string): object => ({ _: 'inputMessageText', text: plainText(text) });
const emoji = (sign: string): object => ({ _: 'reactionTypeEmoji', emoji: sign });
const MAIN_LIST = { _: 'chatListMain' };
const ARCHIVE = { _: 'chatListArchive' };

/** Alice's two devices and Bob, all on TDLib, as each other's contacts. */
interface Home {
  alice: Person;
  tablet: Person;
  bob: Person;
}

async function openHome(): Promise<Home> {
  const alice = await enter(libraries, 'tdlib', 'Alice');
  const tablet = await enter(libraries, 'tdlib', 'Alice', alice);
  const bob = await enter(libraries, 'tdlib', 'Bob');
  for (const { client } of [alice, tablet]) await client.addContact({ phone: bob.phone, firstName: 'Bob' });
  await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
  for (const [{ client }, peer] of [[alice, bob], [tablet, bob], [bob, alice], [alice, alice], [tablet, alice]] as const) await openChat(client, peer);
  return { alice, tablet, bob };
}

/** TDLib logs an error if an answer differs from what Telegram's own server would send: there must be none. */
async function closeHome({ alice, tablet, bob }: Home): Promise<void> {
  expect(await alice.client.complaints()).toEqual([]);
  for (const { client } of [alice, tablet, bob]) await client.close();
}

function openChat(client: DriverClient, { id }: Person): Promise<Plain> {
  return client.request({ _: 'createPrivateChat', user_id: id, force: false });
}

/** Waits until the other side's TDLib has received a text; returns TDLib's id of the message. */
async function hears({ client }: Person, text: string): Promise<number> {
  return (await client.seesMessage(text)).id * TDLIB_ID_STEP;
}

describe.runIf(missing === undefined)(`TDLib finds what it expects of a server${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('messages: texts, quotes, forwards, reactions, pins, drafts', async () => {
    const home = await openHome();
    const { alice, tablet, bob } = home;
    const chat_id = bob.id;
    const { id } = await alice.client.send({ peer: bob.id, text: 'hello there' });
    const message_id = id * TDLIB_ID_STEP;
    const heard = await hears(bob, 'hello there');

    await bob.client.request({
      _: 'sendMessage', chat_id: alice.id, input_message_content: inputText('an answer'),
      reply_to: { _: 'inputMessageReplyToMessage', message_id: heard, quote: { _: 'inputTextQuote', text: plainText('there'), position: 6 } },
    });
    const answered = await hears(alice, 'an answer');
    expect(await alice.client.request({ _: 'getMessage', chat_id, message_id: answered })).toMatchObject({ reply_to: { quote: { text: { text: 'there' } }, message_id } });
    const entity = (offset: number, length: number, type: string): object => ({ _: 'textEntity', offset, length, type: { _: `textEntityType${type}` } });
    const entities = [entity(0, 4, 'Bold'), entity(9, 4, 'Code'), entity(18, 7, 'Spoiler')];
    await alice.client.request({ _: 'sendMessage', chat_id, input_message_content: { _: 'inputMessageText', text: { ...plainText('bold and code and spoiler'), entities } } });
    const marked = await hears(bob, 'bold and code and spoiler');
    expect(await bob.client.request({ _: 'getMessage', chat_id: alice.id, message_id: marked })).toMatchObject({ content: { text: { entities } } });

    await bob.client.request({ _: 'addMessageReaction', chat_id: alice.id, message_id: heard, reaction_type: emoji('❤'), is_big: false, update_recent_reactions: true });
    await alice.client.seesUpdate('updateMessageUnreadReactions', { chat_id, message_id, unread_reaction_count: 1 });
    expect(await alice.client.request({ _: 'getMessageAddedReactions', chat_id, message_id, reaction_type: null, offset: '', limit: 10 })).toMatchObject({ total_count: 1, reactions: [{ sender_id: { user_id: bob.id } }] });
    await alice.client.request({ _: 'readAllChatReactions', chat_id });
    // TDLib shows subscribers of Premium two rows of the top reactions, and the others after them.
    const offered = await alice.client.request<Record<'top_reactions' | 'recent_reactions' | 'popular_reactions', object[]>>({ _: 'getMessageAvailableReactions', chat_id, message_id, row_size: 8 });
    expect([...offered.top_reactions, ...offered.recent_reactions, ...offered.popular_reactions].length).toBeGreaterThan(20);
    await bob.client.read({ peer: alice.id, maxId: heard / TDLIB_ID_STEP });
    await alice.client.sees('the read mark', (event) => event.kind === 'readOutbox' && event.maxId >= id);
    expect(await alice.client.request({ _: 'getMessageReadDate', chat_id, message_id })).toMatchObject({ _: 'messageReadDateRead' });

    await alice.client.request({ _: 'pinChatMessage', chat_id, message_id, disable_notification: false, only_for_self: false });
    await bob.client.seesUpdate('updateMessageIsPinned', { message_id: heard, is_pinned: true });
    expect(await bob.client.request({ _: 'getChatPinnedMessage', chat_id: alice.id })).toMatchObject({ id: heard });
    await bob.client.request({ _: 'unpinAllChatMessages', chat_id: alice.id });
    await tablet.client.seesUpdate('updateMessageIsPinned', { message_id, is_pinned: false });

    await alice.client.request({ _: 'openChat', chat_id });
    await alice.client.request({ _: 'setChatDraftMessage', chat_id, draft_message: { _: 'draftMessage', date: 0, content: { _: 'draftMessageContentText', text: plainText('half a thought') }, input_message_text: inputText('half a thought') } });
    await alice.client.request({ _: 'closeChat', chat_id });
    await tablet.client.sees('the draft', (event) => event.kind === 'update' && event.update._ === 'updateChatDraftMessage' && JSON.stringify(event).includes('half a thought'));

    await alice.client.forward({ from: bob.id, ids: [id, answered / TDLIB_ID_STEP], to: alice.id });
    await tablet.client.sees('both in Saved Messages', () => tablet.client.events.filter((event) => event.kind === 'message' && event.peer === alice.id && event.forward).length === 2);
    const note = await alice.client.send({ peer: alice.id, text: 'a note' });
    expect(await tablet.client.seesMessage('a note')).toMatchObject({ id: note.id, peer: alice.id });
    await alice.client.request({ _: 'loadSavedMessagesTopics', limit: 20 });
    const topics = alice.client.events.filter((event) => event.kind === 'update' && event.update._ === 'updateSavedMessagesTopic');
    expect(topics.length).toBeGreaterThan(0);
    await closeHome(home);
  });

  test('messages: scheduled, media, auto-delete', async () => {
    const home = await openHome();
    const { alice, tablet, bob } = home;
    const chat_id = bob.id;
    const send = (content: object, options?: object): Promise<Plain> => alice.client.request({ _: 'sendMessage', chat_id, input_message_content: content, ...(options && { options: { _: 'messageSendOptions', ...options } }) });
    const atDate = { scheduling_state: { _: 'messageSchedulingStateSendAtDate', send_date: nowDate() + HOUR_S, repeat_period: 0 } };
    await send(inputText('later'), atDate);
    await alice.client.request({ _: 'sendMessage', chat_id: alice.id, input_message_content: inputText('remind me'), options: { _: 'messageSendOptions', ...atDate } });
    await alice.client.seesMessage('remind me');
    await tablet.client.seesUpdate('updateChatHasScheduledMessages', { chat_id, has_scheduled_messages: true });
    const waiting = await tablet.client.request<{ messages: { id: number }[] }>({ _: 'getChatScheduledMessages', chat_id });
    expect(waiting.messages).toMatchObject([{ content: { text: { text: 'later' } }, scheduling_state: atDate.scheduling_state }]);
    await tablet.client.request({ _: 'editMessageSchedulingState', chat_id, message_id: waiting.messages[0]!.id, scheduling_state: null });
    await hears(bob, 'later');

    const location = { _: 'location', latitude: 1.5, longitude: 2.5, horizontal_accuracy: 0 };
    const contents = [
      { _: 'inputMessageDice', emoji: '🎲', clear_draft: false },
      { _: 'inputMessageContact', contact: { _: 'contact', phone_number: alice.phone, first_name: 'Alice', last_name: '', vcard: '', user_id: alice.id } },
      { _: 'inputMessageLocation', location },
      { _: 'inputMessageVenue', venue: { _: 'venue', location, title: 'Café', address: 'Street 1', provider: 'foursquare', id: 'x', type: 'y' } },
    ];
    for (const content of contents) {
      await send(content);
      await bob.client.seesMessage(`action:${content._.replace('inputM', 'm')}`);
    }
    await send(inputText('without a sound'), { disable_notification: true });
    await hears(bob, 'without a sound');

    expect(await alice.client.request({ _: 'searchChatMessages', chat_id, query: 'later', from_message_id: 0, offset: 0, limit: 10 })).toMatchObject({ total_count: 1 });
    expect(await alice.client.request({ _: 'searchMessages', query: 'sound without', offset: '', limit: 10, min_date: 0, max_date: 0 })).toMatchObject({ total_count: 1 });
    expect(await alice.client.request({ _: 'getChatMessageByDate', chat_id, date: nowDate() + 1 })).toMatchObject({ chat_id });
    for (const kind of ['Photo', 'Url', 'Document', 'Pinned', 'UnreadReaction', 'UnreadMention', 'VoiceNote']) {
      const filter = { _: `searchMessagesFilter${kind}` };
      expect(await alice.client.request({ _: 'searchChatMessages', chat_id, query: '', from_message_id: 0, offset: 0, limit: 10, filter })).toMatchObject({ messages: [] });
    }

    await alice.client.request({ _: 'setChatMessageAutoDeleteTime', chat_id, message_auto_delete_time: 86_400 });
    await bob.client.seesUpdate('updateChatMessageAutoDeleteTime', { chat_id: alice.id, message_auto_delete_time: 86_400 });
    await alice.client.request({ _: 'setDefaultMessageAutoDeleteTime', message_auto_delete_time: { _: 'messageAutoDeleteTime', time: 604_800 } });
    expect(await tablet.client.request({ _: 'getDefaultMessageAutoDeleteTime' })).toMatchObject({ time: 604_800 });
    await bob.client.request({ _: 'deleteChatHistory', chat_id: alice.id, remove_from_chat_list: true, revoke: true });
    await tablet.client.sees('that all is gone', (event) => event.kind === 'delete' && event.ids.length >= 6);
    expect(await alice.client.history({ peer: bob.id, limit: 10 })).toEqual([]);
    // TDLib compares hashes of lists of sticker sets with its own, and names sets in lower case.
    for (const [type, count] of Object.entries({ stickerTypeRegular: 2, stickerTypeMask: 0, stickerTypeCustomEmoji: 4 })) {
      const { sets } = (await alice.client.request({ _: 'getInstalledStickerSets', sticker_type: { _: type } })) as unknown as { sets: unknown[] };
      expect(sets).toHaveLength(count);
      await alice.client.request({ _: 'getTrendingStickerSets', sticker_type: { _: type }, offset: 0, limit: 10 });
      await alice.client.request({ _: 'searchStickers', sticker_type: { _: type }, emojis: '😀', query: '', input_language_codes: [], offset: 0, limit: 10 });
    }
    const animations = await alice.client.request<{ stickers: Plain[] }>({ _: 'searchStickerSet', name: 'EmojiGenericAnimations', ignore_cache: true });
    expect(animations.stickers.length).toBeGreaterThan(50);
    for (const type of ['emojiCategoryTypeDefault', 'emojiCategoryTypeEmojiStatus']) await alice.client.request({ _: 'getEmojiCategories', type: { _: type } });
    expect(await alice.client.request({ _: 'getCustomEmojiStickers', custom_emoji_ids: ['5269590556232664327'] })).toMatchObject({ stickers: [{ emoji: '⭐' }] });
    await closeHome(home);
  });

  test('checklists: ticks, new tasks, edits, replies to tasks, forwards', async () => {
    const home = await openHome();
    const { alice, tablet, bob } = home;
    const chat_id = bob.id;
    const bold = { _: 'textEntity', offset: 0, length: 4, type: { _: 'textEntityTypeBold' } };
    const task = (id: number, text: string): object => ({ _: 'inputChecklistTask', id, text: { _: 'formattedText', text, entities: [bold] } });
    const checklist = (title: string, ...tasks: object[]): object => ({ _: 'inputChecklist', title: { _: 'formattedText', text: title, entities: [bold] }, tasks, others_can_add_tasks: true, others_can_mark_tasks_as_done: true });
    await alice.client.request({ _: 'sendMessage', chat_id, input_message_content: { _: 'inputMessageChecklist', checklist: checklist('Camping https://example.org', task(1, 'Tent'), task(2, 'Stove')) } });
    const seen = (await bob.client.seesMessage('action:messageChecklist')).id * TDLIB_ID_STEP;
    const listAt = async ({ client }: Person, chat: Person, message_id: number): Promise<Plain> => (((await client.request({ _: 'getMessage', chat_id: chat.id, message_id }))['content'] as Plain)['list'] as Plain);
    expect(await listAt(bob, alice, seen)).toMatchObject({ title: { text: 'Camping https://example.org' }, tasks: [{ id: 1, text: { text: 'Tent' } }, { id: 2 }], can_add_tasks: true, can_mark_tasks_as_done: true });

    await bob.client.request({ _: 'markChecklistTasksAsDone', chat_id: alice.id, message_id: seen, marked_as_done_task_ids: [2], marked_as_not_done_task_ids: [] });
    const sent = (await alice.client.request<{ messages: { id: number; content: Plain }[] }>({ _: 'getChatHistory', chat_id, from_message_id: 0, offset: 0, limit: 10, only_local: false })).messages.find(({ content }) => content._ === 'messageChecklist')!.id;
    await tablet.client.seesMessage('action:messageChecklistTasksDone');
    expect(await listAt(alice, bob, sent)).toMatchObject({ tasks: [{ completion_date: 0 }, { completed_by: { user_id: bob.id } }] });
    await bob.client.request({ _: 'addChecklistTasks', chat_id: alice.id, message_id: seen, tasks: [task(3, 'Lamp')] });
    await tablet.client.seesMessage('action:messageChecklistTasksAdded');
    const reply_to = { _: 'inputMessageReplyToMessage', message_id: seen, quote: null, checklist_task_id: 3 };
    await bob.client.request({ _: 'sendMessage', chat_id: alice.id, input_message_content: inputText('which one?'), reply_to });
    expect(await alice.client.request({ _: 'getMessage', chat_id, message_id: await hears(alice, 'which one?') })).toMatchObject({ reply_to: { message_id: sent, checklist_task_id: 3 } });

    await alice.client.request({ _: 'editMessageChecklist', chat_id, message_id: sent, reply_markup: null, checklist: checklist('Trip', task(2, 'Big stove'), task(3, 'Lamp')) });
    await bob.client.seesUpdate('updateMessageEdited', { chat_id: alice.id, message_id: seen });
    expect(await listAt(bob, alice, seen)).toMatchObject({ title: { text: 'Trip' }, tasks: [{ id: 2, completed_by: { user_id: bob.id } }, { id: 3 }] });
    await alice.client.forward({ from: bob.id, ids: [sent / TDLIB_ID_STEP], to: alice.id });
    await tablet.client.sees('it in Saved Messages', (event) => event.kind === 'message' && event.peer === alice.id && event.forward);
    await closeHome(home);
  });

  test('chats: order, archive, folders, notifications', async () => {
    const home = await openHome();
    const { alice, tablet, bob } = home;
    const chat_id = bob.id;
    await alice.client.send({ peer: bob.id, text: 'the first' });
    await alice.client.send({ peer: alice.id, text: 'a note' });
    expect(await alice.client.dialogs()).toMatchObject([{ peer: alice.id }, { peer: bob.id }]);
    await tablet.client.dialogs();
    await alice.client.request({ _: 'toggleChatIsPinned', chat_list: MAIN_LIST, chat_id, is_pinned: true });
    expect((await alice.client.dialogs()).map(({ peer }) => peer)).toEqual([bob.id, alice.id]);
    await alice.client.request({ _: 'setPinnedChats', chat_list: MAIN_LIST, chat_ids: [alice.id, bob.id] });
    const positionOf = (event: Plain): { order: string; is_pinned: boolean; list: Plain } => event['position'] as ReturnType<typeof positionOf>;
    await tablet.client.sees('both pinned', (event) => event.kind === 'update' && event.update._ === 'updateChatPosition' && event.update['chat_id'] === alice.id && positionOf(event.update).is_pinned);
    await alice.client.request({ _: 'addChatToList', chat_id, chat_list: ARCHIVE });
    await tablet.client.sees('it archived', (event) => event.kind === 'update' && event.update._ === 'updateChatAddedToList' && (event.update['chat_list'] as Plain)._ === 'chatListArchive');
    await alice.client.request({ _: 'addChatToList', chat_id, chat_list: MAIN_LIST });
    await alice.client.request({ _: 'toggleChatIsMarkedAsUnread', chat_id, is_marked_as_unread: true });
    await tablet.client.seesUpdate('updateChatIsMarkedAsUnread', { chat_id, is_marked_as_unread: true });

    const folder = {
      _: 'chatFolder', name: { _: 'chatFolderName', text: plainText('Friends') }, icon: { _: 'chatFolderIcon', name: 'Custom' }, color_id: -1,
      pinned_chat_ids: [bob.id], included_chat_ids: [alice.id], excluded_chat_ids: [], include_contacts: true,
    };
    const { id: chat_folder_id } = await alice.client.request<{ id: number }>({ _: 'createChatFolder', folder });
    await tablet.client.sees('the folder', (event) => event.kind === 'update' && event.update._ === 'updateChatFolders' && (event.update['chat_folders'] as object[]).length === 1);
    expect(await tablet.client.request({ _: 'getChatFolder', chat_folder_id })).toMatchObject({ name: { text: { text: 'Friends' } }, pinned_chat_ids: [bob.id], included_chat_ids: [alice.id] });
    await tablet.client.request({ _: 'deleteChatFolder', chat_folder_id, leave_chat_ids: [] });
    await alice.client.sees('it gone', (event) => event.kind === 'update' && event.update._ === 'updateChatFolders' && (event.update['chat_folders'] as object[]).length === 0);

    const asBefore = { use_default_sound: true, use_default_show_preview: true, use_default_mute_stories: true, use_default_story_sound: true, use_default_show_story_poster: true, use_default_disable_pinned_message_notifications: true, use_default_disable_mention_notifications: true };
    await alice.client.request({ _: 'setChatNotificationSettings', chat_id, notification_settings: { _: 'chatNotificationSettings', use_default_mute_for: false, mute_for: HOUR_S, ...asBefore } });
    await tablet.client.sees('it muted', (event) => event.kind === 'update' && event.update._ === 'updateChatNotificationSettings' && event.update['chat_id'] === chat_id && (event.update['notification_settings'] as { mute_for: number }).mute_for > 0);
    expect(await tablet.client.request({ _: 'getChatNotificationSettingsExceptions', compare_sound: false })).toMatchObject({ chat_ids: [bob.id] });
    await closeHome(home);
  });

  test('the account: contacts, privacy, password, sessions, deletion', async () => {
    const home = await openHome();
    const { alice, tablet, bob } = home;
    await alice.client.request({ _: 'setName', first_name: 'Alicia', last_name: 'L' });
    await bob.client.sees('the name', (event) => event.kind === 'update' && event.update._ === 'updateUser' && (event.update['user'] as Plain)['id'] === alice.id);
    await alice.client.request({ _: 'setBio', bio: 'of few words' });
    await alice.client.request({ _: 'setBirthdate', birthdate: { _: 'birthdate', day: 1, month: 2, year: 1990 } });
    const username = `tdlib_${alice.phone}`;
    await alice.client.request({ _: 'setUsername', username });
    expect(await bob.client.request({ _: 'searchPublicChat', username })).toMatchObject({ id: alice.id });
    expect(await bob.client.request({ _: 'getUserFullInfo', user_id: alice.id })).toMatchObject({ bio: { text: 'of few words' }, birthdate: { day: 1, month: 2, year: 1990 } });
    for (const kind of ['ShowStatus', 'ShowPhoneNumber', 'ShowBio', 'ShowBirthdate', 'ShowLinkInForwardedMessages', 'AllowCalls', 'AllowChatInvites']) {
      const setting = { _: `userPrivacySetting${kind}` };
      const rules = [{ _: 'userPrivacySettingRuleRestrictUsers', user_ids: [bob.id] }, { _: 'userPrivacySettingRuleAllowAll' }];
      await alice.client.request({ _: 'setUserPrivacySettingRules', setting, rules: { _: 'userPrivacySettingRules', rules } });
      expect(await tablet.client.request({ _: 'getUserPrivacySettingRules', setting })).toMatchObject({ rules });
    }
    expect(await alice.client.request({ _: 'searchContacts', query: 'Bo', limit: 10 })).toMatchObject({ user_ids: [bob.id] });
    const sender_id = { _: 'messageSenderUser', user_id: bob.id };
    await alice.client.request({ _: 'setMessageSenderBlockList', sender_id, block_list: { _: 'blockListMain' } });
    await tablet.client.seesUpdate('updateChatBlockList', { chat_id: bob.id, block_list: { _: 'blockListMain' } });
    expect(await tablet.client.request({ _: 'getBlockedMessageSenders', block_list: { _: 'blockListMain' }, offset: 0, limit: 10 })).toMatchObject({ senders: [sender_id] });
    await alice.client.request({ _: 'setMessageSenderBlockList', sender_id, block_list: null });
    await alice.client.request({ _: 'removeContacts', user_ids: [bob.id] });

    await alice.client.request({ _: 'setPassword', old_password: '', new_password: 'first', new_hint: 'a hint', set_recovery_email_address: false });
    expect(await tablet.client.request({ _: 'getPasswordState' })).toMatchObject({ has_password: true, password_hint: 'a hint' });
    await expect(tablet.client.request({ _: 'setPassword', old_password: 'wrong', new_password: 'x', new_hint: '' })).rejects.toThrow('PASSWORD_HASH_INVALID');
    const laptop = libraries.drivers.get('tdlib')!.client(`laptop-${alice.phone}`);
    await laptop.open({ server: libraries.server.info, transport: 'obfuscated' });
    expect(await laptop.login({ ...alice, password: 'first' })).toMatchObject({ id: alice.id, signedUp: false });

    const { sessions } = await alice.client.request<{ sessions: { id: string; is_current: boolean }[] }>({ _: 'getActiveSessions' });
    expect(sessions).toHaveLength(3);
    await alice.client.request({ _: 'terminateSession', session_id: sessions.find(({ is_current }) => !is_current)!.id });
    await alice.client.request({ _: 'terminateAllOtherSessions' });
    for (const client of [tablet.client, laptop]) await client.sees('that it is logged out', (event) => event.kind === 'update' && event.update._ === 'updateAuthorizationState' && (event.update['authorization_state'] as Plain)._ === 'authorizationStateClosed');
    expect(await alice.client.complaints()).toEqual([]);
    await bob.client.request({ _: 'deleteAccount', reason: 'enough', password: '' });
    await alice.client.sees('that Bob is gone', (event) => event.kind === 'update' && event.update._ === 'updateUser' && (event.update['user'] as { type: Plain }).type._ === 'userTypeDeleted');
    expect(await alice.client.complaints()).toEqual([]);
    await alice.client.close();
  });

  test('a QR code shown by one TDLib and scanned by another', async () => {
    const alice = await enter(libraries, 'tdlib', 'Alice');
    const laptop = libraries.drivers.get('tdlib')!.client(`qr-${alice.phone}`);
    await laptop.open({ server: libraries.server.info, transport: 'obfuscated' });
    await laptop.request({ _: 'requestQrCodeAuthentication', other_user_ids: [] });
    const linkOf = (update: Plain): string | undefined => (update['authorization_state'] as { link?: string } | undefined)?.link;
    const shown = await laptop.sees('the code', (event) => event.kind === 'update' && linkOf(event.update) !== undefined);
    const link = linkOf((shown as { update: Plain }).update)!;
    expect(await alice.client.request({ _: 'confirmQrCodeAuthentication', link })).toMatchObject({ _: 'session', is_current: false });
    await laptop.sees('that it is in', (event) => event.kind === 'update' && (event.update['authorization_state'] as Plain | undefined)?._ === 'authorizationStateReady');
    expect(await laptop.me()).toMatchObject({ id: alice.id });
    await laptop.request({ _: 'logOut' });
    expect(await alice.client.complaints()).toEqual([]);
    await alice.client.close();
  });
});
