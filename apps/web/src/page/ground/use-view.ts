import { useEffect, useRef } from 'preact/hooks';
import type { ViewName, Views } from '../../protocol/index.ts';
import { openView, type OpenView } from './link.ts';

/** Keeps a view open while a component is shown, and opens another one when what it says changes. */
export function useView<Name extends ViewName>(name: Name, say: Views[Name]['say']): OpenView<Name> {
  const key = JSON.stringify(say);
  const opened = useRef<{ key: string; view: OpenView<Name> } | undefined>(undefined);
  if (opened.current?.key !== key) {
    opened.current?.view.close();
    opened.current = { key, view: openView(name, say) };
  }
  useEffect(
    () => () => {
      opened.current?.view.close();
      opened.current = undefined;
    },
    [],
  );
  return opened.current.view;
}
