import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { attempt } from './notice.tsx';

/** What is asked for once, when a page is opened. A refusal is told. @returns undefined until it is there */
export function useLoaded<Value>(load: () => Promise<Value>): Value | undefined {
  const loaded = useSignal<{ value: Value } | undefined>(undefined);
  useEffect(() => {
    const asked = load();
    asked.then((value) => (loaded.value = { value }), () => undefined);
    void attempt(asked);
  }, []);
  return loaded.value?.value;
}
