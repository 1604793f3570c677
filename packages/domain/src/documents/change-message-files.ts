import type { MessageRow, OpenBoxes } from '../events/index.ts';
import { addMessageFiles, dropMessageFiles } from './message-files-store.ts';
import { FilesInExtra } from './media-files.ts';

/** A message before and after an edit. */
export interface EditedMessage {
  before: Pick<MessageRow, 'extra'>;
  after: Pick<MessageRow, 'owner_id' | 'msg_id' | 'extra'>;
}

/** Writes the references of messages whose files an edit has replaced, and notes who has lost files by it. */
export async function changeMessageFiles({ tx, boxes }: Pick<OpenBoxes, 'tx' | 'boxes'>, messages: readonly EditedMessage[]): Promise<void> {
  const files = new FilesInExtra();
  const edited = messages.filter(({ before, after }) => String(files.of(before.extra)) !== String(files.of(after.extra)));
  if (edited.length === 0) return;
  for (const { before, after } of edited) if (files.of(before.extra).length > 0) boxes.bereft.add(after.owner_id);
  const changed = edited.map(({ after }) => after);
  await dropMessageFiles(tx, changed.map(({ owner_id: ownerId, msg_id: msgId }) => ({ ownerId, msgId })));
  await addMessageFiles(tx, files.refsOf(changed));
}
