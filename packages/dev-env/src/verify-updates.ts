import type { BoxState } from './box-state.ts';
import type { Actor } from './actor.ts';
import type { Device } from './device.ts';

/**
 * Runs an action and checks on every device of every actor that three ways lead to the same state: pushes and answers, a difference from
 * the state before, and loading everything again. Also fails if the pushes break a rule (peers that are missing in an answer, pts that go
 * back, …).
 *
 * @param actors whose devices are checked
 * @param action changes something
 * @returns the result of the action
 * @throws with the differing parts as JSON
 */
export async function verifyUpdates<T>(actors: Actor[], action: () => Promise<T>): Promise<T> {
  const devices = actors.flatMap((actor) => actor.devices).filter((device) => device.isOnline);
  const before = devices.map((device) => device.state.clone());
  const result = await action();
  for (const [index, device] of devices.entries()) {
    await settle(device);
    const pushed = describe(device.state);
    const differed = before[index]!;
    await device.catchUp(differed);
    compare(device, { by: 'pushes', state: pushed }, { by: 'getDifference', state: describe(differed) });
    const fresh = await device.load();
    compare(device, { by: 'pushes', state: pushed }, { by: 'a fresh load', state: describe(fresh) });
    device.state.violations.push(...differed.violations);
    checkRules(device);
  }
  return result;
}

/** Waits until a device has applied everything up to the server's current pts. */
export async function settle(device: Device): Promise<void> {
  const { pts } = await device.call({ _: 'updates.getState' });
  await device.waitUntil(`pts ${pts}`, () => device.state.pts >= pts && !device.state.hasHole);
}

/** Throws if the server broke a rule towards a device; the reported violations are cleared. */
export function checkRules(device: Device): void {
  const broken = device.state.violations.splice(0);
  if (broken.length > 0) throw new Error(`${device.name}: ${broken.join('\n')}`);
}

/** The comparable part of a state, in a fixed order. */
export function describe(state: BoxState): Record<string, unknown> {
  return {
    pts: state.pts,
    messages: [...state.messages.values()].sort((a, b) => a.id - b.id).map(sortKeys),
    read_inbox: Object.fromEntries([...state.readInbox].sort(([a], [b]) => a - b)),
    read_outbox: Object.fromEntries([...state.readOutbox].sort(([a], [b]) => a - b)),
  };
}

/** The same object with sorted keys, so that the order in which a message was built does not matter. */
function sortKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A state, and how the device got it. */
interface View {
  by: string;
  state: Record<string, unknown>;
}

function compare(device: Device, left: View, right: View): void {
  for (const key of Object.keys(left.state)) {
    const [a, b] = [JSON.stringify(left.state[key], undefined, 1), JSON.stringify(right.state[key], undefined, 1)];
    if (a !== b) throw new Error(`${device.name}: ${key} by ${left.by} is\n${a}\nbut by ${right.by}\n${b}`);
  }
}
