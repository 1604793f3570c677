import { useEffect, useState } from 'preact/hooks';
import type { ViewName, Views } from '../../protocol/index.ts';
import { openView, type OpenView } from '../app/link.ts';

/** Keeps a view open while a component is shown, and opens another one when what it says changes. */
export function useView<Name extends ViewName>(name: Name, say: Views[Name]['say']): OpenView<Name> {
  const key = JSON.stringify(say);
  const [opened, setOpened] = useState(() => ({ key, view: openView(name, say) }));
  if (opened.key !== key) {
    opened.view.close();
    const view = openView(name, say);
    setOpened({ key, view });
    return view;
  }
  // Only the view that is open when the component goes away is left to close.
  useEffect(() => () => opened.view.close(), [opened]);
  return opened.view;
}
