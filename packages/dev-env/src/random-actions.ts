import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { SyncMessage, SyncState } from './sync-state.ts';

/** One action on a device. */
export interface RandomAction {
  request: tl.AnyMethod;
  /** What it sets outside the pts: two such at once would leave it open who was the last. With `*` in front, also of two people. */
  keys?: readonly string[];
  /** Whether the answer says that everything is done; otherwise the request is repeated. */
  isDone?: (answer: unknown) => boolean;
  /** Applies the answer to the state of the acting device. */
  apply: (state: SyncState, answer: unknown) => void;
}

/** A peer to write to. */
export interface RandomPeer {
  id: bigint;
  input: tl.InputPeer;
}

type Make = (chance: Chance, state: SyncState, peers: readonly RandomPeer[]) => RandomAction | undefined;

/** Random choices from one seed. */
class Chance {
  readonly random: Random;
  readonly #pages: string | undefined;

  constructor(random: Random, pages: string | undefined) {
    this.random = random;
    this.#pages = pages;
  }

  /** Sometimes a link to one of the pages. */
  link(): string {
    return this.#pages !== undefined && this.below(8) === 0 ? ` ${this.#pages}${this.below(200)}` : '';
  }

  below(n: number): number {
    return this.random.uint31() % n;
  }

  of<T>(items: readonly T[]): T | undefined {
    return items[this.below(Math.max(items.length, 1))];
  }

  /** One of the newer matching messages. */
  message(state: SyncState, fits: (message: SyncMessage) => boolean): SyncMessage | undefined {
    return this.of([...state.messages.values()].filter(fits).slice(-60));
  }
}

/** Not a service message. */
const isText = ({ content }: SyncMessage): boolean => content.includes(',["');
const hasWords = (message: SyncMessage): boolean => isText(message) && (message.media === undefined || message.media._ === 'messageMediaWebPage');

/** A message id that is never reached: a lower unused one might be taken by another send of the device before the answer comes. */
const NEVER_SENT = 2_000_000_000;

const draftKey = (peer: RandomPeer): string => `draft ${peer.id}`;

const applyUpdates = (state: SyncState, answer: unknown): void => state.applyUpdates(answer as tl.Updates);

function send(chance: Chance, peer: RandomPeer, replyTo: SyncMessage | undefined, clearsDraft: boolean): RandomAction {
  const message = `text ${chance.below(1_000_000)} ${'\u{1F600}'.repeat(chance.below(3))}${chance.link()}`.trim();
  const reply_to = replyTo === undefined ? undefined : ({ _: 'inputReplyToMessage', reply_to_msg_id: replyTo.id } as const);
  const clear_draft = clearsDraft ? true : undefined;
  const silent = chance.below(5) === 0;
  return {
    request: { _: 'messages.sendMessage', peer: peer.input, message, random_id: chance.random.int63(), reply_to, clear_draft, silent: silent ? true : undefined },
    ...(clearsDraft ? { keys: [draftKey(peer)] } : {}),
    apply(state, answer) {
      state.applyUpdates(answer as tl.Updates, { peer: peer.id, message, replyTo: replyTo?.id, silent });
      if (clearsDraft) state.drafts.delete(peer.id);
    },
  };
}

const anyPeer = (chance: Chance, peers: readonly RandomPeer[]): RandomPeer => chance.of(peers)!;

/** Kinds of actions with their weights. */
const MAKERS: readonly (readonly [weight: number, make: Make])[] = [
  [36, (chance, _state, peers) => send(chance, anyPeer(chance, peers), undefined, chance.below(8) === 0)],
  [8, (chance, state, peers) => {
    const peer = anyPeer(chance, peers);
    const to = chance.message(state, (message) => message.peer === peer.id);
    return to && send(chance, peer, to, false);
  }],
  [12, (chance, state, peers) => {
    const message = chance.message(state, (one) => one.out && hasWords(one));
    const peer = peers.find((one) => one.id === message?.peer);
    if (!message || !peer) return undefined;
    return { request: { _: 'messages.editMessage', peer: peer.input, id: message.id, message: `edit ${chance.below(1_000_000)}${chance.link()}` }, apply: applyUpdates };
  }],
  [6, (chance, _state, peers) => {
    const [lat, long] = [chance.below(180) - 90, chance.below(360) - 180];
    const geo_point = { _: 'inputGeoPoint', lat, long } as const;
    const media = chance.of<tl.InputMedia>([
      { _: 'inputMediaGeoPoint', geo_point },
      { _: 'inputMediaGeoLive', geo_point, period: 900 },
      { _: 'inputMediaVenue', geo_point, title: `venue ${lat}`, address: '', provider: '', venue_id: '', venue_type: '' },
      { _: 'inputMediaContact', phone_number: `+1555${1_000_000 + chance.below(1_000_000)}`, first_name: 'Contact', last_name: '', vcard: '' },
      { _: 'inputMediaDice', emoticon: '\u{1F3B2}' },
    ])!;
    const request = { _: 'messages.sendMedia', peer: anyPeer(chance, peers).input, media, message: '', random_id: chance.random.int63() } as const;
    return { request, apply: applyUpdates };
  }],
  [4, (chance, state, peers) => {
    const message = chance.message(state, (one) => one.out && one.media?._ === 'messageMediaGeoLive');
    const peer = peers.find((one) => one.id === message?.peer);
    if (!message || !peer) return undefined;
    const geo_point = { _: 'inputGeoPoint', lat: chance.below(90), long: chance.below(90) } as const;
    const stopped = chance.below(5) === 0 ? true : undefined;
    return { request: { _: 'messages.editMessage', peer: peer.input, id: message.id, media: { _: 'inputMediaGeoLive', geo_point, stopped } }, apply: applyUpdates };
  }],
  [12, (chance, state) => {
    const ids = Array.from({ length: 1 + chance.below(3) }, () => chance.message(state, () => true)?.id ?? NEVER_SENT);
    return {
      request: { _: 'messages.deleteMessages', id: ids, revoke: chance.below(2) === 0 ? true : undefined },
      apply: (own, answer) => own.applyAffected(answer as tl.messages.affectedMessages, () => ids.forEach((id) => own.messages.delete(id))),
    };
  }],
  [8, (chance, state, peers) => {
    const from = anyPeer(chance, peers);
    const ids = [...state.messages.values()].filter((one) => one.peer === from.id && isText(one)).slice(-30).filter(() => chance.below(10) === 0).map((one) => one.id);
    if (ids.length === 0) return undefined;
    const drop_author = chance.below(4) === 0 ? true : undefined;
    return {
      request: { _: 'messages.forwardMessages', from_peer: from.input, to_peer: anyPeer(chance, peers).input, id: ids, random_id: ids.map(() => chance.random.int63()), drop_author },
      apply: applyUpdates,
    };
  }],
  [10, (chance, state, peers) => {
    const message = chance.message(state, (one) => !one.out);
    const peer = peers.find((one) => one.id === message?.peer);
    if (!message || !peer) return undefined;
    return {
      request: { _: 'messages.readHistory', peer: peer.input, max_id: message.id },
      apply: (own, answer) => own.applyAffected(answer as tl.messages.affectedMessages, () => own.raise(own.readInbox, peer.id, message.id)),
    };
  }],
  [3, (chance, state, peers) => {
    const message = chance.message(state, isText);
    const peer = peers.find((one) => one.id === message?.peer);
    if (!message || !peer) return undefined;
    const unpin = chance.below(3) === 0 ? true : undefined;
    return { request: { _: 'messages.updatePinnedMessage', peer: peer.input, id: message.id, unpin, pm_oneside: chance.below(3) === 0 ? true : undefined }, apply: applyUpdates };
  }],
  [1, (chance, _state, peers) => {
    const peer = anyPeer(chance, peers);
    return {
      request: { _: 'messages.deleteHistory', peer: peer.input, max_id: 0, just_clear: chance.below(2) === 0 ? true : undefined, revoke: chance.below(2) === 0 ? true : undefined },
      // A deletion in slices has to be repeated until everything is deleted.
      keys: [],
      isDone: (answer) => (answer as tl.messages.affectedHistory).offset === 0,
      // If nothing was left to delete, the answer does not change the pts.
      apply: (own, answer) => {
        const affected = answer as tl.messages.affectedHistory;
        if (affected.pts_count > 0) own.applyAffected(affected, () => own.clearDialog(peer.id));
      },
    };
  }],
  [3, (chance, state, peers) => {
    const peer = anyPeer(chance, peers);
    const pinned = chance.below(2) === 0;
    // The archive has its own pins.
    if (state.archived.has(peer.id)) return undefined;
    return {
      request: { _: 'messages.toggleDialogPin', peer: { _: 'inputDialogPeer', peer: peer.input }, pinned: pinned ? true : undefined },
      keys: ['pinned dialogs'],
      apply: (own) => own.pinDialog(peer.id, pinned),
    };
  }],
  [3, (chance, _state, peers) => {
    const peer = anyPeer(chance, peers);
    const unread = chance.below(2) === 0;
    return {
      request: { _: 'messages.markDialogUnread', peer: { _: 'inputDialogPeer', peer: peer.input }, unread: unread ? true : undefined },
      keys: [`unread ${peer.id}`],
      apply: (own) => own.markUnread(peer.id, unread),
    };
  }],
  [4, (chance, _state, peers) => {
    const peer = anyPeer(chance, peers);
    const message = chance.below(3) === 0 ? '' : `draft ${chance.below(1_000_000)}`;
    return {
      request: { _: 'messages.saveDraft', peer: peer.input, message },
      keys: [draftKey(peer)],
      apply: (own) => own.putDraft(peer.id, message === '' ? { _: 'draftMessageEmpty' } : { _: 'draftMessage', message, date: 0 }),
    };
  }],
  [1, (_chance, _state, peers) => ({
    request: { _: 'messages.clearAllDrafts' },
    keys: peers.map(draftKey),
    apply: (own) => own.drafts.clear(),
  })],
  [2, (chance, state, peers) => {
    // Only for Saved Messages: other chats are moved out of the archive by messages of others, and the order of the two would be random.
    const self = peers.find((one) => one.id === state.self)!;
    const folder_id = chance.below(2);
    return {
      request: { _: 'folders.editPeerFolders', folder_peers: [{ _: 'inputFolderPeer', peer: self.input, folder_id }] },
      keys: ['pinned dialogs'],
      apply: applyUpdates,
    };
  }],
  [2, (chance, state, peers) => {
    const peer = chance.of(peers.filter((one) => one.id !== state.self))!;
    return { request: { _: 'messages.setHistoryTTL', peer: peer.input, period: chance.below(4) * 86_400 }, keys: ['*ttl'], apply: applyUpdates };
  }],
  [1, (chance) => {
    const first_name = `Name ${chance.below(1_000_000)}`;
    return {
      request: { _: 'account.updateProfile', first_name },
      keys: ['name'],
      apply: (own) => {
        own.name = first_name;
      },
    };
  }],
];

const TOTAL = MAKERS.reduce((sum, [weight]) => sum + weight, 0);

/**
 * Creates random actions of a user, based on what their device shows. The same seed and states give the same actions.
 *
 * @param pages prefix of the links that texts may contain
 */
export function createRandomActions(random: Random, pages?: string): (state: SyncState, peers: readonly RandomPeer[]) => RandomAction {
  const chance = new Chance(random, pages);
  return (state, peers) => {
    let at = chance.below(TOTAL);
    for (const [weight, make] of MAKERS) {
      at -= weight;
      if (at < 0) return make(chance, state, peers) ?? send(chance, anyPeer(chance, peers), undefined, false);
    }
    throw new Error('the weights do not add up');
  };
}
