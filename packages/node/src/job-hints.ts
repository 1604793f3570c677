import type { Bus } from '@aerogram/bus';
import type { Database, JobRunner } from '@aerogram/storage';

/** The hints are the buckets in which there are new jobs. */
const TOPIC = 'jobs';

/**
 * Tells the holders of buckets on other nodes of jobs that were appended here, and has the runner look for those that were appended elsewhere. A hint that is lost costs a second.
 * @param runner of the jobs, in a process that runs them
 */
export function shareJobHints({ db, bus }: { db: Pick<Database, 'jobsAppended'>; bus: Bus }, runner?: Pick<JobRunner, 'holds' | 'look'>): Disposable {
  let buckets = new Set<number>();
  let timer: NodeJS.Immediate | undefined;
  const tell = (): void => {
    const appended = [...buckets];
    buckets = new Set();
    timer = undefined;
    bus.publish(TOPIC, appended);
  };
  const own = db.jobsAppended.listen((bucket) => {
    if (runner?.holds(bucket)) return;
    buckets.add(bucket);
    timer ??= setImmediate(tell);
  });
  const others = runner && bus.subscribe(TOPIC, (hint) => {
    if (Array.isArray(hint) && hint.some((bucket) => typeof bucket === 'number' && runner.holds(bucket))) runner.look();
  });
  return {
    [Symbol.dispose]() {
      own[Symbol.dispose]();
      others?.[Symbol.dispose]();
      clearImmediate(timer);
    },
  };
}
