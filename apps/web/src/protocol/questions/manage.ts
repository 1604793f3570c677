import type { AdminRight } from '../keyboards.ts';
import type { LogEvent, LogKind } from '../log.ts';
import type { GroupSwitch, MemberRight } from '../manage.ts';
import type { PeerId, UnixTime } from '../models.ts';

/** What admins set in groups and channels. */
export interface ManageQuestions {
  /** Makes a supergroup of a basic group, which cannot be undone. @returns the supergroup */
  'manage.migrate': { say: { peer: PeerId }; get: PeerId };
  /** Makes a member an admin, or changes what an admin may do. In a basic group all admins may do the same, whatever `rights` say. @param rank the title beside the name; empty: none */
  'manage.setAdmin': { say: { peer: PeerId; user: PeerId; rights: AdminRight[]; rank: string }; get: void };
  'manage.dismissAdmin': { say: { peer: PeerId; user: PeerId }; get: void };
  /** Gives a group or channel to one of its members. The account stays an admin. @param password of the account */
  'manage.makeOwner': { say: { peer: PeerId; user: PeerId; password: string }; get: void };
  /** What was done in a supergroup or channel, the last first. @param kinds absent: all @param by absent: everybody @param before an event: only older ones */
  'manage.log': { say: { peer: PeerId; query: string; kinds?: LogKind[]; by?: PeerId[]; before?: string }; get: { events: LogEvent[]; hasMore: boolean } };
  /** Sets what all members of a group may not do. */
  'manage.setForbidden': { say: { peer: PeerId; forbidden: MemberRight[] }; get: void };
  /** Forbids something to one member of a supergroup, beside what is forbidden to all; to forbid nothing ends that, also for somebody who was removed. `until` 0: for ever. */
  'manage.restrict': { say: { peer: PeerId; user: PeerId; forbidden: MemberRight[]; until: UnixTime }; get: void };
  'manage.setSlowMode': { say: { peer: PeerId; seconds: number }; get: void };
  /** All but `protect` are for supergroups and channels only. */
  'manage.setSwitch': { say: { peer: PeerId; which: GroupSwitch; isOn: boolean }; get: void };
}
