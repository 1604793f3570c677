import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { attempt } from './notice.tsx';

/** What is asked for once, when a part of a page is opened, and can be left out if it is refused. @returns undefined until it is there */
export function useAsked<Value>(load: () => Promise<Value> | undefined): Value | undefined {
  const loaded = useSignal<{ value: Value } | undefined>(undefined);
  useEffect(() => void load()?.then((value) => (loaded.value = { value }), () => undefined), []);
  return loaded.value?.value;
}

/** What is asked for once, when a page is opened. A refusal is told. @returns undefined until it is there */
export function useLoaded<Value>(load: () => Promise<Value>): Value | undefined {
  return useAsked(() => {
    const asked = load();
    void attempt(asked);
    return asked;
  });
}
