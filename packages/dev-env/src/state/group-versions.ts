import type { tl } from '@aerogram/tl';

/** Checks that each change of a basic group is sent once and in order. */
export class GroupVersions extends Map<number, number> {
  /**
   * Records the version of a group after an update. A full list of members sets it anew, as for a member who comes back. A difference hides such lists of a group that has
   * ended, and tells of the changes after them.
   * @returns the broken rule as text; undefined if none is broken
   */
  follow(update: tl.Update): string | undefined {
    if (update._ === 'updateChatParticipants') {
      if (update.participants._ === 'chatParticipants') this.set(Number(update.participants.chat_id), update.participants.version);
      else this.delete(Number(update.participants.chat_id));
      return undefined;
    }
    if (!('version' in update) || typeof update.version !== 'number') return undefined;
    const named = 'chat_id' in update ? update.chat_id : 'peer' in update && update.peer?._ === 'peerChat' ? update.peer.chat_id : undefined;
    if (typeof named !== 'bigint') return undefined;
    const chatId = Number(named);
    const known = this.get(chatId);
    if (update.version > (known ?? 0)) this.set(chatId, update.version);
    if (known === undefined || update.version <= known + 1) return undefined;
    return `rule P20: ${update._} brings version ${update.version} of group ${chatId} behind ${known}`;
  }
}
