/**
 * Puts an entry behind all others of a map, wherever its key stood; when there are more than `most`, the first one goes. So a
 * map that is written on each use keeps what was used last.
 */
export function putNewest<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
