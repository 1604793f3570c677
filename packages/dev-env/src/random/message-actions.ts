import type { tl } from '@aerogram/tl';
import type { BoxMessage } from '../state/box-message.ts';
import { changeChecklist, isChecklist, newChecklist } from './checklist-actions.ts';
import { isText, type Chance, type Make, type RandomPeer } from './chance.ts';

const hasWords = ({ raw }: BoxMessage): boolean => raw._ === 'message' && (raw.media === undefined || raw.media._ === 'messageMediaWebPage');
const isLive = ({ out, raw }: BoxMessage): boolean => out && raw._ === 'message' && raw.media?._ === 'messageMediaGeoLive';

const hasPoll = ({ raw }: BoxMessage): boolean => raw._ === 'message' && raw.media?._ === 'messageMediaPoll';
const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });

/** A message id that is never reached: a lower unused one might be taken by another send of the device before the answer comes. */
const NEVER_SENT = 2_000_000_000;

const EMOJI = ['\u{1F44D}', '\u{2764}', '\u{1F525}', '\u{1F389}'];

function send(chance: Chance, peer: RandomPeer, replyTo: BoxMessage | undefined, clearsDraft: boolean): tl.messages.sendMessage {
  return {
    _: 'messages.sendMessage',
    peer: peer.input,
    message: chance.text(),
    entities: chance.entities(),
    random_id: chance.random.int63(),
    reply_to: replyTo && { _: 'inputReplyToMessage', reply_to_msg_id: replyTo.id },
    clear_draft: clearsDraft || undefined,
    silent: chance.flag(5),
    noforwards: chance.flag(20),
    invert_media: chance.flag(20),
  };
}

/** A plain message to anybody: what is done where nothing else can be. */
export const sendPlain: Make = (chance, _state, peers) => send(chance, chance.peer(peers), undefined, chance.below(8) === 0);

/** What people do with messages, with weights. */
export const MESSAGE_ACTIONS: readonly (readonly [weight: number, make: Make])[] = [
  [36, sendPlain],
  [8, (chance, state, peers) => {
    const peer = chance.peer(peers);
    const to = chance.message(state, (message) => message.peer === peer.id);
    return to && send(chance, peer, to, false);
  }],
  [12, (chance, state, peers) => {
    const found = chance.messageIn(state, peers, (one) => one.out && hasWords(one));
    return found && { _: 'messages.editMessage', peer: found.peer.input, id: found.message.id, message: chance.text(), invert_media: chance.flag(10) };
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
      newChecklist(chance),
    ])!;
    return { _: 'messages.sendMedia', peer: chance.peer(peers).input, media, message: '', random_id: chance.random.int63(), silent: chance.flag(5) };
  }],
  [3, (chance, _state, peers) => {
    const answers = ['yes', 'no', 'perhaps'].map((text): tl.inputPollAnswer => ({ _: 'inputPollAnswer', text: words(text) }));
    const poll: tl.poll = { _: 'poll', id: 0n, multiple_choice: true, public_voters: chance.flag(2), question: words('Well?'), answers, hash: 0n };
    return { _: 'messages.sendMedia', peer: chance.peer(peers).input, media: { _: 'inputMediaPoll', poll }, message: '', random_id: chance.random.int63() };
  }],
  [8, (chance, state, peers) => {
    const found = chance.messageIn(state, peers, hasPoll);
    return found && { _: 'messages.sendVote', peer: found.peer.input, msg_id: found.message.id, options: ['0', '1', '2'].filter(() => chance.flag(2)).map((option) => Buffer.from(option)) };
  }],
  [4, (chance, state, peers) => {
    const found = chance.messageIn(state, peers, isLive);
    const geo_point = { _: 'inputGeoPoint', lat: chance.below(90), long: chance.below(90) } as const;
    return found && { _: 'messages.editMessage', peer: found.peer.input, id: found.message.id, media: { _: 'inputMediaGeoLive', geo_point, stopped: chance.flag(5) } };
  }],
  [8, (chance, state, peers) => {
    const found = chance.messageIn(state, peers, isChecklist);
    return found && changeChecklist(chance, found.peer.input, found.message);
  }],
  [12, (chance, state) => {
    const id = Array.from({ length: 1 + chance.below(3) }, () => chance.message(state, () => true)?.id ?? NEVER_SENT);
    return { _: 'messages.deleteMessages', id, revoke: chance.flag(2) };
  }],
  [8, (chance, state, peers) => {
    const from = chance.peer(peers);
    const id = state.box.list((one) => one.peer === from.id && isText(one)).slice(-30).filter(() => chance.below(10) === 0).map((one) => one.id);
    if (id.length === 0) return undefined;
    const random_id = id.map(() => chance.random.int63());
    return { _: 'messages.forwardMessages', from_peer: from.input, to_peer: chance.peer(peers).input, id, random_id, drop_author: chance.flag(4), silent: chance.flag(5) };
  }],
  [10, (chance, state, peers) => {
    const found = chance.messageIn(state, peers, (one) => !one.out);
    return found && { _: 'messages.readHistory', peer: found.peer.input, max_id: found.message.id };
  }],
  [4, (chance, state, peers) => {
    const found = chance.messageIn(state, peers, isText);
    return found && { _: 'messages.updatePinnedMessage', peer: found.peer.input, id: found.message.id, unpin: chance.flag(3), pm_oneside: chance.flag(3), silent: chance.flag(2) };
  }],
  [1, (chance, _state, peers) => ({ _: 'messages.unpinAllMessages', peer: chance.peer(peers).input })],
  [14, (chance, state, peers) => {
    const found = chance.messageIn(state, peers, isText);
    if (!found) return undefined;
    const emoticon = chance.of(EMOJI)!;
    const reaction: tl.Reaction[] | undefined = chance.below(3) === 0 ? undefined : [{ _: 'reactionEmoji', emoticon }];
    return { _: 'messages.sendReaction', peer: found.peer.input, msg_id: found.message.id, reaction, big: chance.flag(4), add_to_recent: chance.flag(4) };
  }],
  [2, (chance, _state, peers) => ({ _: 'messages.readReactions', peer: chance.peer(peers).input })],
  [3, (chance, state) => {
    const id = state.box.list(isText).slice(-30).filter(() => chance.below(6) === 0).map((one) => one.id);
    return id.length === 0 ? undefined : { _: 'messages.readMessageContents', id };
  }],
  [1, (chance, _state, peers) => {
    const request = { _: 'messages.deleteHistory', peer: chance.peer(peers).input, max_id: 0, just_clear: chance.flag(2), revoke: chance.flag(2) } as const;
    // What is deleted in slices has to be asked for until all of it is.
    return { request, isDone: (answer) => (answer as tl.messages.affectedHistory).offset === 0 };
  }],
  [1, (chance, state, peers) => {
    const self = peers.find((one) => one.id === state.self)!;
    const from = chance.of([...state.box.listSavedTops().keys()]);
    const peer = from === state.self ? self : peers.find((one) => one.id === from);
    return peer && { _: 'messages.deleteSavedHistory', peer: peer.input, max_id: 0 };
  }],

  [5, (chance, state, peers) => ({ ...send(chance, chance.peer(peers), undefined, chance.below(3) === 0), schedule_date: chance.later(state) })],
  [3, (chance, state, peers) => {
    const found = chance.scheduled(state, peers);
    return found && { _: 'messages.editMessage', peer: found.peer.input, id: found.id, message: chance.text(), schedule_date: chance.later(state) };
  }],
  [2, (chance, state, peers) => {
    const found = chance.scheduled(state, peers);
    return found && { _: 'messages.deleteScheduledMessages', peer: found.peer.input, id: [found.id] };
  }],
  [2, (chance, state, peers) => {
    const found = chance.scheduled(state, peers);
    return found && { _: 'messages.sendScheduledMessages', peer: found.peer.input, id: [found.id] };
  }],
];
