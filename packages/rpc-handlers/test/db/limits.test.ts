import { KNOWN_REACTIONS } from '@aerogram/domain';
import { decode, encode, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

/**
 * The limits that clients are told are those that are enforced: each entry of the app config is read as a client reads it, then used in
 * full, then exceeded by one.
 */
describe('limits that clients are told', () => {
  let world: RpcWorld;
  let me: { authKeyId: bigint; userId: bigint };
  let limits: Map<string, number>;
  let config: tl.config;
  const tested = new Set<string>();
  const friends: tl.inputPeerUser[] = [];
  let people = 0;
  let randomId = 1n;

  beforeAll(async () => {
    world = await createRpcWorld('limits');
    me = await world.signUp('9996610000', 'Me');
    limits = new Map(readNumbers((await answer({ _: 'help.getAppConfig', hash: 0 })) as tl.help.appConfig));
    config = (await answer({ _: 'help.getConfig' })) as tl.config;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  function readNumbers(answered: tl.help.appConfig): [string, number][] {
    if (answered.config._ !== 'jsonObject') throw new Error(answered.config._);
    return answered.config.value.flatMap(({ key, value }) => (value._ === 'jsonNumber' ? [[key, value.value] as [string, number]] : []));
  }

  async function errorOf(query: tl.AnyMethod): Promise<string | undefined> {
    return (await world.call(me.authKeyId, query)).error;
  }

  async function answer(query: tl.AnyMethod): Promise<unknown> {
    const { body, error } = await world.call(me.authKeyId, query);
    if (error !== undefined) throw new Error(`${query._} answers ${error}`);
    const result: unknown = body.length > 4 && decode(body);
    return result;
  }

  /** The limit with and without a Premium subscription, which are the same here. */
  function limit(name: string): number {
    const plain = limits.get(`${name}_default`);
    if (plain === undefined || limits.get(`${name}_premium`) !== plain) throw new Error(`${name} is not one limit for all`);
    tested.add(`${name}_default`).add(`${name}_premium`);
    return plain;
  }

  /** Users who wrote to me, so that there is a chat with each. */
  async function friendsOf(count: number): Promise<tl.inputPeerUser[]> {
    while (friends.length < count) {
      people++;
      const { userId, authKeyId } = await world.signUp(`99966${1 + Math.floor(people / 9000)}${String(1000 + (people % 9000))}`, `Friend ${people}`);
      const { accessHashes } = world.domain;
      await world.call(authKeyId, {
        _: 'messages.sendMessage', message: 'hi', random_id: randomId++,
        peer: { _: 'inputPeerUser', user_id: me.userId, access_hash: accessHashes.of('user', userId, me.userId) },
      });
      friends.push({ _: 'inputPeerUser', user_id: userId, access_hash: accessHashes.of('user', me.userId, userId) });
    }
    return friends.slice(0, count);
  }

  /** A character of two UTF-16 units. */
  const TREE = '\u{1F333}';

  it('about', async () => {
    const most = limit('about_length_limit');
    expect(await errorOf({ _: 'account.updateProfile', about: 'a'.repeat(most) })).toBeUndefined();
    expect(await errorOf({ _: 'account.updateProfile', about: 'a'.repeat(most + 1) })).toBe('ABOUT_TOO_LONG');
  });

  it('length of a message', async () => {
    const send = (length: number): Promise<string | undefined> =>
      errorOf({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: TREE.repeat(length), random_id: randomId++ });
    expect(await send(config.message_length_max)).toBeUndefined();
    expect(await send(config.message_length_max + 1)).toBe('MESSAGE_TOO_LONG');
  });

  it('length of a caption', async () => {
    const most = limit('caption_length_limit');
    expect(config.caption_length_max).toBe(most);
    const send = (length: number): Promise<string | undefined> =>
      errorOf({
        _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, message: TREE.repeat(length), random_id: randomId++,
        media: { _: 'inputMediaDice', emoticon: '🎲' },
      });
    expect(await send(most)).toBeUndefined();
    expect(await send(most + 1)).toBe('MEDIA_CAPTION_TOO_LONG');
  });

  it('messages forwarded at once', async () => {
    const forward = (count: number): Promise<string | undefined> =>
      errorOf({
        _: 'messages.forwardMessages', from_peer: { _: 'inputPeerSelf' }, to_peer: { _: 'inputPeerSelf' },
        id: Array.from({ length: count }, () => 1), random_id: Array.from({ length: count }, () => randomId++),
      });
    expect(await forward(config.forwarded_count_max)).toBeUndefined();
    expect(await forward(config.forwarded_count_max + 1)).toBe('LIMIT_INVALID');
  });

  it('pinned chats, in the list and in the archive', async () => {
    const most = limit('dialogs_pinned_limit');
    const mostArchived = limit('dialogs_folder_pinned_limit');
    const all = await friendsOf(most + mostArchived + 2);
    const archived = all.slice(0, mostArchived + 1);
    for (const some of [archived.slice(0, 50), archived.slice(50, 100), archived.slice(100)]) {
      await answer({ _: 'folders.editPeerFolders', folder_peers: some.map((peer) => ({ _: 'inputFolderPeer', peer, folder_id: 1 })) });
    }
    const pinAll = async (peers: tl.inputPeerUser[]): Promise<(string | undefined)[]> => {
      const errors: (string | undefined)[] = [];
      for (const peer of peers) errors.push(await errorOf({ _: 'messages.toggleDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer } }));
      return errors;
    };
    expect(await pinAll(archived)).toEqual([...archived.slice(1).map(() => undefined), 'PINNED_DIALOGS_TOO_MUCH']);
    const listed = all.slice(mostArchived + 1);
    expect(await pinAll(listed)).toEqual([...listed.slice(1).map(() => undefined), 'PINNED_DIALOGS_TOO_MUCH']);
    const order = listed.map((peer): tl.inputDialogPeer => ({ _: 'inputDialogPeer', peer }));
    expect(await errorOf({ _: 'messages.reorderPinnedDialogs', force: true, folder_id: 0, order })).toBe('PINNED_DIALOGS_TOO_MUCH');
  });

  it('pinned chats of Saved Messages', async () => {
    const most = limit('saved_dialogs_pinned_limit');
    const peers = await friendsOf(most + 1);
    const errors: (string | undefined)[] = [];
    for (const peer of peers) {
      const history = (await answer({ _: 'messages.getHistory', peer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n })) as tl.messages.messages;
      await answer({ _: 'messages.forwardMessages', from_peer: peer, to_peer: { _: 'inputPeerSelf' }, id: [history.messages[0]!.id], random_id: [randomId++] });
      errors.push(await errorOf({ _: 'messages.toggleSavedDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer } }));
    }
    expect(errors).toEqual([...peers.slice(1).map(() => undefined), 'PINNED_DIALOGS_TOO_MUCH']);
  });

  it('folders, and chats in one', async () => {
    const chats = limit('dialog_filters_chats_limit');
    const peers = await friendsOf(chats + 1);
    const save = (id: number, include_peers: tl.InputPeer[]): Promise<string | undefined> => {
      const title: tl.textWithEntities = { _: 'textWithEntities', text: `F${id}`, entities: [] };
      return errorOf({ _: 'messages.updateDialogFilter', id, filter: { _: 'dialogFilter', id, title, pinned_peers: [], include_peers, exclude_peers: [] } });
    };
    expect(await save(2, peers)).toBe('INPUT_FILTER_INVALID');
    expect(await save(2, peers.slice(1))).toBeUndefined();
    const folders = limit('dialog_filters_limit');
    for (let id = 3; id < 2 + folders; id++) expect(await save(id, peers.slice(0, 1))).toBeUndefined();
    expect(await save(2 + folders, peers.slice(0, 1))).toBe('INPUT_FILTER_INVALID');
  });

  it('answers of a poll, and how long it may be open', async () => {
    const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
    const send = (count: number, close_period?: number, message = ''): Promise<string | undefined> => {
      const answers = Array.from({ length: count }, (_, n): tl.inputPollAnswer => ({ _: 'inputPollAnswer', text: words(`Answer ${n}`) }));
      const poll: tl.poll = { _: 'poll', id: 0n, question: words('Which?'), answers, close_period, hash: 0n };
      return errorOf({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media: { _: 'inputMediaPoll', poll }, message, random_id: randomId++ });
    };
    const [answers, period] = [limits.get('poll_answers_max')!, limits.get('poll_close_period_max')!];
    tested.add('poll_answers_max').add('poll_close_period_max');
    expect(await send(answers, period)).toBeUndefined();
    expect(await send(answers + 1)).toBe('POLL_ANSWERS_INVALID');
    expect(await send(1, period + 1)).toBe('MEDIA_INVALID');
    const count = async (): Promise<number> => (await world.db.q.selectFrom('polls').select('poll_id').execute()).length;
    const before = await count();
    expect(await send(1, period, 'x'.repeat(limit('caption_length_limit') + 1))).toBe('MEDIA_CAPTION_TOO_LONG');
    expect(await count()).toBe(before);
  });

  it('tasks of a checklist, and the lengths of its texts', async () => {
    const send = (count: number, title: number, length: number): Promise<string | undefined> => {
      const words = (units: number): tl.textWithEntities => ({ _: 'textWithEntities', text: TREE.repeat(units), entities: [] });
      const list = Array.from({ length: count }, (_, n): tl.todoItem => ({ _: 'todoItem', id: n + 1, title: words(length) }));
      return errorOf({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media: { _: 'inputMediaTodo', todo: { _: 'todoList', title: words(title), list } }, message: '', random_id: randomId++ });
    };
    const [items, title, length] = ['todo_items_max', 'todo_title_length_max', 'todo_item_length_max'].map((name) => {
      tested.add(name);
      return limits.get(name)!;
    }) as [number, number, number];
    expect(await send(items, title, length)).toBeUndefined();
    expect(await send(items + 1, title, length)).toBe('TODO_ITEMS_TOO_MUCH');
    expect(await send(items, title + 1, length)).toBe('MESSAGE_TOO_LONG');
    expect(await send(items, title, length + 1)).toBe('MESSAGE_TOO_LONG');
  });

  it('reactions of one user on one message', async () => {
    const most = limit('reactions_user_max');
    const [peer] = await friendsOf(1);
    const history = (await answer({ _: 'messages.getHistory', peer: peer!, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n })) as tl.messages.messages;
    const emoji = ['👍', '🔥', '❤', '👏', '😁'];
    const react = (count: number): Promise<string | undefined> =>
      errorOf({
        _: 'messages.sendReaction', peer: peer!, msg_id: history.messages[0]!.id,
        reaction: emoji.slice(0, count).map((emoticon) => ({ _: 'reactionEmoji', emoticon })),
      });
    expect(await react(most)).toBeUndefined();
    expect(await react(most + 1)).toBe('REACTIONS_TOO_MANY');
    // Two users with one reaction each cannot exceed it.
    expect(limits.get('reactions_uniq_max')).toBeGreaterThanOrEqual(2 * most);
    tested.add('reactions_uniq_max');
  });

  it('reactions that a group allows', async () => {
    const most = limits.get('reactions_in_chat_max')!;
    const [user] = await friendsOf(1);
    const { updates } = (await answer({ _: 'messages.createChat', users: [{ ...(user as tl.inputPeerUser), _: 'inputUser' }], title: 'Choosy' })) as tl.messages.invitedUsers;
    const { chats: [chat] } = updates as tl.updates;
    const allow = (count: number): Promise<string | undefined> => {
      const reactions = Array.from({ length: count }, (_, n): tl.reactionEmoji => ({ _: 'reactionEmoji', emoticon: KNOWN_REACTIONS[n % KNOWN_REACTIONS.length]! }));
      return errorOf({ _: 'messages.setChatAvailableReactions', peer: { _: 'inputPeerChat', chat_id: chat!.id }, available_reactions: { _: 'chatReactionsSome', reactions } });
    };
    expect(await allow(most)).toBeUndefined();
    expect(await allow(most + 1)).toBe('REACTION_INVALID');
    tested.add('reactions_in_chat_max');
  });

  it('lengths of names and usernames as documented', async () => {
    expect(await errorOf({ _: 'account.updateUsername', username: 'abcd' })).toBe('USERNAME_INVALID');
    expect(await errorOf({ _: 'account.updateUsername', username: `a${'b'.repeat(31)}` })).toBeUndefined();
    expect(await errorOf({ _: 'account.updateUsername', username: `a${'b'.repeat(32)}` })).toBe('USERNAME_INVALID');
  });

  it('contacts: 1,000 entries per call, 5,000 in the list, the rest to be retried', async () => {
    const bookOf = (from: number, count: number): tl.inputPhoneContact[] =>
      Array.from({ length: count }, (_, n) => ({
        _: 'inputPhoneContact', client_id: BigInt(from + n), phone: `1555${String(2_000_000 + from + n)}`, first_name: 'A', last_name: '',
      }));
    expect(await errorOf({ _: 'contacts.importContacts', contacts: bookOf(0, 1001) })).toBe('LIMIT_INVALID');
    const retried: number[] = [];
    for (let n = 0; n < 6; n++) {
      const { retry_contacts } = (await answer({ _: 'contacts.importContacts', contacts: bookOf(n * 1000, 1000) })) as tl.contacts.importedContacts;
      retried.push(retry_contacts.length);
    }
    expect(retried).toEqual([0, 0, 0, 0, 0, 1000]);
  });

  it('how long and in which groups it is told who has read a message, as documented; scenarios of read dates and of group creators pass these limits', () => {
    const told = { chat_read_mark_expire_period: 7 * 86_400, pm_read_date_expire_period: 7 * 86_400, chat_read_mark_size_threshold: 100 };
    for (const [name, value] of Object.entries(told)) {
      tested.add(name);
      expect([name, limits.get(name)]).toEqual([name, value]);
    }
  });

  it('how many public channels one user may have; the scenario of usernames passes the limit', () => {
    for (const name of ['channels_public_limit_default', 'channels_public_limit_premium']) {
      tested.add(name);
      expect([name, limits.get(name)]).toEqual([name, 10]);
    }
  });

  it('in how many groups and channels one user may be; the test of their count passes the limit', () => {
    expect(limit('channels_limit')).toBe(world.domain.config.channelsPerUserMax);
  });

  it('all those for which clients assume more with Premium, except for stories, which there are none of', () => {
    const raised = [
      'about_length', 'caption_length', 'channels', 'channels_public', 'chatlist_invites', 'chatlists_joined', 'dialog_filters', 'dialog_filters_chats', 'dialogs_folder_pinned', 'dialogs_pinned',
      'recommended_channels', 'saved_dialogs_pinned', 'saved_gifs', 'stickers_faved',
    ];
    for (const name of raised) expect(limit(`${name}_limit`), name).toBeGreaterThan(0);
    for (const name of ['upload_max_fileparts', 'reactions_user_max']) expect(limit(name), name).toBeGreaterThan(0);
  });

  it('how many channels are recommended at most', () => {
    expect(limit('recommended_channels_limit')).toBe(50);
  });

  it('parts of a file', async () => {
    const most = limit('upload_max_fileparts');
    const save = (part: number): Promise<string | undefined> =>
      errorOf({ _: 'upload.saveBigFilePart', file_id: randomId++, file_part: part, file_total_parts: part + 1, bytes: new Uint8Array(1024) });
    expect(await save(most - 1)).toBeUndefined();
    expect(await save(most)).toBe('FILE_PARTS_INVALID');
  });

  it('what users keep; the scenario of kept documents passes the limits', () => {
    expect(limit('saved_gifs_limit')).toBe(200);
    expect(limit('stickers_faved_limit')).toBe(10);
    // How apps show and suggest stickers and emoji; nothing of it is enforced.
    for (const [name, value] of Object.entries({ emojies_animated_zoom: 0.625, message_animated_emoji_max: 100, stickers_emoji_cache_time: 86_400, stickers_normal_by_emoji_per_premium_num: 2, stickers_premium_by_emoji_num: 0 })) {
      tested.add(name);
      expect([name, limits.get(name)]).toEqual([name, value]);
    }
    const told = { ringtone_duration_max: 5, ringtone_saved_count_max: 100, ringtone_size_max: 307_200 };
    for (const [name, value] of Object.entries(told)) {
      tested.add(name);
      expect([name, limits.get(name)]).toEqual([name, value]);
    }
  });

  it('how folders are shared; the scenario of shared folders passes the limits', () => {
    const told = { chatlist_invites_limit: 20, chatlists_joined_limit: 10 };
    for (const [name, value] of Object.entries(told)) expect([name, limit(name)]).toEqual([name, value]);
    tested.add('chatlist_update_period');
    expect(limits.get('chatlist_update_period')).toBe(600);
  });

  it('topics in the smallest group, and how many of them may be pinned', async () => {
    tested.add('forum_upgrade_participants_min').add('topics_pinned_limit');
    expect(limits.get('forum_upgrade_participants_min')).toBe(1);
    const { chats } = (await answer({ _: 'channels.createChannel', megagroup: true, title: 'Alone', about: '' })) as tl.updates;
    const { id: channel_id, access_hash = 0n } = chats.find((chat) => chat._ === 'channel')!;
    await answer({ _: 'channels.toggleForum', channel: { _: 'inputChannel', channel_id, access_hash }, enabled: true, tabs: false });
    const peer: tl.inputPeerChannel = { _: 'inputPeerChannel', channel_id, access_hash };
    const errors: (string | undefined)[] = [];
    for (let n = 0; n <= limits.get('topics_pinned_limit')!; n++) {
      const { updates } = (await answer({ _: 'messages.createForumTopic', peer, title: `T${n}`, random_id: randomId++ })) as tl.updates;
      const topic_id = updates.find((update) => update._ === 'updateMessageID')!.id;
      errors.push(await errorOf({ _: 'messages.updatePinnedForumTopic', peer, topic_id, pinned: true }));
    }
    expect(errors).toEqual([...errors.slice(1).map(() => undefined), 'PINNED_DIALOGS_TOO_MUCH']);
  });

  it('that no feature which is there needs boosts, because there are none, and that there is no higher level than that of every channel', () => {
    tested.add('boosts_channel_level_max');
    expect(limits.get('boosts_channel_level_max')).toBe(100);
    const levels = [...limits].filter(([name]) => name.endsWith('_level_min'));
    expect(levels.length).toBeGreaterThan(10);
    // No channel reaches the level for what is not there.
    for (const [name, level] of levels) {
      tested.add(name);
      expect([name, level]).toEqual([name, name === 'channel_autotranslation_level_min' ? 101 : 0]);
    }
  });

  it('that a group needs more members than any may have before something looks for spam in it', () => {
    tested.add('telegram_antispam_group_size_min');
    expect(limits.get('telegram_antispam_group_size_min')).toBe(200_001);
  });

  it('covers every number in the app config', () => {
    expect([...limits.keys()].filter((name) => !tested.has(name))).toEqual([]);
  });

  it('limits the size of requests', async () => {
    const body = encode({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'a'.repeat(300_000), random_id: randomId++ });
    expect((await world.callBytes(me.authKeyId, body)).error).toBe('INPUT_REQUEST_TOO_LONG');
  });
});
