/** The least height of a keyboard on the screen, in CSS pixels. If less of the window is covered, it is by bars of the browser. */
const KEYBOARD_MIN = 100;

/** What is seen of a page. */
interface Seen {
  height: number;
  /** How far it begins below the page's beginning. */
  offsetTop: number;
  /** Larger than 1 if the person has zoomed in. */
  scale: number;
}

/**
 * Where the page is to stand so that a keyboard on the screen covers none of it. Pure.
 * @param windowHeight of the page, which the keyboard of an iPhone lies over
 * @returns undefined without such a keyboard
 */
export function placeAbove(windowHeight: number, { height, offsetTop, scale }: Seen): { height: number; top: number } | undefined {
  // Whoever zooms in wants to see a part of the page.
  if (scale > 1.01 || windowHeight - height < KEYBOARD_MIN) return undefined;
  return { height: Math.round(height), top: Math.round(Math.max(0, offsetTop)) };
}

/** Keeps the page above the keyboard, in browsers that lay the keyboard over it. */
export function followKeyboard(): void {
  const { visualViewport } = window;
  if (!visualViewport) return;
  const { style } = document.documentElement;
  const follow = (): void => {
    const place = placeAbove(innerHeight, visualViewport);
    if (place) {
      style.setProperty('--seen-height', `${place.height}px`);
      style.setProperty('--seen-top', `${place.top}px`);
    } else for (const name of ['--seen-height', '--seen-top']) style.removeProperty(name);
  };
  visualViewport.addEventListener('resize', follow);
  visualViewport.addEventListener('scroll', follow);
  follow();
}
