import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { t } from '../ground/text.ts';
import type { OpenChat } from '../open-chat/open-chat.ts';

/** Writes a day as fields for dates have it, such as 2026-05-31. Pure. @param date seconds since 1970 */
export function dayValue(date: number): string {
  const local = new Date(date * 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(local.getFullYear()).padStart(4, '0')}-${two(local.getMonth() + 1)}-${two(local.getDate())}`;
}

/** When a day begins here, in seconds since 1970. Pure. @returns undefined if there is no such day */
export function startOfDay(value: string): number | undefined {
  const [year, month, day] = value.split('-').map(Number);
  const start = new Date(year ?? NaN, (month ?? NaN) - 1, day ?? NaN).getTime();
  return Number.isNaN(start) ? undefined : Math.floor(start / 1000);
}

const JumpDialog: FunctionComponent<{ date: number; close(day?: number): void }> = ({ date, close }) => {
  const value = useSignal(dayValue(date));
  const day = startOfDay(value.value);
  return (
    <Dialog title={t('jumpToDate')} onClose={() => close()}>
      <Form button={t('go')} isComplete={day !== undefined} submit={() => Promise.resolve(close(day))}>
        <label class="field">
          <span>{t('date')}</span>
          <input type="date" value={value.value} min="2013-01-01" max={dayValue(Date.now() / 1000)} onInput={({ currentTarget }) => (value.value = currentTarget.value)} />
        </label>
      </Form>
    </Dialog>
  );
};

/** Asks for a day, and goes to its first message. */
export async function jumpToDate(open: OpenChat, date: number): Promise<void> {
  const day = await openDialog<number>((close) => <JumpDialog date={date} close={close} />);
  if (day !== undefined) await open.jump({ date: day });
}
