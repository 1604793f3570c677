import { useSignal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { Refused, wordsOf } from './api.ts';

interface FieldProps {
  label: string;
  name: string;
  type?: 'text' | 'tel' | 'password' | 'email' | 'search' | 'datetime-local';
  autocomplete?: string;
  isFocused?: boolean;
  /** What it holds at first. */
  value?: string;
  /** How many characters fit. */
  max?: number;
}

/** A text field with its name above it. */
export const Field: FunctionComponent<FieldProps> = ({ label, name, type = 'text', autocomplete = 'off', isFocused, value, max = 256 }) => (
  <label class="field">
    <span>{label}</span>
    <input {...({ type } as { type: 'text' })} name={name} autocomplete={autocomplete} maxLength={max} defaultValue={value} dir="auto" ref={isFocused === true ? focus : undefined} />
  </label>
);

/** A field for a text of several lines. */
export const LongField: FunctionComponent<{ label: string; name: string; max: number }> = ({ label, name, max }) => (
  <label class="field">
    <span>{label}</span>
    <textarea name={name} rows={5} maxLength={max} dir="auto" />
  </label>
);

/** One of several. @param value is chosen at first */
export const ChoiceField: FunctionComponent<{ label: string; name: string; options: Readonly<Record<string, string>>; value: string }> = ({ label, name, options, value }) => (
  <label class="field">
    <span>{label}</span>
    <select name={name}>
      {Object.entries(options).map(([id, words]) => (
        <option key={id} value={id} selected={id === value}>
          {words}
        </option>
      ))}
    </select>
  </label>
);

const focus = (element: HTMLElement | null): void => element?.focus();

interface FormProps {
  /** Gets what the fields hold, by their names; after "left" the fields stay as they are. */
  submit(fields: Record<string, string>): Promise<void | 'left'>;
  button: string;
  /** It takes something from somebody, so the button is red. */
  isDangerous?: boolean;
  children: ComponentChildren;
  className?: string;
  keeps?: boolean;
}

/** A form that does one thing, and says why it could not. */
export const Form: FunctionComponent<FormProps> = ({ submit, button, isDangerous, children, className = 'form', keeps = false }) => {
  const isBusy = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const onSubmit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = undefined;
    try {
      const end = await submit(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : ''])));
      if (!keeps && end !== 'left') form.reset();
    } catch (error) {
      problem.value = wordsOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form class={className} onSubmit={(event) => void onSubmit(event)} noValidate>
      {children}
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      <button class={isDangerous === true ? 'button button-danger' : 'button'} type="submit" disabled={isBusy.value}>
        {button}
      </button>
    </form>
  );
};

/** A button that does something, and says what went wrong. */
export const Action: FunctionComponent<{ button: string; isDangerous?: boolean; run(): Promise<void> }> = ({ button, isDangerous, run }) => (
  <Form className="action" button={button} isDangerous={isDangerous === true} submit={run}>
    {null}
  </Form>
);

/** Something that was loaded, and how to load it again. */
export interface Loaded<T> {
  value: T | undefined;
  problem: string | undefined;
  reload(): Promise<void>;
}

/** Loads something when it is first drawn. @param everyMs loads it again and again */
export function useLoaded<T>(load: (isFirst: boolean) => Promise<T>, everyMs?: number): Loaded<T> {
  const value = useSignal<T | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const reload = async (isFirst = true): Promise<void> => {
    try {
      value.value = await load(isFirst);
      problem.value = undefined;
    } catch (error) {
      if (!(error instanceof Refused && error.status === 401)) problem.value = wordsOf(error);
    }
  };
  useEffect(() => {
    void reload();
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => void (document.visibilityState === 'visible' && reload(false)), everyMs);
    return () => clearInterval(timer);
  }, []);
  return { value: value.value, problem: problem.value, reload };
}

/** Draws what was loaded, or why it could not be. */
export function Shown<T>({ loaded, children }: { loaded: Loaded<T>; children(value: T): ComponentChildren }): ReturnType<FunctionComponent> {
  return (
    <>
      {loaded.problem !== undefined && (
        <p class="problem" role="alert">
          {loaded.problem}
        </p>
      )}
      {loaded.value === undefined ? loaded.problem === undefined && <p class="hint">Loading…</p> : children(loaded.value)}
    </>
  );
}

/** A date of the server as this browser writes it. */
export const dateOf = (text: string | null): string => (text === null ? '–' : new Date(text).toLocaleString());

/** When somebody was last online. Who is online now counts as being so for some minutes more, which is a date in the future. */
export const lastOnline = (text: string | null): string => (text !== null && Date.parse(text) > Date.now() ? 'now' : dateOf(text));
