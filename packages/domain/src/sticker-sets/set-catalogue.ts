import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import { findDice } from '../collections/index.ts';
import { ANIMATED_EMOJI, BUNDLED_REACTIONS, type BundledPlace, EVERYBODY, hashOfSet, type IconUse, isOffered, nameOfSet, openEmojiPack, type PackDocument, type ReactionRole } from '../documents/index.ts';
import type { SetKind } from './default-sets.ts';
import { createServedSet, type ServedSet } from './served-set.ts';

/** Constructors of InputStickerSet by which a client asks for a set by what it is for, without an id or a name. */
type SetPurpose = Exclude<tl.InputStickerSet['_'], 'inputStickerSetEmpty' | 'inputStickerSetID' | 'inputStickerSetShortName' | 'inputStickerSetDice'>;

/** A set of the service: where its documents come from. One that names nothing is empty. */
interface ServiceSet {
  readonly id: bigint;
  readonly title: string;
  readonly shortName: string;
  /** Stickers, if it is not said. */
  readonly kind?: SetKind;
  /** The documents that all reactions have in this role. */
  readonly role?: ReactionRole;
  /** The icons that are offered for this purpose. */
  readonly use?: IconUse;
}

/** Sets of the service by their purpose. Some are empty, so that clients show plain emoji: they would request a set that does not exist each time they draw the emoji. */
const BY_PURPOSE: Readonly<Record<Exclude<SetPurpose, 'inputStickerSetAnimatedEmoji'>, ServiceSet>> = {
  // Some clients draw one of these by chance, and fail without.
  inputStickerSetAnimatedEmojiAnimations: { id: 2n, title: 'Emoji Animations', shortName: 'EmojiAnimations', role: 'effect_animation' },
  inputStickerSetEmojiGenericAnimations: { id: 3n, title: 'Generic Emoji Animations', shortName: 'EmojiGenericAnimations', role: 'around_animation' },
  inputStickerSetPremiumGifts: { id: 4n, title: 'Premium Gifts', shortName: 'PremiumGifts' },
  inputStickerSetTonGifts: { id: 5n, title: 'TON Gifts', shortName: 'TonGifts' },
  inputStickerSetEmojiDefaultStatuses: { id: 6n, title: 'Default Statuses', shortName: 'EmojiDefaultStatuses', kind: 'emoji', use: 'statuses' },
  inputStickerSetEmojiChannelDefaultStatuses: { id: 7n, title: 'Default Channel Statuses', shortName: 'EmojiChannelDefaultStatuses', kind: 'emoji', use: 'statuses' },
  inputStickerSetEmojiDefaultTopicIcons: { id: 8n, title: 'Topic Icons', shortName: 'EmojiDefaultTopicIcons', kind: 'emoji', use: 'topics' },
};

/** Sets that clients request by a name that is built into them. One does so at each start. */
const BY_NAME: readonly ServiceSet[] = [
  { id: 9n, title: 'Restricted Emoji', shortName: 'RestrictedEmoji', kind: 'emoji' },
  { id: 10n, title: 'Festive Digits', shortName: 'FestiveFontEmoji', kind: 'emoji' },
];

/** The set of animated emoji had this id and name before it had those that clients have built in. */
const FORMER_ANIMATED_EMOJI = { id: 1n, shortName: 'AnimatedEmoji' };

/** All sticker sets that ship with the server. They are read when the first one is requested. */
export class SetCatalogue {
  readonly #accessHashes: Pick<AccessHashes, 'of' | 'matches'>;
  readonly #place: BundledPlace;
  #read: ReturnType<typeof readCatalogue> | undefined;

  constructor(accessHashes: Pick<AccessHashes, 'of' | 'matches'>, place: BundledPlace) {
    this.#accessHashes = accessHashes;
    this.#place = place;
  }

  /** The sets that people are offered, in the order in which they are listed. */
  get listed(): readonly ServedSet[] {
    return this.#open().listed;
  }

  /** A set by id. */
  findById(id: bigint): ServedSet | undefined {
    return this.#open().byId.get(id);
  }

  /** The documents of the set of icons that are offered for a purpose. */
  listIcons(use: IconUse): readonly PackDocument[] {
    return iconsFor(use);
  }

  /** Whether a set that ships with the server has this short name. */
  isNameTaken(name: string): boolean {
    return this.#open().byName.has(name.toLowerCase());
  }

  /**
   * Resolves what a client says about a set.
   * @returns undefined if no such set ships with the server, or its access hash is wrong
   * @throws RpcError EMOTICON_STICKERPACK_MISSING (the emoji is not a die)
   */
  find(viewerId: bigint, input: tl.InputStickerSet): ServedSet | undefined {
    const { byId, byName, byPurpose, byDice } = this.#open();
    switch (input._) {
      case 'inputStickerSetEmpty':
        return undefined;
      case 'inputStickerSetDice': {
        const set = byDice.get(findDice(input.emoticon)?.emoticon ?? '');
        if (set === undefined) throw rpcError('EMOTICON_STICKERPACK_MISSING');
        return set;
      }
      case 'inputStickerSetID': {
        const set = byId.get(input.id);
        return set !== undefined && this.#knowsHash(viewerId, input) ? set : undefined;
      }
      case 'inputStickerSetShortName':
        // TDLib writes all names in lower case.
        return byName.get(input.short_name.toLowerCase());
      default:
        return byPurpose.get(input._)!;
    }
  }

  #open(): ReturnType<typeof readCatalogue> {
    this.#read ??= readCatalogue(this.#place);
    return this.#read;
  }

  /** Whether the access hash is right: that of the set, or the one that an earlier version of the server gave this viewer, when each viewer had a hash of their own. */
  #knowsHash(viewerId: bigint, { id, access_hash: hash }: tl.inputStickerSetID): boolean {
    return hash === hashOfSet(this.#accessHashes, id) || [EVERYBODY, viewerId].some((who) => this.#accessHashes.matches('sticker_set', who, id, hash));
  }
}

const iconsFor = (use: IconUse): PackDocument[] => openEmojiPack().sets.flatMap(({ uses }) => uses[use] ?? []);

function readCatalogue(place: BundledPlace): {
  listed: ServedSet[];
  byId: ReadonlyMap<bigint, ServedSet>;
  byName: ReadonlyMap<string, ServedSet>;
  byPurpose: ReadonlyMap<SetPurpose, ServedSet>;
  byDice: ReadonlyMap<string, ServedSet>;
} {
  const { sets } = openEmojiPack();
  const packed = sets.map((set) => createServedSet({ ...set, ...nameOfSet(set, place), isListed: isOffered(set) }));
  const servedOf = (id: bigint): ServedSet => packed[sets.findIndex((set) => set.id === id)]!;
  const animated = servedOf(ANIMATED_EMOJI.main.id);
  const serve = ({ id, title, shortName, kind = 'stickers', role, use }: ServiceSet): ServedSet => {
    const documents = role !== undefined ? BUNDLED_REACTIONS.map((one) => one.documents[role]) : use !== undefined ? iconsFor(use) : [];
    return createServedSet({ id, title, shortName, kind, textColor: use !== undefined, isListed: false, documents });
  };
  const byPurpose = new Map<SetPurpose, ServedSet>([['inputStickerSetAnimatedEmoji', animated]]);
  for (const [purpose, set] of Object.entries(BY_PURPOSE) as [SetPurpose, ServiceSet][]) byPurpose.set(purpose, serve(set));
  const byDice = new Map(sets.flatMap(({ id, die }) => (die === undefined ? [] : [[die, servedOf(id)] as const])));
  const all = [...packed, ...byPurpose.values(), ...BY_NAME.map(serve)];
  return {
    listed: packed.filter(({ isListed }) => isListed),
    byId: new Map([[FORMER_ANIMATED_EMOJI.id, animated], ...all.map((set) => [set.id, set] as const)]),
    byName: new Map([[FORMER_ANIMATED_EMOJI.shortName.toLowerCase(), animated], ...all.map((set) => [set.shortName.toLowerCase(), set] as const)]),
    byPurpose,
    byDice,
  };
}
