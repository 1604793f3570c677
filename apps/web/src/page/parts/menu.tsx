import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import { type ComponentChildren, type ComponentType, type FunctionComponent, render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { onPressOutside } from './press-outside.ts';

/** One line of a menu. */
export interface MenuItem {
  name: string;
  /** What is drawn, if not the name. */
  shown?: string;
  icon?: ComponentType;
  isDangerous?: boolean;
  act(): void;
}

/** Where a menu stands: below a button, or where a pointer is. */
export type MenuPlace = HTMLElement | { x: number; y: number };

export interface MenuOptions {
  /** Without any, only what stands above them is shown. */
  items: MenuItem[];
  label: string;
  place: MenuPlace;
  /** For menus that look different. */
  className?: string;
  /** What stands above the lines, such as a toolbar. @param close closes all of it */
  above?(close: () => void): ComponentChildren;
}

const LINES = '[role="menuitem"]';
const TOOLS = '[role="toolbar"] button';

/** Moves the focus by a key, among the lines or among the buttons of the toolbar above them. @returns whether the key was for that */
function moveFocus(key: string, place: HTMLElement): boolean {
  const { activeElement } = document;
  const find = (buttons: string): HTMLElement[] => [...place.querySelectorAll<HTMLElement>(buttons)];
  const isTool = activeElement?.matches(TOOLS) === true;
  const [own, others] = isTool ? [find(TOOLS), find(LINES)] : [find(LINES), find(TOOLS)];
  const at = own.indexOf(activeElement as HTMLElement);
  // The lines of a menu may also stand side by side.
  const isRow = isTool || getComputedStyle(own[0]?.parentElement ?? place).display === 'flex';
  const steps: Record<string, number> = isRow ? { ArrowRight: 1, ArrowLeft: -1 } : { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[key];
  if (step !== undefined) own.at((at + step) % own.length)?.focus();
  else if (key === 'Home') own[0]?.focus();
  else if (key === 'End') own.at(-1)?.focus();
  else if ((key === 'Tab' || (isTool && key === 'ArrowDown')) && others.length > 0) others[0]!.focus();
  else return false;
  return true;
}

const Menu: FunctionComponent<MenuOptions & { onClose(): void }> = ({ items, label, place, className, above, onClose }) => {
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
    (current.querySelector<HTMLElement>(LINES) ?? current).focus();
    return () => {
      stop();
      stopListening();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, target } = event;
    // A field above the lines keeps its keys.
    const isHere = target === element.current || (target instanceof Element && target.matches(`${LINES}, ${TOOLS}`));
    if (!(isHere && moveFocus(key, element.current!))) {
      if (key !== 'Escape' && !(isHere && key === 'Tab')) return;
      onClose();
    }
    event.preventDefault();
    // Otherwise Escape would also close the chat behind the menu.
    event.stopPropagation();
  };
  return (
    <div ref={element} class="menu-place" popover="manual" tabIndex={-1} onKeyDown={onKeyDown}>
      {above?.(onClose)}
      {items.length > 0 && (
        <div class={`menu ${className ?? ''}`} role="menu" aria-label={label}>
          {items.map(({ name, shown, icon: Icon, isDangerous, act }) => (
            <button
              key={name}
              class={isDangerous ? 'is-dangerous' : undefined}
              type="button"
              role="menuitem"
              tabIndex={-1}
              aria-label={shown === undefined ? undefined : name}
              onClick={() => {
                onClose();
                act();
              }}
            >
              {Icon && <Icon />}
              {shown ?? name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
};

/** Shows a menu until a line is chosen or it is left. */
export function openMenu(options: MenuOptions): void {
  // A region of its own, because everything on a page is to be in one.
  const root = document.createElement('section');
  root.ariaLabel = options.label;
  document.body.append(root);
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    render(null, root);
    root.remove();
  };
  render(<Menu {...options} onClose={close} />, root);
}
