import type { ComponentChildren, FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';

export interface Tab<Id> {
  id: Id;
  /** What is drawn. */
  title: ComponentChildren;
  /** What a screen reader says, if not the title. */
  name?: string;
}

interface TabsProps<Id> {
  label: string;
  tabs: Tab<Id>[];
  /** Undefined if none is. */
  chosen: Id | undefined;
  onChoose(id: Id): void;
}

/** A row of tabs, one of which is chosen. The arrow keys go from one to the next. */
export function Tabs<Id extends string | number>({ label, tabs, chosen, onChoose }: TabsProps<Id>): ReturnType<FunctionComponent> {
  const element = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const isRightToLeft = getComputedStyle(element.current!).direction === 'rtl';
    const step = { ArrowRight: isRightToLeft ? -1 : 1, ArrowLeft: isRightToLeft ? 1 : -1 }[event.key];
    const next = step === undefined ? { Home: 0, End: tabs.length - 1 }[event.key] : (at + step + tabs.length) % tabs.length;
    if (next === undefined) return;
    event.preventDefault();
    onChoose(tabs[next]!.id);
    element.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={element} onKeyDown={onKeyDown}>
      {tabs.map(({ id, title, name }, index) => (
        <button key={id} type="button" role="tab" data-tab={id} aria-selected={id === chosen} aria-label={name} title={name} tabIndex={id === chosen || (chosen === undefined && index === 0) ? 0 : -1} onClick={() => onChoose(id)}>
          {title}
        </button>
      ))}
    </div>
  );
}
