import Long from 'long';

/** A random number other than 0, by which the server knows a send that is repeated. */
export function randomLong(): Long {
  const [low, high] = crypto.getRandomValues(new Int32Array(2));
  return low === 0 && high === 0 ? randomLong() : new Long(low!, high);
}
