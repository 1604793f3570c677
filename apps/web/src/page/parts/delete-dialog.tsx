import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { Dialog, openDialog } from './dialog.tsx';
import { t } from '../ground/text.ts';

export interface Deletion {
  /** Also the name of the dialog. */
  title: string;
  text: string;
  /** What the button says. */
  button: string;
  /** Text of a box to tick, if others can be spared or not; none is shown without it. */
  box?: string;
}

const DeleteDialog: FunctionComponent<Deletion & { close(forBoth?: boolean): void }> = ({ title, text, button, box, close }) => {
  const forBoth = useSignal(false);
  return (
    <Dialog title={title} onClose={() => close()}>
      <p dir="auto">{text}</p>
      {box !== undefined && (
        <label class="box">
          <input type="checkbox" checked={forBoth.value} onChange={({ currentTarget }) => (forBoth.value = currentTarget.checked)} />
          <span dir="auto">{box}</span>
        </label>
      )}
      <div class="dialog-buttons">
        <button class="button button-plain" type="button" onClick={() => close()}>
          {t('cancel')}
        </button>
        <button class="button button-danger" type="button" onClick={() => close(forBoth.value)}>
          {button}
        </button>
      </div>
    </Dialog>
  );
};

/** Asks before something is deleted. @returns whether the box was ticked; undefined if nothing is to be done */
export const confirmDeletion = (deletion: Deletion): Promise<boolean | undefined> => openDialog<boolean>((close) => <DeleteDialog {...deletion} close={close} />);
