import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import { BUNDLED_REACTIONS, type BundledDocument, projectBundledDocument, type ReactionRole } from '../documents/index.ts';
import { DICE, findDice } from './dice.ts';

/** A sticker set of the service, which clients request by its purpose. */
interface ServiceSet {
  readonly id: bigint;
  readonly title: string;
  readonly shortName: string;
  /** Whether its stickers are custom emoji. */
  readonly emojis?: true;
  /** Its stickers: the documents that all reactions have in this role; absent if it is empty. */
  readonly role?: ReactionRole;
}

/** Constructors of InputStickerSet that identify a set by its purpose. */
type SetPurpose = Exclude<tl.InputStickerSet['_'], 'inputStickerSetEmpty' | 'inputStickerSetID' | 'inputStickerSetShortName' | 'inputStickerSetDice'>;

const BY_PURPOSE: Readonly<Record<SetPurpose, ServiceSet>> = {
  inputStickerSetAnimatedEmoji: { id: 1n, title: 'Animated Emoji', shortName: 'AnimatedEmoji' },
  inputStickerSetAnimatedEmojiAnimations: { id: 2n, title: 'Emoji Animations', shortName: 'EmojiAnimations', role: 'effect_animation' },
  inputStickerSetEmojiGenericAnimations: { id: 3n, title: 'Generic Emoji Animations', shortName: 'EmojiGenericAnimations', role: 'around_animation' },
  inputStickerSetPremiumGifts: { id: 4n, title: 'Premium Gifts', shortName: 'PremiumGifts' },
  inputStickerSetTonGifts: { id: 5n, title: 'TON Gifts', shortName: 'TonGifts' },
  inputStickerSetEmojiDefaultStatuses: { id: 6n, title: 'Default Statuses', shortName: 'EmojiDefaultStatuses', emojis: true },
  inputStickerSetEmojiChannelDefaultStatuses: { id: 7n, title: 'Default Channel Statuses', shortName: 'EmojiChannelDefaultStatuses', emojis: true },
  inputStickerSetEmojiDefaultTopicIcons: { id: 8n, title: 'Topic Icons', shortName: 'EmojiDefaultTopicIcons', emojis: true },
};

/** Sets that clients request by a name that is built into them. One does so at each start. */
const BY_NAME: readonly ServiceSet[] = [
  { id: 9n, title: 'Restricted Emoji', shortName: 'RestrictedEmoji', emojis: true },
  { id: 10n, title: 'Festive Digits', shortName: 'FestiveFontEmoji', emojis: true },
];

/** First id of the sticker sets for dice. */
const FIRST_DICE_ID = 100n;

/** The sticker sets for dice, by emoji. */
const BY_DICE: ReadonlyMap<string, ServiceSet> = new Map(
  [...DICE.keys()].map((emoticon, at) => [emoticon, { id: FIRST_DICE_ID + BigInt(at), title: emoticon, shortName: `Dice${at}` }]),
);

const ALL: readonly ServiceSet[] = [...Object.values(BY_PURPOSE), ...BY_NAME, ...BY_DICE.values()];

const BY_LOWER_NAME: ReadonlyMap<string, ServiceSet> = new Map(ALL.map((set) => [set.shortName.toLowerCase(), set]));

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
      // TDLib writes all names in lower case.
      const set = input._ === 'inputStickerSetID' ? ALL.find(({ id }) => id === input.id) : BY_LOWER_NAME.get(input.short_name.toLowerCase());
      if (set === undefined) throw rpcError('STICKERSET_INVALID');
      if (input._ === 'inputStickerSetID' && !accessHashes.matches('sticker_set', viewerId, set.id, input.access_hash)) throw rpcError('STICKERSET_INVALID');
      return set;
    }
    default:
      return BY_PURPOSE[input._];
  }
}

/** Who asks for a sticker set, and how documents are shown to them. */
export interface SetView {
  accessHashes: AccessHashes;
  viewerId: bigint;
  homeDcId: number;
}

/**
 * Returns a sticker set of the service. Most sets have no stickers yet, so clients show plain emoji. If the answer were that the set does not exist, clients
 * would request it each time they draw the emoji. The sets of animations have those of the reactions, because some clients draw one by chance and fail without.
 * @throws RpcError STICKERSET_INVALID (no such set), EMOTICON_STICKERPACK_MISSING (the emoji is not a die)
 */
export function projectServiceSet({ accessHashes, viewerId, homeDcId }: SetView, input: tl.InputStickerSet): tl.messages.stickerSet {
  const { id, title, shortName, emojis, role } = accessServiceSet(accessHashes, viewerId, input);
  const access_hash = accessHashes.of('sticker_set', viewerId, id);
  const stickers = role === undefined ? [] : BUNDLED_REACTIONS.map(({ documents }) => documents[role]);
  return {
    _: 'messages.stickerSet',
    set: {
      _: 'stickerSet',
      official: true,
      emojis,
      id,
      access_hash,
      title,
      short_name: shortName,
      count: stickers.length,
      hash: hashOfStickers(stickers),
    },
    packs: stickers.map((sticker) => ({ _: 'stickerPack', emoticon: sticker.emoji, documents: [sticker.id] })),
    keywords: [],
    documents: stickers.map((sticker) => projectBundledDocument(sticker, accessHashes.of('document', viewerId, sticker.id), homeDcId, { _: 'inputStickerSetID', id, access_hash })),
  };
}

/** Tells versions of a sticker set apart. 0 is the hash of a set without stickers, and of a client that has no copy. Pure. */
function hashOfStickers(stickers: readonly BundledDocument[]): number {
  const seed = stickers.length === 0 ? 0n : 1n;
  return Number(stickers.reduce((hash, { id }) => (hash * 31n + id) % 2_147_483_647n, seed));
}
