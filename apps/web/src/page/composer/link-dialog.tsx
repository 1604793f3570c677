import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { safeTarget } from '../parts/safe-target.ts';
import { t } from '../ground/text.ts';

/** The whole address of what was typed; undefined if no link can lead there. */
const addressOf = (typed: string): string | undefined => (typed.trim() === '' ? undefined : safeTarget({ kind: 'link', offset: 0, length: 0, url: typed.trim() }, ''));

const LinkDialog: FunctionComponent<{ before: string | undefined; close(url?: string): void }> = ({ before, close }) => {
  const typed = useSignal(before ?? '');
  const address = addressOf(typed.value);
  return (
    <Dialog title={t('addLink')} onClose={() => close()}>
      <Form button={t('save')} isComplete={address !== undefined} submit={() => Promise.resolve(close(address))}>
        <Field label={t('linkAddress')} value={typed.value} onInput={(value) => (typed.value = value)} />
      </Form>
      {before !== undefined && (
        <button class="button button-plain" type="button" onClick={() => close('')}>
          {t('removeLink')}
        </button>
      )}
    </Dialog>
  );
};

/** Asks for the address of a link. @returns an empty one if the link is to be removed, undefined if nothing changes */
export const askForLink = (before: string | undefined): Promise<string | undefined> => openDialog<string>((close) => <LinkDialog before={before} close={close} />);
