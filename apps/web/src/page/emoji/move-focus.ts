import type { MenuPlace } from '../parts/menu.tsx';

const CELLS = '[role="gridcell"] button';

/** The cell for which a menu was opened: that below the pointer, or that with the focus. @param name of an attribute that it has */
export function cellAt(place: MenuPlace, name: string): HTMLElement | null {
  const at = place instanceof HTMLElement ? document.activeElement : document.elementFromPoint(place.x, place.y);
  return at?.closest<HTMLElement>(`[${name}]`) ?? null;
}

/** Puts the focus on the first cell. */
export const focusFirst = (grid: HTMLElement | null): void => grid?.querySelector<HTMLElement>(CELLS)?.focus();

/** Moves the focus among all cells of a grid by the arrow keys, Home and End. @returns whether the key was for that */
export function moveFocus(key: string, grid: HTMLElement): boolean {
  const buttons = [...grid.querySelectorAll<HTMLElement>(CELLS)];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const side = getComputedStyle(grid).direction === 'rtl' ? -1 : 1;
  const byStep = { ArrowRight: at + side, ArrowLeft: at - side, Home: 0, End: buttons.length - 1 }[key];
  const next = byStep === undefined ? inNextLine(key, buttons, at) : buttons[byStep];
  if (!next) return false;
  next.focus();
  return true;
}

/** The cell above or below another one, also of another group, whose last line may be shorter. */
function inNextLine(key: string, buttons: readonly HTMLElement[], at: number): HTMLElement | undefined {
  const from = buttons[at]?.getBoundingClientRect();
  if (!from || (key !== 'ArrowDown' && key !== 'ArrowUp')) return undefined;
  const candidates = key === 'ArrowDown' ? buttons.slice(at + 1) : buttons.slice(0, at).toReversed();
  let line: number | undefined;
  let best: HTMLElement | undefined;
  for (const button of candidates) {
    const { top, left } = button.getBoundingClientRect();
    if (Math.abs(top - from.top) < 1) continue;
    line ??= top;
    if (Math.abs(top - line) >= 1) break;
    if (!best || Math.abs(left - from.left) < Math.abs(best.getBoundingClientRect().left - from.left)) best = button;
  }
  return best;
}
