import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { Origin, SubjectDeps } from '../events/index.ts';
import { Names } from '../names/index.ts';
import { checkedAbout, checkedNames, checkUsername, findUserRows, type ColorColumns, type StatusColumns, toldEmojiStatus, type UserRow } from '../peers/index.ts';
import { findOwnersPrivacy, type Privacy, saveSettings } from '../privacy/index.ts';
import { checkBirthday } from './check-birthday.ts';
import { isReservedUsername } from './reserved-usernames.ts';
import { type ProfileChange, reserveName, saveProfile, saveUsername } from './user-store.ts';
import type { Users } from './users.ts';

/** The names and bio to change; undefined leaves a field as it is. */
export interface NameChange {
  first_name?: string | undefined;
  last_name?: string | undefined;
  about?: string | undefined;
}

/** A user's own profile data. Each change is logged for the user's other devices, which also get it with getDifference. */
export interface Profile {
  /**
   * Changes the names or the bio.
   * @throws RpcError 400 FIRSTNAME_INVALID, LASTNAME_INVALID, ABOUT_TOO_LONG
   */
  doUpdateNames(userId: bigint, change: NameChange, origin?: Origin): Promise<tl.User>;
  /**
   * Sets the username; '' removes it.
   * @throws RpcError 400 USERNAME_INVALID, USERNAME_OCCUPIED (also for reserved names), USERNAME_NOT_MODIFIED
   */
  doUpdateUsername(userId: bigint, username: string, origin?: Origin): Promise<tl.User>;
  /**
   * Whether the user could take this username.
   * @throws RpcError 400 USERNAME_INVALID
   */
  isUsernameFree(userId: bigint, username: string): Promise<boolean>;
  /**
   * Checks an order of the active usernames; a user has at most the editable one.
   * @throws RpcError 400 ORDER_INVALID
   */
  checkUsernameOrder(userId: bigint, order: readonly string[]): Promise<void>;
  /**
   * Checks a request to show or hide a username. The editable username cannot be hidden, so the request always fails.
   * @throws RpcError 400 USERNAME_INVALID, USERNAME_NOT_MODIFIED
   */
  checkUsernameToggle(userId: bigint, username: string, active: boolean): Promise<void>;
  /**
   * Sets the birthday; undefined removes it.
   * @throws RpcError 400 BIRTHDAY_INVALID
   */
  doUpdateBirthday(userId: bigint, birthday: tl.birthday | undefined, origin?: Origin): Promise<void>;
  /**
   * Checks a birthday without saving it.
   * @throws RpcError 400 BIRTHDAY_INVALID
   */
  checkBirthday(birthday: tl.birthday): void;
  /** Sets the tab with which the user's profile page opens. */
  doSetMainTab(userId: bigint, tab: tl.ProfileTab, origin?: Origin): Promise<void>;
  /** Sets the colour of the user's name or profile page, and the custom emoji behind it, which the caller has checked. */
  doUpdateColor(userId: bigint, colour: Partial<ColorColumns>, origin?: Origin): Promise<void>;
  /** Sets the custom emoji beside the name, which the caller has checked, and notes it among those that the user has had. */
  doUpdateEmojiStatus(userId: bigint, status: StatusColumns, origin?: Origin): Promise<void>;
  /** Ids of the emoji statuses that a user has had, the newest first. */
  listRecentStatuses(userId: bigint): Promise<readonly bigint[]>;
  /** Forgets them. */
  doClearRecentStatuses(userId: bigint, origin?: Origin): Promise<void>;
}

/** Emoji statuses that are remembered of a user. */
const RECENT_STATUSES_MAX = 50;

/** The update for a change of a user's name or username. Pure. */
export function projectUserName(row: Pick<UserRow, 'user_id' | 'first_name' | 'last_name' | 'username'>): tl.updateUserName {
  return {
    _: 'updateUserName',
    user_id: row.user_id,
    first_name: row.first_name,
    last_name: row.last_name,
    usernames: row.username === null ? [] : [{ _: 'username', editable: true, active: true, username: row.username }],
  };
}

/** Creates the profile operations. */
export function createProfile(deps: SubjectDeps, users: Users, privacy: Pick<Privacy, 'findSettings' | 'settingsChanged'>): Profile {
  const { clock, writeBoxes, cardTeller } = deps;
  const names = new Names(deps);

  const projectSelf = async (userId: bigint): Promise<tl.User> => {
    const [self] = await users.projectUsers(userId, [userId]);
    if (!self) throw rpcError('USER_ID_INVALID');
    return self;
  };

  const accessRow = async (userId: bigint): Promise<UserRow> => {
    const row = await users.findRow(userId);
    if (!row) throw rpcError('USER_ID_INVALID');
    return row;
  };

  const recentStatuses = async (userId: bigint): Promise<readonly bigint[]> => (await privacy.findSettings(userId)).recent_statuses ?? [];

  const save = async (userId: bigint, change: ProfileChange, origin: Origin | undefined, what = { names: false, rest: true }): Promise<void> => {
    const updates = await writeBoxes('save-profile', [userId], async (tx, boxes, date) => {
      await saveProfile(tx, userId, change);
      if (what.names) await cardTeller?.tell(tx, [userId], boxes);
      // Read after the write, because another device may have changed the other fields.
      const row = (await findUserRows(tx, [userId])).get(userId);
      const made: tl.Update[] = what.rest ? [{ _: 'updateUser', user_id: userId }] : [];
      if (what.names && row) made.push(projectUserName(row));
      // Registered before the update is published: the user is sent along with the update and must not come from a stale cache.
      tx.afterCommit(() => users.userChanged(userId));
      boxes.addLoose(userId, date, origin, made);
      return made;
    });
    for (const update of updates) users.showChange(userId, update);
  };

  return {
    async doUpdateNames(userId, change, origin) {
      const row = await accessRow(userId);
      const names = checkedNames(change.first_name ?? row.first_name, change.last_name ?? row.last_name);
      const about = change.about === undefined ? row.about : checkedAbout(change.about);
      const renamed = names.first_name !== row.first_name || names.last_name !== row.last_name;
      if (!renamed && about === row.about) return projectSelf(userId);
      const asked: ProfileChange = {
        ...(change.first_name === undefined ? {} : { first_name: names.first_name }),
        ...(change.last_name === undefined ? {} : { last_name: names.last_name }),
        ...(change.about === undefined ? {} : { about }),
      };
      await save(userId, asked, origin, { names: renamed, rest: about !== row.about });
      return projectSelf(userId);
    },

    async doUpdateUsername(userId, username, origin) {
      if (username !== '') checkUsername(username);
      const row = await accessRow(userId);
      if ((row.username ?? '') === username) throw rpcError('USERNAME_NOT_MODIFIED');
      const isOwn = row.username?.toLowerCase() === username.toLowerCase();
      if (!isOwn && isReservedUsername(username)) throw rpcError('USERNAME_OCCUPIED');
      const wanted = username === '' ? undefined : username;
      if (wanted !== undefined) await reserveName(deps, userId, wanted, clock.now());
      const update = await writeBoxes('save-username', [userId], async (tx, boxes, date) => {
        await saveUsername({ tx, names, told: boxes }, userId, wanted);
        await cardTeller?.tell(tx, [userId], boxes);
        const made = projectUserName((await findUserRows(tx, [userId])).get(userId) ?? row);
        tx.afterCommit(() => users.userChanged(userId));
        boxes.addLoose(userId, date, origin, [made]);
        return made;
      });
      users.showChange(userId, update);
      return projectSelf(userId);
    },

    isUsernameFree: (userId, username) => users.isNameFree(userId, username),

    async checkUsernameOrder(userId, order) {
      const { username } = await accessRow(userId);
      const active = username === null ? [] : [username.toLowerCase()];
      if (order.length !== active.length || order.some((name, at) => name.toLowerCase() !== active[at])) {
        throw rpcError('ORDER_INVALID');
      }
    },

    async checkUsernameToggle(userId, username, active) {
      const row = await accessRow(userId);
      if (row.username?.toLowerCase() !== username.toLowerCase() || !active) throw rpcError('USERNAME_INVALID');
      throw rpcError('USERNAME_NOT_MODIFIED');
    },

    async doUpdateBirthday(userId, birthday, origin) {
      if (birthday) checkBirthday(birthday, clock.now());
      const change = {
        birthday_day: birthday?.day ?? null,
        birthday_month: birthday?.month ?? null,
        birthday_year: birthday?.year ?? null,
      };
      await save(userId, change, origin);
    },

    checkBirthday: (birthday) => checkBirthday(birthday, clock.now()),

    async doSetMainTab(userId, tab, origin) {
      const update: tl.updateUser = { _: 'updateUser', user_id: userId };
      await writeBoxes('set-main-tab', [userId], async (tx, boxes, date) => {
        await saveSettings(tx, userId, { main_tab: tab._ });
        tx.afterCommit(() => privacy.settingsChanged(userId));
        boxes.addLoose(userId, date, origin, [update]);
      });
      users.showChange(userId, update);
    },

    doUpdateColor: (userId, colour, origin) => save(userId, colour, origin),

    async doUpdateEmojiStatus(userId, status, origin) {
      const update: tl.updateUserEmojiStatus = { _: 'updateUserEmojiStatus', user_id: userId, emoji_status: toldEmojiStatus(status, clock.now()) };
      const id = status.emoji_status_id;
      const row = await accessRow(userId);
      if (row.emoji_status_id === id && row.emoji_status_until === status.emoji_status_until) return;
      await writeBoxes('save-emoji-status', [userId], async (tx, boxes, date) => {
        await saveProfile(tx, userId, status);
        if (id !== null) {
          // Read under the lock of the box: two devices may set one at once.
          const before = (await findOwnersPrivacy(tx, [userId])).get(userId)?.settings?.recent_statuses ?? [];
          await saveSettings(tx, userId, { recent_statuses: [id, ...before.filter((other) => other !== id)].slice(0, RECENT_STATUSES_MAX) });
        }
        tx.afterCommit(() => users.userChanged(userId));
        tx.afterCommit(() => privacy.settingsChanged(userId));
        boxes.addLoose(userId, date, origin, id === null ? [update] : [update, { _: 'updateRecentEmojiStatuses' }]);
      });
      users.showChange(userId, update);
    },

    listRecentStatuses: recentStatuses,

    async doClearRecentStatuses(userId, origin) {
      await writeBoxes('clear-recent-statuses', [userId], async (tx, boxes, date) => {
        await saveSettings(tx, userId, { recent_statuses: null });
        tx.afterCommit(() => privacy.settingsChanged(userId));
        boxes.addLoose(userId, date, origin, [{ _: 'updateRecentEmojiStatuses' }]);
      });
    },
  };
}
