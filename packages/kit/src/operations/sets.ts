import { z } from 'zod';

import { defineOperation } from '../define-operation.ts';
import { nothing } from './fields.ts';

const create = defineOperation({
  name: 'sets.create',
  summary: 'Makes a set: people, bots and names of one test, which do not see those of others.',
  params: z.strictObject({ limits: z.boolean().optional().describe('Whether the limits of an ordinary server hold for it.') }),
  result: z.object({ set: z.string().describe('For the header Aerogram-Set.') }),
  async run({ kit, set }, { limits }) {
    return { set: kit.sets.create({ hasLimits: limits ?? set.hasLimits }).id };
  },
});

const end = defineOperation({
  name: 'sets.end',
  summary: 'Frees the people, bots and names of the set of the header. The set "main" goes on, empty.',
  params: nothing,
  result: nothing,
  async run({ kit, set }) {
    await kit.sets.end(set);
    return {};
  },
});

const reset = defineOperation({
  name: 'server.reset',
  summary: 'Frees the people, bots and names of all sets, and ends all but "main".',
  params: nothing,
  result: nothing,
  async run({ kit }) {
    await kit.sets.reset();
    return {};
  },
});

export const SET_OPERATIONS = [create, end, reset];
