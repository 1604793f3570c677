import type { Tx } from '@aerogram/storage';

import type { MessageRow } from '../events/index.ts';
import { addMessageFiles, dropMessageFiles } from './message-files-store.ts';
import { FilesInExtra } from './media-files.ts';

/** A message before and after an edit. */
export interface EditedMessage {
  before: Pick<MessageRow, 'extra'>;
  after: Pick<MessageRow, 'owner_id' | 'msg_id' | 'extra'>;
}

/** Writes the references of messages whose files an edit has replaced. */
export async function changeMessageFiles(tx: Tx, messages: readonly EditedMessage[]): Promise<void> {
  const files = new FilesInExtra();
  const changed = messages.filter(({ before, after }) => String(files.of(before.extra)) !== String(files.of(after.extra))).map(({ after }) => after);
  if (changed.length === 0) return;
  await dropMessageFiles(tx, changed.map(({ owner_id: ownerId, msg_id: msgId }) => ({ ownerId, msgId })));
  await addMessageFiles(tx, files.refsOf(changed));
}
