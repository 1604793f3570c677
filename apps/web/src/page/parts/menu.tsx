import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import { type ComponentType, type FunctionComponent, render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { onPressOutside } from './press-outside.ts';

/** One line of a menu. */
export interface MenuItem {
  name: string;
  icon?: ComponentType;
  isDangerous?: boolean;
  act(): void;
}

/** Where a menu stands: below a button, or where a pointer is. */
export type MenuPlace = HTMLElement | { x: number; y: number };

const Menu: FunctionComponent<{ items: MenuItem[]; label: string; place: MenuPlace; onClose(): void }> = ({ items, label, place, onClose }) => {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const before = document.activeElement;
    const anchor = place instanceof HTMLElement ? place : { getBoundingClientRect: () => new DOMRect(place.x, place.y, 0, 0) };
    // Missing in Safari before 17 and Firefox before 125: there the menu is placed by its style alone.
    current.showPopover?.();
    // `popover="auto"` would do this by itself. But where a browser opens context menus when the right button is pressed, it closes them when the button is released.
    const stopListening = onPressOutside([current], onClose);
    // Neither above nor below a message that is taller than the window is room: there the menu covers it.
    const stop = autoUpdate(anchor, current, () => {
      void computePosition(anchor, current, { placement: 'bottom-start', middleware: [offset(4), flip(), shift({ padding: 8, crossAxis: true })] }).then(({ x, y }) => {
        current.style.left = `${x}px`;
        current.style.top = `${y}px`;
      });
    });
    current.querySelector('button')?.focus();
    return () => {
      stop();
      stopListening();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = [...(element.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) buttons.at((at + step) % buttons.length)?.focus();
    else if (event.key === 'Home') buttons[0]?.focus();
    else if (event.key === 'End') buttons.at(-1)?.focus();
    else if (event.key === 'Tab' || event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    // Otherwise Escape would also close the chat behind the menu.
    event.stopPropagation();
  };
  return (
    <div ref={element} class="menu" role="menu" aria-label={label} popover="manual" tabIndex={-1} onKeyDown={onKeyDown}>
      {items.map(({ name, icon: Icon, isDangerous, act }) => (
        <button
          key={name}
          class={isDangerous ? 'is-dangerous' : undefined}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            onClose();
            act();
          }}
        >
          {Icon && <Icon />}
          {name}
        </button>
      ))}
    </div>
  );
};

/** Shows a menu until a line is chosen or it is left. */
export function openMenu({ items, label, place }: { items: MenuItem[]; label: string; place: MenuPlace }): void {
  // A region of its own, because everything on a page is to be in one.
  const root = document.createElement('section');
  root.ariaLabel = label;
  document.body.append(root);
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    render(null, root);
    root.remove();
  };
  render(<Menu items={items} label={label} place={place} onClose={close} />, root);
}
