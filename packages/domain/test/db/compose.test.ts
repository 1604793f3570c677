import type { JobKind } from '@aerogram/storage';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { FIND_READ_ID } from '../../src/polls/index.ts';
import { Ports } from '../../src/shared/index.ts';
import { createWorld } from './accounts-world.ts';

describe('the composition of the domain', () => {
  afterEach(() => vi.restoreAllMocks());

  it('refuses to start when nothing answers a port of a subject', async () => {
    const bind = Reflect.get(Ports.prototype, 'bind');
    vi.spyOn(Ports.prototype, 'bind').mockImplementation(function (this: Ports, port, answer) {
      if (port.name !== FIND_READ_ID.name) bind.call(this, port, answer);
    });
    await expect(createWorld()).rejects.toThrow('nothing answers these ports: polls.findReadId');
  });

  it('runs the jobs of every subject that has some', async () => {
    await using world = await createWorld();
    const kinds = new Set(world.domain.jobKinds);
    const left = Object.entries(world.domain).flatMap(([name, subject]) => {
      const { jobKind, jobKinds = [] } = (subject ?? {}) as { jobKind?: JobKind; jobKinds?: readonly JobKind[] };
      return [jobKind, ...jobKinds].filter((kind) => kind !== undefined && !kinds.has(kind)).map(() => name);
    });
    expect(left).toEqual([]);
  });
});
