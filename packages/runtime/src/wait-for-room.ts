import type { ByteBudget } from './byte-budget.ts';
import type { Clock } from './clock.ts';

/**
 * Waits until an owner may take some bytes of a budget, and takes them.
 * @param options.maxWaitMs for how long, in milliseconds
 * @returns a function that gives the bytes back, or undefined when there was no room for so long
 */
export async function waitForRoom(
  room: ByteBudget,
  options: { clock: Pick<Clock, 'setTimeout'>; owner: string; bytes: number; maxWaitMs: number },
): Promise<(() => void) | undefined> {
  const { clock, owner, bytes, maxWaitMs } = options;
  const hold = room.open(owner);
  // Without a timer where nobody has to wait.
  if (room.hasRoom(owner, bytes)) {
    hold.set(bytes);
    return () => hold.set(0);
  }
  const isInTime = await new Promise<boolean>((resolve) => {
    let waiting: Disposable | undefined;
    const timer = clock.setTimeout(() => {
      waiting?.[Symbol.dispose]();
      resolve(false);
    }, maxWaitMs);
    waiting = room.whenRoom(owner, bytes, () => {
      timer.cancel();
      hold.set(bytes);
      resolve(true);
    });
  });
  return isInTime ? () => hold.set(0) : undefined;
}
