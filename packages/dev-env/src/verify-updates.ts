import type { Actor } from './actor.ts';
import { boxOf } from './ask-reactions.ts';
import type { Device } from './device.ts';
import type { AccountState } from './state/account-state.ts';

/** How often an account is read when devices differ from it: something may have happened after the reading. */
const READINGS = 2;
/** How long pushes may take on a busy machine; nobody waits longer than they take. */
const PUSHES_MS = 8000;

/**
 * Runs an action and checks on every device of every actor that three ways lead to the same state of everything that a client can read:
 * pushes and answers, a difference from the state before, and loading everything again. Also fails if the server breaks a rule (peers that
 * are missing in an answer, pts that go back, lists that contradict each other, …).
 *
 * @param actors whose devices are checked
 * @param action changes something
 * @returns the result of the action
 * @throws with the differing parts as JSON
 */
export async function verifyUpdates<T>(actors: Actor[], action: () => Promise<T>): Promise<T> {
  const watched = actors.map((actor) => actor.devices.filter((device) => device.isOnline)).filter((devices) => devices.length > 0);
  for (const devices of watched) await readStale(devices);
  const before = new Map(watched.flat().map((device) => [device, device.state.clone()]));
  const result = await action();
  for (const devices of watched) {
    for (let reading = 1; ; reading++) {
      const differences = await compareAll(devices, before);
      if (differences.length === 0) break;
      if (reading === READINGS) throw new Error(differences.join('\n\n'));
    }
    for (const device of devices) {
      device.state.trust();
      device.state.violations.push(...before.get(device)!.violations);
      checkRules(device);
    }
  }
  return result;
}

/** Reads what is known to have changed before the action, so that a change of the same by the action is seen. */
async function readStale(devices: readonly Device[]): Promise<void> {
  const stale = devices.filter(({ state }) => state.cells.hasStale);
  if (stale.length === 0) return;
  const { cells } = await devices[0]!.load();
  for (const { state } of stale) {
    state.cells.refresh(cells);
    state.trust();
  }
}

/** @returns what differs on the devices of one account, in words */
async function compareAll(devices: readonly Device[], before: ReadonlyMap<Device, AccountState>): Promise<string[]> {
  for (const device of devices) await settle(device);
  const fresh = await devices[0]!.load();
  const expected = fresh.describe();
  const differences = fresh.violations.map((rule) => `${devices[0]!.name}, loaded afresh: ${rule}`);
  for (const device of devices) {
    const { state } = device;
    const known = before.get(device)!;
    // A message that has arrived with reactions, such as one that a new member was given, shows them when it is asked for them.
    await device.askReactions(state, fresh, (peer, { id, raw }) => raw.reactions === undefined && boxOf(known, peer)?.messages.has(id) !== true);
    const isEqual = (): boolean => {
      state.cells.refresh(fresh.cells);
      state.readPolls(fresh);
      return findDifference(state.describe(), expected) === undefined;
    };
    await device.waitUntil('what is there', isEqual, PUSHES_MS).catch(() => undefined);
    const differed = known;
    await device.catchUp(differed);
    await device.askReactions(differed, fresh);
    differed.cells.refresh(fresh.cells);
    differed.readPolls(fresh);
    for (const [way, found] of [['pushes', state], ['getDifference', differed]] as const) {
      const difference = findDifference(found.describe(), expected);
      if (difference !== undefined) differences.push(`${device.name} by ${way}: ${difference} by a fresh load`);
    }
  }
  return differences;
}

/** Waits until a device has applied everything up to the server's current pts and qts. */
export async function settle(device: Device): Promise<void> {
  const { pts, qts } = await device.call({ _: 'updates.getState' });
  await device.waitUntil(`pts ${pts} and qts ${qts}`, () => device.state.pts >= pts && device.state.qts >= qts && !device.state.hasHole);
}

/** Throws if the server broke a rule towards a device; the reported violations are cleared. */
export function checkRules(device: Device): void {
  const broken = device.state.violations.splice(0);
  if (broken.length > 0) throw new Error(`${device.name}: ${broken.join('\n')}`);
}

function findDifference(found: Record<string, unknown>, expected: Record<string, unknown>): string | undefined {
  for (const key of new Set([...Object.keys(found), ...Object.keys(expected)])) {
    const [a, b] = [JSON.stringify(found[key], undefined, 1), JSON.stringify(expected[key], undefined, 1)];
    if (a !== b) return `${key} is\n${a}\nbut\n${b}`;
  }
  return undefined;
}
