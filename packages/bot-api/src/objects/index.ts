/** Makes objects of the Bot API out of TL objects. */
import type { tl } from '@aerogram/tl';

import type { ObjectSource } from './object-source.ts';
import type { UpdateObject } from './update-object.ts';

export type { ObjectSource } from './object-source.ts';
export { UPDATE_NAMES, type UpdateName, type UpdateObject } from './update-object.ts';

/** Users and chats that an answer names. */
export interface NamedPeers {
  users: readonly tl.User[];
  chats: readonly tl.Chat[];
}

export declare function projectMessages(source: ObjectSource, answer: NamedPeers & { messages: readonly tl.Message[] }): Promise<object[]>;
export declare function projectUpdates(source: ObjectSource, updates: tl.Updates): Promise<UpdateObject[]>;
export declare function projectUser(user: tl.User): object;
export function projectMe(user: tl.User): object {
  return { id: Number(user.id), is_bot: true };
}
