import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { OpenBoxes, Origin, SubjectDeps } from '../events/index.ts';
import { LoadingCache, onAccountHint, publishAccountHint } from '../shared/index.ts';
import { archivePlace, projectPlaceSettings, welcomePlaces } from './archive-place.ts';
import { acquaintAdders, findGiven, findUnaccepted, listGiven, removeUnaccepted, type UnacceptedPlace } from './place-store.ts';

/** Reading a place this long after being added to it accepts it, in seconds. Sooner, its owner may just have looked at what a stranger sent. */
const READ_ACCEPTS_S = 86_400;

/** How people accept the places in groups and channels that strangers have given to them. All of these do nothing for a place that is accepted. */
export interface Acceptance extends Disposable {
  /** The action bar above a group or channel. */
  findSettings(ownerId: bigint, peerId: bigint): Promise<tl.peerSettings>;
  /**
   * The owner accepts a place: by writing or reacting there, by hiding its bar, or by taking it out of the archive.
   * @param origin the session that knows by itself that the bar is gone
   * @returns undefined, synchronously, if the owner is known to have no such place, which is the usual case
   */
  doAccept(ownerId: bigint, peerId: bigint, origin?: Origin): Promise<void> | undefined;
  /** The owner reads a place, which accepts it if the owner was added long enough ago and the server has not archived it. Returns as {@link Acceptance.doAccept}. */
  doNoteRead(ownerId: bigint, peerId: bigint): Promise<void> | undefined;
  /**
   * The owner accepts all places from these people, who are no strangers any more, until the owner blocks or reports them. Places whose adders are not shown
   * are not among them. Returns as {@link Acceptance.doAccept}.
   */
  doAcceptFrom(ownerId: bigint, adderIds: readonly bigint[]): Promise<void> | undefined;
  /** The owner takes a place out of the archive, which accepts it if the server has archived it. Returns as {@link Acceptance.doAccept}. */
  doNoteUnarchived(ownerId: bigint, peerId: bigint): Promise<void> | undefined;
  /** Archives and mutes a place that strangers have filled. A repeat changes nothing. */
  doArchive(ownerId: bigint, peerId: bigint): Promise<void>;
}

/** Maximum number of users whose places are cached. Nearly all of them have none. */
const MAX_USERS = 50_000;

/** What is cached of the places of one user, by marked id of the group or channel. */
type Places = ReadonlyMap<bigint, Given>;

type Given = Pick<UnacceptedPlace, 'adder_id' | 'adder_hidden' | 'adder_known' | 'added_date' | 'archived'>;

/** Creates the accepting of places. Disposing ends its subscriptions. */
export function createAcceptance({ db, bus, clock, writeBoxes }: Pick<SubjectDeps, 'db' | 'bus' | 'clock' | 'writeBoxes'>): Acceptance {
  const cache = new LoadingCache<bigint, Places>({
    maxEntries: MAX_USERS,
    async load(ownerIds) {
      const found = new Map<bigint, Map<bigint, UnacceptedPlace>>();
      for (const place of await listGiven(db, ownerIds)) {
        const places = found.get(place.owner_id) ?? new Map<bigint, UnacceptedPlace>();
        found.set(place.owner_id, places.set(place.peer_id, place));
      }
      return found;
    },
  });
  const subscription = onAccountHint(bus, (hint) => {
    // Whoever comes into a group or channel may get such a place there.
    if (hint.kind === 'chat') for (const userId of hint.userIds) cache.invalidate(userId);
    if (hint.kind === 'places') cache.invalidate(hint.userId);
  });
  const reconnected = bus.onReconnect(() => cache.clear());

  /** Runs `change` if one of the owner's places that are not accepted is `wanted`. */
  const whenSome = (ownerId: bigint, wanted: (places: Places) => boolean, change: () => Promise<void>): Promise<void> | undefined => {
    if (cache.isKnown(ownerId)) {
      const places = cache.peek(ownerId);
      return places !== undefined && wanted(places) ? change() : undefined;
    }
    return cache.get(ownerId).then((places) => (places !== undefined && wanted(places) ? change() : undefined));
  };

  const changePlaces = (name: string, ownerId: bigint, change: (open: OpenBoxes) => Promise<void>): Promise<void> =>
    writeBoxes(name, [ownerId], async (tx, boxes, date) => {
      forgetAfter(tx, ownerId);
      await change({ tx, boxes, date });
    });

  const forgetAfter = (tx: Tx, ownerId: bigint): void =>
    tx.afterCommit(() => {
      cache.invalidate(ownerId);
      publishAccountHint(bus, { kind: 'places', userId: ownerId });
    });

  const accept = (ownerId: bigint, peerId: bigint, origin?: Origin): Promise<void> =>
    changePlaces('accept-place', ownerId, async (open) => welcomePlaces(open, await removeUnaccepted(open.tx, [ownerId], peerId), origin));

  /** Accepts a place if it is archived, or if it is not. The cache may not know yet that messages have filled the place. */
  const acceptIf = (name: string, ownerId: bigint, peerId: bigint, archived: boolean): Promise<void> =>
    changePlaces(name, ownerId, async (open) => {
      const place = await findGiven(open.tx, { ownerId, peerId });
      if (place?.archived === archived) await welcomePlaces(open, await removeUnaccepted(open.tx, [ownerId], peerId), undefined);
    });

  return {
    async findSettings(ownerId, peerId) {
      const [place] = await findUnaccepted(db, [{ ownerId, peerId }]);
      return projectPlaceSettings(place);
    },
    doAccept: (ownerId, peerId, origin) => whenSome(ownerId, (places) => places.has(peerId), () => accept(ownerId, peerId, origin)),
    doNoteRead: (ownerId, peerId) => {
      const sinceDate = clock.now() - READ_ACCEPTS_S;
      const isOld = (place: Given | undefined): boolean => place !== undefined && place.added_date <= sinceDate && !place.archived;
      return whenSome(ownerId, (places) => isOld(places.get(peerId)), () => acceptIf('accept-read-place', ownerId, peerId, false));
    },
    doAcceptFrom: (ownerId, adderIds) => {
      const adders = new Set(adderIds);
      const isFrom = (places: Places): boolean => [...places.values()].some((place) => !place.adder_hidden && !place.adder_known && adders.has(place.adder_id));
      return whenSome(ownerId, isFrom, () => changePlaces('accept-places', ownerId, async (open) => welcomePlaces(open, await acquaintAdders(open.tx, ownerId, adderIds), undefined)));
    },
    doNoteUnarchived: (ownerId, peerId) => whenSome(ownerId, (places) => places.has(peerId), () => acceptIf('accept-unarchived-place', ownerId, peerId, true)),
    doArchive: (ownerId, peerId) =>
      changePlaces('archive-place', ownerId, async (open) => {
        const [place] = await findUnaccepted(open.tx, [{ ownerId, peerId }]);
        if (place?.archived === false) await archivePlace(open, place);
      }),
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}
