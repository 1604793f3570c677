import { type ClockNeed, type ClockRecord, ClockWatch, describeSpan, systemClock } from '@aerogram/runtime';
import { type Database, doAcceptClock, findServingState, measureClockOffset } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

const HELD: Record<ClockNeed, string> = {
  steady: 'scheduled messages and messages that expire wait',
  proven: 'idle devices, accounts and old log entries are kept',
};

/** How the clock of this machine compares with the database's and with the server's record, and which work waits because of it. */
export async function describeClock(db: Database): Promise<Output> {
  const state = await findServingState(db);
  const offsetMs = state?.isHeld ? state.offsetMs : await measureClockOffset(db, () => systemClock.nowMs());
  const watch = new ClockWatch(systemClock);
  // The time during which a server was stopped is not a jump of the clock.
  if (state) watch.resume(state.isHeld ? state.clock : { ...state.clock, clockMs: systemClock.nowMs() });
  watch.compare(offsetMs);
  const away = Math.abs(offsetMs) < 1000 ? "agrees with the database's" : `${describeSpan(offsetMs)} ${offsetMs > 0 ? 'ahead of' : 'behind'} the database's`;
  const lines = [`clock      ${away}${describeStep(state?.clock)}`];
  const doubts: object[] = [];
  for (const need of ['steady', 'proven'] as const) {
    const reason = watch.doubt(need);
    if (reason === undefined) continue;
    doubts.push({ waiting: HELD[need], reason });
    lines.push(`clock      not believed: ${HELD[need]}, because ${reason}`);
  }
  const { stepMs, steppedMs } = state?.clock ?? {};
  const step = stepMs === undefined || steppedMs === undefined ? null : { ms: stepMs, date: new Date(steppedMs).toISOString() };
  return { value: { ahead_of_database_ms: offsetMs, step, doubts }, lines };
}

function describeStep(record: ClockRecord | undefined): string {
  if (record?.stepMs === undefined || record.steppedMs === undefined) return '';
  const direction = record.stepMs > 0 ? 'ahead' : 'back';
  return `; the server saw it jump ${direction} by ${describeSpan(record.stepMs)} at ${new Date(record.steppedMs).toISOString()}`;
}

/** `aerogram accept-clock`: the operator confirms that the clock is right. */
export function acceptClock(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    if ((await findServingState(db)) === undefined) throw new Error('no server has used this database yet');
    await doAcceptClock(db);
    const { value, lines } = await describeClock(db);
    return { value, lines: ['clock      accepted; the server goes by it within seconds', ...lines] };
  });
}
