import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type DevicePlace, type DeviceSlice, type KnownDevices, listDeviceEvents, listMovedDevices, type MovedDevice } from '../device-log/index.ts';
import type { BoxEvent, BoxPosition, Origin } from '../events/index.ts';
import type { MessagingDeps } from '../messages/index.ts';
import { PeerSet } from '../peers/index.ts';
import { type DifferenceOutcome, type DifferenceRequest, findDifference, projectState } from './find-difference.ts';
import { type BoxReach, findDeviceState, type KnownPositions, listMovedBoxes } from './box-state.ts';
import { type EventSlice, listEventsSince } from './list-events.ts';
import { addEventPeers, projectContainer, projectEvent } from './project-updates.ts';

/** The state and history of users' boxes, in the form that devices get. */
export interface Updates {
  /** Answers `updates.getState`. @param authKeyId the device that asks */
  findState(owner: bigint, authKeyId?: bigint): Promise<tl.updates.state>;
  /**
   * Answers `updates.getDifference`.
   * @throws RpcError 400 PERSISTENT_TIMESTAMP_EMPTY
   */
  findDifference(owner: bigint, request: DifferenceRequest): Promise<DifferenceOutcome>;
  /** Reads the position of a box, and that of the log of a device. A box that was never written has pts 1. */
  readPosition(owner: bigint, authKeyId?: bigint): Promise<BoxPosition & { deviceSeq: number }>;
  /** Reads the positions of the logs of many devices in one query and returns those that moved. */
  listMovedDevices(known: KnownDevices): Promise<MovedDevice[]>;
  /** Reads the position of the log of a device first, then at most `limit` events after `seq`. */
  listDeviceEvents(device: DevicePlace, seq: number, limit: number): Promise<DeviceSlice>;
  /** Reads the positions of many boxes in one query and returns those that moved. */
  listMoved(known: KnownPositions): Promise<Map<bigint, BoxPosition>>;
  /** Reads the counter first, then at most `limit` events that a session has not received. */
  listEventsSince(owner: bigint, reach: BoxReach, limit: number): Promise<EventSlice>;
  /** Projects events for the owner's devices, with every peer they mention. */
  projectEvents(owner: bigint, events: readonly BoxEvent[]): tl.updates | Promise<tl.updates>;
  /** Projects updates of the log of a device, with every peer they mention. */
  projectUpdates(owner: bigint, updates: readonly tl.Update[]): tl.updates | Promise<tl.updates>;
  /** Projects an update that is not stored, with every peer it mentions. */
  projectTransient(owner: bigint, update: tl.Update): tl.updates | Promise<tl.updates>;
  /** Projects updates for an answer, with every peer they mention. @param alsoNamed marked ids of further peers of the answer */
  projectAnswer(viewerId: bigint, updates: tl.Update[], alsoNamed?: Iterable<bigint>): Promise<tl.updates>;
  /** Stores an update without pts in the owner's log, so that devices which are offline get it later. */
  doLogUpdate(owner: bigint, update: tl.Update, origin: Origin | undefined): Promise<void>;
}

/** Creates the reader of updates. */
export function createUpdates(deps: MessagingDeps): Updates {
  const { db, clock } = deps;

  const projectAll = (viewerId: bigint, updates: tl.Update[], alsoNamed?: Iterable<bigint>): tl.updates | Promise<tl.updates> => {
    const peers = new PeerSet(alsoNamed);
    for (const update of updates) peers.addObject(update);
    return projectContainer(deps, viewerId, { updates, peers }, clock.now());
  };

  return {
    async findState(owner, authKeyId = 0n) {
      const state = await findDeviceState(db, owner, authKeyId);
      const { unread } = await db.q
        .selectFrom('dialogs')
        .select(sql<bigint>`COALESCE(sum(unread_count), 0)`.as('unread'))
        .where('owner_id', '=', owner)
        .executeTakeFirstOrThrow();
      return projectState(state, clock.now(), Number(unread));
    },
    findDifference: (owner, request) => findDifference({ db, projectPeers: deps.projectPeers, messageFiller: deps.messageFiller, nowDate: clock.now() }, owner, request),
    readPosition: (owner, authKeyId = 0n) => findDeviceState(db, owner, authKeyId),
    listMovedDevices: (known) => listMovedDevices(db, known),
    listDeviceEvents: (device, seq, limit) => listDeviceEvents(db, device, seq, limit),
    projectUpdates: (owner, updates) => projectAll(owner, [...updates]),
    listMoved: (known) => listMovedBoxes(db, known),
    listEventsSince: (owner, reach, limit) => listEventsSince(db, owner, reach, limit),
    projectEvents(owner, events) {
      const peers = new PeerSet();
      const updates = events.map((event) => {
        const update = projectEvent(event);
        addEventPeers(peers, event, update);
        return update;
      });
      return projectContainer(deps, owner, { updates, peers }, clock.now());
    },
    projectTransient: (owner, update) => projectAll(owner, [update]),
    projectAnswer: async (viewerId, updates, alsoNamed) => projectAll(viewerId, updates, alsoNamed),
    async doLogUpdate(owner, update, origin) {
      await deps.writeBoxes('log-update', [owner], async (_tx, boxes, date) => boxes.addLoose(owner, date, origin, [update]));
    },
  };
}
