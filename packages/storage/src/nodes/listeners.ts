/** Adds a listener to a set. */
export function addTo(set: Set<() => void>, fn: () => void): Disposable {
  // A function of its own: the same one may listen twice.
  const listener = (): void => fn();
  set.add(listener);
  return { [Symbol.dispose]: () => void set.delete(listener) };
}
