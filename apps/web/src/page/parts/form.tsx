import type { ComponentChildren, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { RefusedError } from '../ground/link.ts';
import { describeRefusal } from './errors.ts';
import { t } from '../ground/text.ts';

/** Types of text fields; Preact knows each apart and cannot choose for a variable. */
type FieldType = 'text' | 'tel' | 'password' | 'email' | 'search';
const typed = (type: FieldType): { type: 'text' } => ({ type: type as 'text' });

/** A text field with its name above it. */
export const Field: FunctionComponent<{
  label: string;
  value: string;
  onInput(value: string): void;
  type?: FieldType;
  autocomplete?: string;
  inputMode?: 'numeric' | 'tel' | 'text' | 'email';
  isFocused?: boolean;
  maxLength?: number;
}> = ({ label, value, onInput, type = 'text', autocomplete = 'off', inputMode, isFocused, maxLength }) => (
  <label class="field">
    <span>{label}</span>
    <input
      {...typed(type)}
      value={value}
      autocomplete={autocomplete}
      inputMode={inputMode}
      maxLength={maxLength}
      ref={isFocused ? focusOnce : undefined}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  </label>
);

/** A text of several lines with its name above it. */
export const Area: FunctionComponent<{ label: string; value: string; onInput(value: string): void; isFocused?: boolean; maxLength?: number; placeholder?: string }> = ({ label, value, onInput, isFocused, maxLength, placeholder }) => (
  <label class="field">
    <span>{label}</span>
    <textarea rows={3} dir="auto" value={value} maxLength={maxLength} placeholder={placeholder} ref={isFocused ? focusOnce : undefined} onInput={({ currentTarget }) => onInput(currentTarget.value)} />
  </label>
);

function focusOnce(element: HTMLElement | null): void {
  if (element && document.activeElement === document.body) element.focus();
}

/** A form that does one thing and says why it could not. */
export const Form: FunctionComponent<{ submit(): Promise<void>; button: string; isComplete?: boolean; children: ComponentChildren }> = ({ submit, button, isComplete = true, children }) => {
  const isBusy = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy.value || !isComplete) return;
    isBusy.value = true;
    problem.value = undefined;
    try {
      await submit();
    } catch (error) {
      problem.value = error instanceof RefusedError ? describeRefusal(error.refusal) : t('errorInternal');
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form class="form" onSubmit={(event) => void onSubmit(event)} noValidate>
      {children}
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      <button class="button" type="submit" disabled={isBusy.value || !isComplete}>
        {button}
      </button>
    </form>
  );
};
