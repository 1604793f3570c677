import type { FunctionComponent } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { RefusedError } from '../ground/link.ts';
import { describeRefusal } from './errors.ts';
import { Field } from './form.tsx';
import { t } from '../ground/text.ts';

/** The server is asked when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 300;

/** A username, and whether it can be had. An empty one is fine. @param current the one that is there already @param label its name, if not "Username" */
export const UsernameField: FunctionComponent<{ value: Signal<string>; isFree: Signal<boolean>; current?: string; label?: string; check(username: string): Promise<boolean> }> = ({ value, isFree, current = '', label = t('username'), check }) => {
  const state = useSignal('');
  const wanted = value.value.trim();
  useEffect(() => {
    state.value = '';
    isFree.value = wanted === '' || wanted === current;
    if (isFree.value) return undefined;
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const answer = await check(wanted).then(
        (free) => ({ free, text: free ? t('usernameFree') : t('usernameTaken') }),
        (error: unknown) => ({ free: false, text: error instanceof RefusedError ? describeRefusal(error.refusal) : t('errorInternal') }),
      );
      if (!isCurrent) return;
      isFree.value = answer.free;
      state.value = answer.text;
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted, current]);
  return (
    <div class="username-field">
      <Field label={label} maxLength={32} value={value.value} onInput={(text) => (value.value = text.replace(/^@/, ''))} />
      <p class={isFree.value ? 'hint' : 'problem'} role="status">
        {state.value}
      </p>
    </div>
  );
};
