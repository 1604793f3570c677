import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** A setting that is being changed, or not. */
export interface Saved<Value> {
  /** What is shown: while the server is asked, what was chosen. */
  shown: Value;
  isBusy: boolean;
  set(value: Value): void;
}

/**
 * Tells the echo of a value that was replaced by another one before the server spoke of it. Pure.
 * @param sent what was stored here and not spoken of yet, the oldest first
 * @returns what is still to be spoken of; undefined if this is the server's last word
 */
export function afterEcho(sent: readonly string[], said: string): string[] | undefined {
  const at = sent.indexOf(said);
  return at === -1 || said === sent.at(-1) ? undefined : sent.slice(at + 1);
}

/**
 * Shows the value that a person has chosen for a setting while the server is asked to store it.
 * @param value as the server says it; plain data
 * @param save asks the server, and says of a refusal. Resolves to whether it was done: if not, what was before is shown again
 */
export function useSaved<Value>(value: Value, save: (value: Value) => Promise<boolean>): Saved<Value> {
  const chosen = useSignal<{ value: Value; isBusy: boolean } | undefined>(undefined);
  const last = useRef(0);
  const sent = useRef<string[]>([]);
  const key = JSON.stringify(value);
  // From now on the server's word counts, also if somebody else has changed the setting meanwhile.
  useEffect(() => {
    const left = afterEcho(sent.current, key);
    sent.current = left ?? [];
    if (!left && chosen.peek()?.isBusy === false) chosen.value = undefined;
  }, [key]);
  const set = async (next: Value): Promise<void> => {
    const own = ++last.current;
    chosen.value = { value: next, isBusy: true };
    sent.current = [...sent.current, JSON.stringify(next)];
    const isDone = await save(next);
    if (own === last.current) chosen.value = isDone ? { value: next, isBusy: false } : undefined;
  };
  const { value: now } = chosen;
  return { shown: now ? now.value : value, isBusy: now?.isBusy === true, set: (next) => void set(next) };
}
