import { defineJobKind, jsonCodec, type JobKind } from '@aerogram/storage';
import { describe, expect, it } from 'vitest';

import type { Effect, EffectHandler } from '../src/effects/index.ts';
import { definePort, Ports } from '../src/shared/index.ts';
import { SubjectList } from '../src/subject-list.ts';

const DOUBLE = definePort<(value: number) => number>('lower.double');
const NO_FRAMES = { register: () => undefined };

const job = (kind: string): JobKind => defineJobKind({ kind, codec: jsonCodec(), run: () => Promise.resolve() });

function handlerOf(kind: string): EffectHandler<Effect> {
  return { kind: { kind, schema: undefined as never }, atOnce: 1, restore: 'stays lost', apply: () => Promise.resolve() };
}

describe('ports', () => {
  it('lead from a lower subject to one that is created after it', () => {
    const ports = new Ports();
    const double = ports.open(DOUBLE);
    ports.bind(DOUBLE, (value) => value * 2);
    ports.check();
    expect(double(4)).toBe(8);
  });

  it('fail by name when something calls them before they are bound', () => {
    expect(() => new Ports().open(DOUBLE)(4)).toThrow('lower.double');
  });

  it('are answered by one subject only', () => {
    const ports = new Ports();
    ports.bind(DOUBLE, (value) => value * 2);
    expect(() => ports.bind(DOUBLE, (value) => value + value)).toThrow('lower.double is bound twice');
  });

  it('have to be both open and bound when all subjects are there', () => {
    const unbound = new Ports();
    unbound.open(DOUBLE);
    expect(() => unbound.check()).toThrow('nothing answers these ports: lower.double');
    const unopened = new Ports();
    unopened.bind(DOUBLE, (value) => value * 2);
    expect(() => unopened.check()).toThrow('no subject uses these ports: lower.double');
  });
});

describe('the list of subjects', () => {
  it('is not complete while a port is unbound', () => {
    const subjects = new SubjectList();
    const double = subjects.ports.open(DOUBLE);
    expect(() => subjects.complete(NO_FRAMES)).toThrow('lower.double');
    subjects.ports.bind(DOUBLE, (value) => value * 2);
    subjects.complete(NO_FRAMES);
    expect(double(1)).toBe(2);
  });

  it('gathers jobs and effects, each of which has one owner', () => {
    const subjects = new SubjectList();
    subjects.add({ jobKinds: [job('a'), job('b')] });
    subjects.add({ jobKind: job('c') });
    subjects.addJobs(job('d'));
    expect(subjects.jobKinds.map(({ kind }) => kind)).toEqual(['a', 'b', 'c', 'd']);
    expect(() => subjects.add({ jobKind: job('b') })).toThrow('two jobs are named b');

    subjects.register(handlerOf('read'));
    subjects.register(handlerOf('edit'));
    expect(() => subjects.register(handlerOf('read'))).toThrow('two subjects apply effects of the kind read');
    const registered: string[] = [];
    subjects.complete({ register: ({ kind }) => void registered.push(kind.kind) });
    expect(registered).toEqual(['read', 'edit']);
  });

  it('ends the subjects in reverse order, once, and waits for each', async () => {
    const subjects = new SubjectList();
    const ended: string[] = [];
    subjects.add({ [Symbol.dispose]: () => void ended.push('first') });
    subjects.add({});
    subjects.add({
      async [Symbol.asyncDispose]() {
        await Promise.resolve();
        ended.push('last');
      },
    });
    await subjects[Symbol.asyncDispose]();
    await subjects[Symbol.asyncDispose]();
    expect(ended).toEqual(['last', 'first']);
  });
});
