/** Whether a mouse button is held, or a finger is down. */
let isHeld = false;
addEventListener('pointerdown', () => (isHeld = true), true);
for (const end of ['pointerup', 'pointercancel'] as const) addEventListener(end, () => (isHeld = false), true);

/** Does something at once, or when the press that goes on has ended, so that nothing moves away under the pointer. */
export function afterPress(act: () => void): void {
  if (!isHeld) {
    act();
    return;
  }
  const stop = new AbortController();
  // The click comes right after the release.
  const end = (): void => {
    stop.abort();
    setTimeout(act);
  };
  for (const name of ['pointerup', 'pointercancel'] as const) addEventListener(name, end, { signal: stop.signal });
}
