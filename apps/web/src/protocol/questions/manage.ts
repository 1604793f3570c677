import type { GroupSwitch } from '../manage.ts';
import type { PeerId } from '../models.ts';

/** What admins set in groups and channels. */
export interface ManageQuestions {
  /** Makes a supergroup of a basic group, which cannot be undone. @returns the supergroup */
  'manage.migrate': { say: { peer: PeerId }; get: PeerId };
  /** All but `protect` are for supergroups and channels only. */
  'manage.setSwitch': { say: { peer: PeerId; which: GroupSwitch; isOn: boolean }; get: void };
}
