import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import { DICE, findDice } from './dice.ts';

/** A sticker set of the service, which clients request by its purpose. */
interface ServiceSet {
  readonly id: bigint;
  readonly title: string;
  readonly shortName: string;
  /** Whether its stickers are custom emoji. */
  readonly emojis?: true;
}

/** Constructors of InputStickerSet that identify a set by its purpose. */
type SetPurpose = Exclude<tl.InputStickerSet['_'], 'inputStickerSetEmpty' | 'inputStickerSetID' | 'inputStickerSetShortName' | 'inputStickerSetDice'>;

const BY_PURPOSE: Readonly<Record<SetPurpose, ServiceSet>> = {
  inputStickerSetAnimatedEmoji: { id: 1n, title: 'Animated Emoji', shortName: 'AnimatedEmoji' },
  inputStickerSetAnimatedEmojiAnimations: { id: 2n, title: 'Emoji Animations', shortName: 'EmojiAnimations' },
  inputStickerSetEmojiGenericAnimations: { id: 3n, title: 'Generic Emoji Animations', shortName: 'EmojiGenericAnimations' },
  inputStickerSetPremiumGifts: { id: 4n, title: 'Premium Gifts', shortName: 'PremiumGifts' },
  inputStickerSetTonGifts: { id: 5n, title: 'TON Gifts', shortName: 'TonGifts' },
  inputStickerSetEmojiDefaultStatuses: { id: 6n, title: 'Default Statuses', shortName: 'EmojiDefaultStatuses', emojis: true },
  inputStickerSetEmojiChannelDefaultStatuses: { id: 7n, title: 'Default Channel Statuses', shortName: 'EmojiChannelDefaultStatuses', emojis: true },
  inputStickerSetEmojiDefaultTopicIcons: { id: 8n, title: 'Topic Icons', shortName: 'EmojiDefaultTopicIcons', emojis: true },
};

/** First id of the sticker sets for dice. */
const FIRST_DICE_ID = 100n;

/** The sticker sets for dice, by emoji. */
const BY_DICE: ReadonlyMap<string, ServiceSet> = new Map(
  [...DICE.keys()].map((emoticon, at) => [emoticon, { id: FIRST_DICE_ID + BigInt(at), title: emoticon, shortName: `Dice${at}` }]),
);

const ALL: readonly ServiceSet[] = [...Object.values(BY_PURPOSE), ...BY_DICE.values()];

/**
 * Resolves a sticker set of the service.
 * @throws RpcError STICKERSET_INVALID (no such set), EMOTICON_STICKERPACK_MISSING (the emoji is not a die)
 */
function accessServiceSet(accessHashes: AccessHashes, viewerId: bigint, input: tl.InputStickerSet): ServiceSet {
  switch (input._) {
    case 'inputStickerSetEmpty':
      throw rpcError('STICKERSET_INVALID');
    case 'inputStickerSetDice': {
      const set = BY_DICE.get(findDice(input.emoticon)?.emoticon ?? '');
      if (set === undefined) throw rpcError('EMOTICON_STICKERPACK_MISSING');
      return set;
    }
    case 'inputStickerSetID':
    case 'inputStickerSetShortName': {
      const set = ALL.find(({ id, shortName }) => (input._ === 'inputStickerSetID' ? id === input.id : shortName === input.short_name));
      if (set === undefined) throw rpcError('STICKERSET_INVALID');
      if (input._ === 'inputStickerSetID' && !accessHashes.matches('sticker_set', viewerId, set.id, input.access_hash)) throw rpcError('STICKERSET_INVALID');
      return set;
    }
    default:
      return BY_PURPOSE[input._];
  }
}

/**
 * Returns a sticker set of the service. The sets have no stickers yet, so clients show plain emoji. If the answer were that the set does
 * not exist, clients would request it each time they draw the emoji.
 * @throws RpcError STICKERSET_INVALID (no such set), EMOTICON_STICKERPACK_MISSING (the emoji is not a die)
 */
export function projectServiceSet(accessHashes: AccessHashes, viewerId: bigint, input: tl.InputStickerSet): tl.messages.stickerSet {
  const { id, title, shortName, emojis } = accessServiceSet(accessHashes, viewerId, input);
  return {
    _: 'messages.stickerSet',
    set: {
      _: 'stickerSet',
      official: true,
      emojis,
      id,
      access_hash: accessHashes.of('sticker_set', viewerId, id),
      title,
      short_name: shortName,
      count: 0,
      // 0 is the hash of a list without documents. A client that sends it has no copy and gets the set again.
      hash: 0,
    },
    packs: [],
    keywords: [],
    documents: [],
  };
}
