/** Adds to the sum that a map has for a key; a key that it does not have begins at 0. */
export function addTo(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
