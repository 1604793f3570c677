import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Message } from '../../protocol/index.ts';
import { ask, peerSignal } from '../app/link.ts';
import { nowSeconds } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../parts/text.ts';
import { allowedOn } from './allowed.ts';
import type { OpenChat } from './open-chat.ts';

interface DeleteDialogProps {
  count: number;
  /** Whether the person can choose; else all lose the messages, or only this account. */
  canChoose: boolean;
  isForAll: boolean;
  /** @param forBoth whether others lose the messages, too */
  close(forBoth?: boolean): void;
}

const DeleteDialog: FunctionComponent<DeleteDialogProps> = ({ count, canChoose, isForAll, close }) => {
  const forBoth = useSignal(false);
  return (
    <Dialog title={t('deleteMessages', { n: count })} onClose={() => close()}>
      <p>{t(isForAll ? 'deleteForAllText' : canChoose ? 'deleteText' : 'deleteForMeText', { n: count })}</p>
      {canChoose && (
        <label class="check">
          <input type="checkbox" checked={forBoth.value} onChange={({ currentTarget }) => (forBoth.value = currentTarget.checked)} />
          <span>{t('deleteForOthers')}</span>
        </label>
      )}
      <div class="dialog-buttons">
        <button class="button button-plain" type="button" onClick={() => close()}>
          {t('cancel')}
        </button>
        <button class="button is-dangerous" type="button" onClick={() => close(forBoth.value)}>
          {t('delete')}
        </button>
      </div>
    </Dialog>
  );
};

/** Asks whether to delete messages, and deletes them. @returns whether they were */
export async function askToDelete({ peer }: OpenChat, messages: readonly Message[]): Promise<boolean> {
  const allowed = messages.map((message) => allowedOn(message, peerSignal(peer).value, nowSeconds()));
  const isForAll = allowed.every(({ deleteForOthers }) => deleteForOthers === undefined);
  const canChoose = !isForAll && allowed.every(({ deleteForOthers }) => deleteForOthers === true);
  const forBoth = await openDialog<boolean>((close) => <DeleteDialog count={messages.length} canChoose={canChoose} isForAll={isForAll} close={close} />);
  if (forBoth === undefined) return false;
  return await attempt(ask('messages.delete', { peer, messages: messages.map(({ id }) => id), forBoth: isForAll || forBoth }));
}
