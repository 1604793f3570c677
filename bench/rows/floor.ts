import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';

/** The performance of the machine without the messenger, to which other rows are compared. */
export async function benchFloor({ floor }: BenchOptions): Promise<Row[]> {
  return (await floor()).rows;
}
