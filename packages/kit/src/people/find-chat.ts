import { markPeer, type PeerLike, unmarkNamedPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { KitError } from '../kit-error.ts';
import type { Person } from './person.ts';

/** A chat as a person calls it. */
export interface Chat {
  /** Marked id. */
  peerId: bigint;
  input: tl.inputPeerUser | tl.inputPeerChat | tl.inputPeerChannel;
  /** What errors call it. */
  name: string;
}

/**
 * Finds a chat that a test names: `@username`, a marked id, or `me`. People of one test reach each other without having met.
 * @throws KitError `invalid` for a text that names nothing, or something of another test
 */
export async function findChat(person: Person, text: string): Promise<Chat> {
  const named = text.trim();
  const peer = named.startsWith('@') ? await findNamed(person, named.slice(1)) : named === 'me' ? { _: 'peerUser' as const, user_id: person.id } : readMarkedId(named);
  if (peer === undefined) throw new KitError('invalid', `${named === '' ? 'An empty text' : `"${named}"`} names no chat of ${person.name}: a chat is @username, an id, or "me"`);
  const peerId = markPeer(peer);
  if (person.set.isForeign(peerId)) throw new KitError('invalid', `${named} does not belong to the set of ${person.name}`);
  return { peerId, input: inputPeerOf(person, peer), name: person.set.nameOf(peerId) ?? named };
}

/**
 * Finds a person or bot that a test names.
 * @throws KitError `invalid`, also for groups and channels
 */
export async function findUser(person: Person, text: string): Promise<Chat & { input: tl.inputPeerUser }> {
  const { input, ...rest } = await findChat(person, text);
  if (input._ !== 'inputPeerUser') throw new KitError('invalid', `${text} is neither a person nor a bot`);
  return { ...rest, input };
}

/** The peer as one that the person has met. @param peer a peer that may not exist */
export function inputPeerOf({ id, kit }: Person, peer: PeerLike): Chat['input'] {
  const { accessHashes } = kit.domain;
  switch (peer._) {
    case 'peerUser':
      return { _: 'inputPeerUser', user_id: peer.user_id, access_hash: accessHashes.of('user', id, peer.user_id) };
    case 'peerChat':
      return { _: 'inputPeerChat', chat_id: peer.chat_id };
    case 'peerChannel':
      return { _: 'inputPeerChannel', channel_id: peer.channel_id, access_hash: accessHashes.of('channel', id, peer.channel_id) };
  }
}

/** The same user in methods about users. Pure. */
export function inputUserOf({ user_id, access_hash }: tl.inputPeerUser): tl.inputUser {
  return { _: 'inputUser', user_id, access_hash };
}

/** The same chat in methods about channels; undefined for people and basic groups. Pure. */
export function inputChannelOf(input: Chat['input']): tl.inputChannel | undefined {
  return input._ === 'inputPeerChannel' ? { _: 'inputChannel', channel_id: input.channel_id, access_hash: input.access_hash } : undefined;
}

async function findNamed(person: Person, username: string): Promise<PeerLike | undefined> {
  try {
    return (await person.invoke({ _: 'contacts.resolveUsername', username })).peer;
  } catch (error) {
    if (error instanceof KitError && (error.details.refusal === 'USERNAME_NOT_OCCUPIED' || error.details.refusal === 'USERNAME_INVALID')) {
      throw new KitError('invalid', `Nobody has the username @${username}`, { refusal: error.details.refusal });
    }
    throw error;
  }
}

function readMarkedId(text: string): PeerLike | undefined {
  return /^-?\d{1,18}$/.test(text) ? unmarkNamedPeer(BigInt(text)) : undefined;
}
