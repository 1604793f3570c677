import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { tl } from '@aerogram/tl';
import { indexSchema, LAYERS, namedTypes, parseSchema } from '@aerogram/tl-codegen';
import { describe, expect, test } from 'vitest';

import { NAMING_FIELDS } from '../src/peers/named-peers.ts';
import { PeerSet } from '../src/peers/peer-set.ts';
import { createPeerProjector } from '../src/peers/project-peers.ts';
import { projectContainer } from '../src/updates/project-updates.ts';

const channel = (id: bigint): bigint => -(10n ** 12n) - id;

describe('the peers that an object mentions', () => {
  const namedPeers = (object: tl.AnyObject): PeerSet => {
    const peers = new PeerSet();
    peers.addObject(object);
    return peers;
  };
  const named = (object: tl.AnyObject): bigint[] => namedPeers(object).users.toSorted((a, b) => (a < b ? -1 : 1));

  test('are found in every listed field, each once', () => {
    const message: tl.message = {
      _: 'message',
      id: 1,
      date: 1,
      message: 'x',
      peer_id: { _: 'peerUser', user_id: 1n },
      via_bot_id: 2n,
      entities: [{ _: 'messageEntityMentionName', offset: 0, length: 1, user_id: 3n }],
      reply_to: { _: 'messageReplyHeader', reply_from: { _: 'messageFwdHeader', date: 1, from_id: { _: 'peerUser', user_id: 4n } } },
      media: { _: 'messageMediaContact', phone_number: '', first_name: '', last_name: '', vcard: '', user_id: 1n },
    };
    expect(named({ _: 'updateNewMessage', message, pts: 1, pts_count: 1 })).toEqual([1n, 2n, 3n, 4n]);
    const text: tl.textWithEntities = { _: 'textWithEntities', text: 'x', entities: [{ _: 'messageEntityMentionName', offset: 0, length: 1, user_id: 3n }] };
    expect(named({ _: 'updateUserTyping', user_id: 1n, action: { _: 'sendMessageTextDraftAction', random_id: 1n, text } })).toEqual([1n, 3n]);
    expect(named({ _: 'updatePrivacy', key: { _: 'privacyKeyAbout' }, rules: [{ _: 'privacyValueAllowUsers', users: [5n, 6n] }] })).toEqual([5n, 6n]);
  });

  test('are not searched for in constructors that are not listed', () => {
    expect(named({ _: 'draftMessage', message: '', date: 1, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: 1, monoforum_peer_id: { _: 'inputPeerUser', user_id: 3n, access_hash: 0n } } })).toEqual([]);
  });

  test('are told apart as users or chats by the field: a Peer, or a plain id in a field for chats', () => {
    const action = (action: tl.MessageAction): PeerSet =>
      namedPeers({ _: 'messageService', id: 1, date: 1, peer_id: { _: 'peerChat', chat_id: 3n }, from_id: { _: 'peerUser', user_id: 1n }, action });

    const created = action({ _: 'messageActionChatCreate', title: 'x', users: [1n, 2n] });
    expect([created.users, created.chats]).toEqual([[1n, 2n], [-3n]]);
    expect(action({ _: 'messageActionChatMigrateTo', channel_id: 3n }).chats).toEqual([-3n, channel(3n)]);
    expect(action({ _: 'messageActionChannelMigrateFrom', title: 'x', chat_id: 4n }).chats).toEqual([-3n, -4n]);
    expect(namedPeers({ _: 'updateChannel', channel_id: 5n }).chats).toEqual([channel(5n)]);
    const added = namedPeers({ _: 'updateChatParticipantAdd', chat_id: 3n, user_id: 1n, inviter_id: 2n, date: 1, version: 2 });
    expect([added.users, added.chats]).toEqual([[1n, 2n], [-3n]]);
    const typing = namedPeers({ _: 'updateChannelUserTyping', channel_id: 5n, from_id: { _: 'peerChannel', channel_id: 6n }, action: { _: 'sendMessageTypingAction' } });
    expect(typing.chats).toEqual([channel(5n), channel(6n)]);
    expect(namedPeers({ _: 'draftMessage', message: '', date: 1, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: 1, reply_to_peer_id: { _: 'inputPeerChannel', channel_id: 5n, access_hash: 1n } } }).chats).toEqual([channel(5n)]);
  });

  test('do not include plain ids of 0 or less', () => {
    const peers = namedPeers({ _: 'messageMediaContact', phone_number: '', first_name: '', last_name: '', vcard: '', user_id: -3n });
    peers.addObject({ _: 'updateChat', chat_id: 0n });
    expect([peers.users, peers.chats]).toEqual([[], []]);
  });
});

describe('NAMING_FIELDS', () => {
  /** Fields that hold peers and are not followed, with the reason. */
  const LEFT_OUT: Readonly<Record<string, string>> = {
    'channelFull.groupcall_default_join_as': 'no calls',
    'channelFull.guard_bot_id': 'no guard bots',
    'chatFull.groupcall_default_join_as': 'no calls',
    'dialogFilter.title': 'no mentions in names of folders',
    'dialogFilterChatlist.title': 'no mentions in names of folders',
    'inputReplyToMessage.monoforum_peer_id': 'no monoforums',
    'message.guestchat_via_from': 'no guest chats',
    'message.via_business_bot_id': 'no business bots',
    'messageReplies.channel_id': 'added where messages are filled in, unless the group is a former one',
    'messages.botResults.users': 'the users themselves, whom the results name',
    'updateChannelUserTyping.action': 'no texts that bots are writing in groups',
    'updateChatUserTyping.action': 'no texts that bots are writing in groups',
    'updateDialogUnreadMark.saved_peer_id': 'no monoforums',
    'updateDraftMessage.saved_peer_id': 'no monoforums',
    'updateMessageReactions.saved_peer_id': 'no monoforums',
  };
  const NEWEST = Math.max(...LAYERS);
  const schema = indexSchema(NEWEST, parseSchema(readFileSync(fileURLToPath(new URL(`../../schema/api-${NEWEST}.tl`, import.meta.url)), 'utf8')));

  test('lists every field of a listed constructor that holds peers', () => {
    const listed = new Map<string, readonly string[]>(Object.entries<readonly string[]>(NAMING_FIELDS));
    const holders = new Set(['Peer', ...[...schema.types].filter(([, members]) => members.some(({ name }) => listed.has(name))).map(([type]) => type)]);
    const isPlainId = (name: string): boolean =>
      /(^|_)(user|chat|channel|bot|inviter|creator|actor|admin|broadcast)_id$|^(promoted|kicked|approved)_by$|^(users|recent_requesters)$/.test(name);

    const forgotten = [...listed].flatMap(([constructor, fields]) =>
      schema.byName.get(constructor)!.params
        .filter(({ name, type }) => namedTypes(type).some((one) => holders.has(one)) || isPlainId(name))
        .map(({ name }) => name)
        .filter((name) => !fields.includes(name))
        .map((name) => `${constructor}.${name}`),
    );
    expect(forgotten.toSorted()).toEqual(Object.keys(LEFT_OUT).toSorted());
  });
});

describe('the projector of peers', () => {
  const calls: string[] = [];
  const messageFiller = { fill: () => undefined, fillScheduled: () => undefined, fillLogged: () => undefined, fillUpdates: () => undefined, fillPage: <P>(page: P) => page };
  const projector = { messageFiller, ...createPeerProjector({
    users: {
      projectUsers: async (_viewer, ids) => [...ids].map((id) => ({ _: 'userEmpty', id })),
      projectKnownUsers: (_viewer, ids) => ids.map((id) => ({ _: 'userEmpty', id })),
    },
    chats: {
      async projectChats(viewer, ids) {
        calls.push(`${viewer}: ${[...ids].join()}`);
        return [...ids].map((id) => ({ _: 'chatEmpty', id: -id }));
      },
    },
  }) };
  const user: tl.Update = { _: 'updateUser', user_id: 1n };

  test('is synchronous and reads no chats if only cached users are mentioned', () => {
    expect(projectContainer(projector, 9n, { updates: [user], peers: new PeerSet([1n]) }, 5)).toEqual({ _: 'updates', updates: [user], users: [{ _: 'userEmpty', id: 1n }], chats: [], date: 5, seq: 0 });
    expect(calls).toEqual([]);
  });

  test('adds each chat that is mentioned once, as the viewer sees it', async () => {
    const container = await projectContainer(projector, 9n, { updates: [user], peers: new PeerSet([1n, -3n, channel(4n), -3n]) }, 5);
    expect(container.users).toEqual([{ _: 'userEmpty', id: 1n }]);
    expect(container.chats).toEqual([{ _: 'chatEmpty', id: 3n }, { _: 'chatEmpty', id: -channel(4n) }]);
    expect(calls).toEqual([`9: -3,${channel(4n)}`]);
  });
});
