import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { emojiIdsIn, findKnownEmoji, withEmoji } from '../documents/index.ts';
import { findFolderTags, listFilters, removeFilter, saveFilter, saveFilterOrder } from '../dialogs/index.ts';
import type { Origin } from '../events/index.ts';
import type { MessagingDeps } from '../messages/index.ts';
import { cleanLine } from '../peers/index.ts';
import { saveChatSettings } from '../settings/index.ts';
import { forgetSharedFolder, isSharedFolder } from './folder-link-store.ts';

/** Maximum number of folders per user; sent to clients in help.getAppConfig (`dialog_filters_limit_default`). */
export const FILTERS_MAX = 10;
/** Maximum number of chats in each list of a folder; sent to clients in help.getAppConfig (`dialog_filters_chats_limit_default`). */
export const FILTER_CHATS_MAX = 100;

const ID_MIN = 2;
const ID_MAX = 255;
const TITLE_MAX = 12;
/** Maximum length of a folder's icon in UTF-16 units: one emoji, which may be a sequence of several code points. */
const EMOTICON_MAX = 16;
/** Number of colours that clients offer for folder tags. */
const COLORS = 7;

const DEFAULT_ID = 0;

/** A user's chat folders. */
export interface Filters {
  /** Lists the folders in order, including the list of all chats. */
  list(ownerId: bigint): Promise<{ filters: tl.DialogFilter[]; tags: boolean }>;
  /** Lists suggested folders, except those for which the owner has an equivalent. */
  listSuggested(ownerId: bigint): Promise<tl.dialogFilterSuggested[]>;
  /**
   * Creates or changes a folder, or deletes it if `filter` is undefined.
   * @throws RpcError FILTER_ID_INVALID, FILTER_TITLE_EMPTY, FILTER_INCLUDE_EMPTY, FILTER_NOT_SUPPORTED (a folder becomes a shared one only by a
   * link, and a shared one has no rules), CHATLIST_EXCLUDE_INVALID, INPUT_FILTER_INVALID (too many folders or chats, or too long a title)
   */
  doUpdate(ownerId: bigint, filterId: number, filter: tl.DialogFilter | undefined, origin: Origin | undefined): Promise<void>;
  /**
   * Sets the order of the folders; those that are not listed go last.
   * @throws RpcError FILTER_ID_INVALID
   */
  doReorder(ownerId: bigint, order: readonly number[], origin: Origin | undefined): Promise<void>;
  /** Sets whether the chat list shows the folder names of each chat. */
  doToggleTags(ownerId: bigint, enabled: boolean, origin: Origin | undefined): Promise<void>;
}

const SUGGESTED: readonly tl.dialogFilterSuggested[] = [
  {
    _: 'dialogFilterSuggested',
    filter: makeFilter(2, 'Unread', { contacts: true, non_contacts: true, groups: true, broadcasts: true, bots: true, exclude_read: true }),
    description: 'New messages from all chats.',
  },
  {
    _: 'dialogFilterSuggested',
    filter: makeFilter(3, 'Personal', { contacts: true, non_contacts: true }),
    description: 'Only messages from personal chats.',
  },
];

/** Creates the folder operations. */
export function createFilters({ db, writeBoxes }: Pick<MessagingDeps, 'db' | 'writeBoxes'>): Filters {
  /** Locks the owner's box, runs `change`, and logs the update that it returns. */
  const write = (ownerId: bigint, origin: Origin | undefined, change: (tx: Tx) => Promise<tl.Update | undefined>): Promise<void> =>
    writeBoxes('write-filters', [ownerId], async (tx, boxes, date) => {
      const update = await change(tx);
      if (update !== undefined) boxes.addLoose(ownerId, date, origin, [update]);
    });

  return {
    async list(ownerId) {
      const [rows, tags] = await Promise.all([listFilters(db.q, ownerId), findFolderTags(db.q, ownerId)]);
      const filters = rows.map((row) => row.filter);
      const hasDefault = rows.some((row) => row.id === DEFAULT_ID);
      return { filters: hasDefault ? filters : [{ _: 'dialogFilterDefault' }, ...filters], tags };
    },
    async listSuggested(ownerId) {
      const rows = await listFilters(db.q, ownerId);
      const taken = new Set(rows.map(({ filter }) => kindsOf(filter)));
      const ids = new Set(rows.map((row) => row.id));
      return SUGGESTED.filter(({ filter }) => !taken.has(kindsOf(filter))).map((suggested) => {
        const id = freeFilterId(ids);
        ids.add(id);
        return { ...suggested, filter: { ...suggested.filter, id } };
      });
    },
    doUpdate: (ownerId, filterId, filter, origin) =>
      write(ownerId, origin, async (tx) => {
        if (filterId < ID_MIN || filterId > ID_MAX) throw rpcError('FILTER_ID_INVALID');
        if (filter === undefined) {
          await forgetSharedFolder(tx, { ownerId, filterId });
          return (await removeFilter(tx, ownerId, filterId)) ? { _: 'updateDialogFilter', id: filterId } : undefined;
        }
        const rows = await listFilters(tx.q, ownerId);
        const known = rows.find((row) => row.id === filterId)?.filter;
        const isShared = known?._ === 'dialogFilterChatlist' && (await isSharedFolder(tx.q, { ownerId, filterId }));
        const checked = checkFilter(filter, filterId, { known, isShared, emoji: await emojiIn(tx, filter) });
        if (rows.filter(({ id }) => id !== filterId && id !== DEFAULT_ID).length >= FILTERS_MAX) throw rpcError('INPUT_FILTER_INVALID');
        await saveFilter(tx, ownerId, filterId, checked);
        return { _: 'updateDialogFilter', id: filterId, filter: checked };
      }),
    doReorder: (ownerId, order, origin) =>
      write(ownerId, origin, async (tx) => {
        const known = (await listFilters(tx.q, ownerId)).map(({ id }) => id);
        const named = [...new Set(order)];
        if (named.some((id) => id !== DEFAULT_ID && !known.includes(id))) throw rpcError('FILTER_ID_INVALID');
        if (named.includes(DEFAULT_ID) && !known.includes(DEFAULT_ID)) await saveFilter(tx, ownerId, DEFAULT_ID, { _: 'dialogFilterDefault' });
        const after = [...named, ...known.filter((id) => !named.includes(id))];
        await saveFilterOrder(tx, ownerId, after);
        return { _: 'updateDialogFilterOrder', order: after };
      }),
    doToggleTags: (ownerId, enabled, origin) =>
      write(ownerId, origin, async (tx) => {
        if ((await findFolderTags(tx.q, ownerId)) === enabled) return undefined;
        await saveChatSettings(tx, ownerId, { folder_tags: enabled });
        return { _: 'updateDialogFilters' };
      }),
  };
}

/** The lowest folder id that is not in use; there are more ids than an owner may have folders. Pure. */
export function freeFilterId(taken: ReadonlySet<number>): number {
  return Array.from({ length: ID_MAX - ID_MIN + 1 }, (_, index) => ID_MIN + index).find((id) => !taken.has(id)) ?? ID_MAX;
}

type Kinds = Pick<tl.dialogFilter, 'contacts' | 'non_contacts' | 'groups' | 'broadcasts' | 'bots' | 'exclude_read'>;

function makeFilter(id: number, title: string, kinds: Kinds): tl.dialogFilter {
  return {
    _: 'dialogFilter',
    ...kinds,
    id,
    title: { _: 'textWithEntities', text: title, entities: [] },
    pinned_peers: [],
    include_peers: [],
    exclude_peers: [],
  };
}

/** A key that is equal for folders with the same kinds of chat. */
function kindsOf(filter: tl.DialogFilter): string {
  if (filter._ !== 'dialogFilter') return filter._;
  const { contacts, non_contacts, groups, broadcasts, bots, exclude_read } = filter;
  return [contacts, non_contacts, groups, broadcasts, bots, exclude_read].map((kind) => (kind === true ? 1 : 0)).join('');
}

/** The folder as stored, whether it has links or was added by one, and the custom emoji that the server has, of those that the title names. */
interface FilterBefore {
  known: tl.DialogFilter | undefined;
  isShared: boolean;
  emoji: ReadonlySet<bigint>;
}

async function emojiIn(tx: Tx, filter: tl.DialogFilter): Promise<ReadonlySet<bigint>> {
  return filter._ === 'dialogFilterDefault' ? new Set() : findKnownEmoji(tx, emojiIdsIn([filter.title]));
}

/**
 * Checks a folder and rebuilds it field by field for storage.
 * @param filter the peers in it must be ones that the caller may use
 * @param id the folder id of the call
 */
function checkFilter(filter: tl.DialogFilter, id: number, { known, isShared, emoji }: FilterBefore): tl.dialogFilter | tl.dialogFilterChatlist {
  if (filter._ === 'dialogFilterDefault') throw rpcError('FILTER_NOT_SUPPORTED');
  const title = cleanLine(filter.title.text);
  if (title === '') throw rpcError('FILTER_TITLE_EMPTY');
  if (title.length > TITLE_MAX) throw rpcError('INPUT_FILTER_INVALID');
  const { pinned_peers, include_peers, title_noanimate, emoticon, color } = filter;
  const looks = {
    title_noanimate,
    id,
    title: withEmoji(filter.title, title, emoji),
    emoticon: emoticon === undefined ? undefined : cleanLine(emoticon, EMOTICON_MAX) || undefined,
    color: color !== undefined && color >= 0 && color < COLORS ? color : undefined,
    pinned_peers, include_peers,
  };
  const chats = pinned_peers.length + include_peers.length;
  if (chats > FILTER_CHATS_MAX) throw rpcError('INPUT_FILTER_INVALID');
  const rules = filter._ === 'dialogFilter' ? filter : undefined;
  const hasKind = rules !== undefined && [rules.contacts, rules.non_contacts, rules.groups, rules.broadcasts, rules.bots].includes(true);
  if (!hasKind && chats === 0) throw rpcError('FILTER_INCLUDE_EMPTY');
  if (rules === undefined || isShared) {
    // Clients of old layers are shown a shared folder as an ordinary one, so they may also send it like that.
    if (rules !== undefined) checkHasNoRules(rules, hasKind);
    if (known?._ !== 'dialogFilterChatlist') throw rpcError('FILTER_NOT_SUPPORTED');
    return { _: 'dialogFilterChatlist', has_my_invites: known.has_my_invites, ...looks };
  }
  const { contacts, non_contacts, groups, broadcasts, bots, exclude_muted, exclude_read, exclude_archived, exclude_peers } = rules;
  if (exclude_peers.length > FILTER_CHATS_MAX) throw rpcError('INPUT_FILTER_INVALID');
  return { _: 'dialogFilter', contacts, non_contacts, groups, broadcasts, bots, exclude_muted, exclude_read, exclude_archived, ...looks, exclude_peers };
}

/** Checks that a folder consists of chats only. @throws RpcError CHATLIST_EXCLUDE_INVALID, FILTER_NOT_SUPPORTED */
function checkHasNoRules({ exclude_peers, exclude_muted, exclude_read, exclude_archived }: tl.dialogFilter, hasKind: boolean): void {
  if (exclude_peers.length > 0) throw rpcError('CHATLIST_EXCLUDE_INVALID');
  if (hasKind || [exclude_muted, exclude_read, exclude_archived].includes(true)) throw rpcError('FILTER_NOT_SUPPORTED');
}
