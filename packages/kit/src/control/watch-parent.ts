/** Notices the end of the process that has started this one. Another part of the kit has it. */
export function watchParent(_options: { onGone(): void }): Disposable {
  return { [Symbol.dispose]: () => {} };
}
