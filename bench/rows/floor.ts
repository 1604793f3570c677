import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';

/** What the machine gives without the messenger; other rows are divided by it. */
export async function benchFloor({ floor }: BenchOptions): Promise<Row[]> {
  return (await floor()).rows;
}
