import { describe, expect, it } from 'vitest';
import { ClockWatch } from '@aerogram/runtime';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** A machine whose wall clock can be set. */
class Computer {
  #wallMs = 1_750_000_000_000;
  #upMs = 0;
  readonly watch = new ClockWatch({ nowMs: () => this.#wallMs, monotonicMs: () => this.#upMs });

  /** Lets time pass, with a check at least every two seconds. */
  run(ms: number): void {
    const looks = Math.min(100, Math.ceil(ms / 2000));
    for (let n = 0; n < looks; n++) {
      this.#wallMs += ms / looks;
      this.#upMs += ms / looks;
      this.watch.look();
    }
  }

  set(byMs: number): void {
    this.#wallMs += byMs;
    this.watch.look();
  }

  get nowMs(): number {
    return this.#wallMs;
  }

  /** The work that is held back. */
  get held(): string[] {
    return (['steady', 'proven'] as const).filter((need) => this.watch.doubt(need) !== undefined);
  }
}

describe('a clock', () => {
  it('is reliable while it runs evenly, and when it is corrected by seconds', () => {
    const computer = new Computer();
    computer.run(HOUR);
    computer.set(30_000);
    computer.set(-20_000);
    expect(computer.held).toEqual([]);
  });

  it('that jumps ahead by hours, as after a suspend, has to run evenly for a minute', () => {
    const computer = new Computer();
    computer.set(8 * HOUR);
    expect(computer.held).toEqual(['steady', 'proven']);
    computer.run(59_000);
    expect(computer.held).toEqual(['steady', 'proven']);
    computer.run(2_000);
    expect(computer.held).toEqual([]);
  });

  it('that jumps ahead by a year deletes nothing for a week, unless the operator confirms it', () => {
    const computer = new Computer();
    computer.set(365 * DAY);
    expect(computer.watch.doubt('proven')).toMatch(/^it jumped ahead by 365.0 days; waiting until 20/);
    computer.run(HOUR);
    expect(computer.held).toEqual(['proven']);
    computer.run(6 * DAY);
    expect(computer.held).toEqual(['proven']);
    computer.run(DAY);
    expect(computer.held).toEqual([]);
    computer.set(365 * DAY);
    computer.watch.accept();
    expect(computer.held).toEqual([]);
  });

  it('that is corrected is reliable at once, and unreliable if it is wrong a second time', () => {
    const computer = new Computer();
    computer.set(365 * DAY);
    computer.run(2 * HOUR);
    computer.set(-365 * DAY);
    expect(computer.held).toEqual([]);
    computer.run(2 * DAY);
    computer.set(365 * DAY);
    expect(computer.held).toEqual(['steady', 'proven']);
    computer.set(-300 * DAY);
    expect(computer.held).toEqual(['steady', 'proven']);
  });

  it('that starts years behind, like that of machines without a battery, may catch up', () => {
    const computer = new Computer();
    computer.run(DAY);
    computer.set(-900 * DAY);
    computer.run(30_000);
    computer.set(900 * DAY);
    expect(computer.held).toEqual([]);
  });

  it('that differs from the database by a minute is unreliable in either direction', () => {
    const computer = new Computer();
    for (const [offsetMs, words] of [[61_000, 'it is 1.0 minutes ahead of'], [-3 * HOUR, 'it is 3.0 hours behind']] as const) {
      computer.watch.compare(offsetMs);
      expect(computer.held).toEqual(['steady', 'proven']);
      expect(computer.watch.doubt('steady')).toContain(words);
    }
    computer.watch.compare(59_000);
    expect(computer.held).toEqual([]);
  });
});

describe('a startup', () => {
  const resumed = (gapMs: number, step?: { stepMs: number; steppedMs: number }): Computer => {
    const computer = new Computer();
    const steppedMs = step && computer.nowMs + step.steppedMs;
    computer.watch.resume({ clockMs: computer.nowMs - gapMs, stepMs: step?.stepMs, steppedMs, isAccepted: false });
    return computer;
  };

  it('within a day counts as downtime, after more the clock has to run evenly first', () => {
    expect(resumed(20 * HOUR).held).toEqual([]);
    expect(resumed(30 * DAY).held).toEqual(['steady', 'proven']);
    expect(resumed(-30 * DAY).held).toEqual([]);
  });

  it('continues the wait after an earlier jump', () => {
    expect(resumed(10 * MINUTE, { stepMs: 365 * DAY, steppedMs: -2 * HOUR }).held).toEqual(['proven']);
    expect(resumed(10 * MINUTE, { stepMs: 365 * DAY, steppedMs: -8 * DAY }).held).toEqual([]);
    // The clock was corrected while no server ran.
    expect(resumed(-365 * DAY, { stepMs: 365 * DAY, steppedMs: 364 * DAY }).held).toEqual([]);
  });
});
