import { z } from 'zod';

import { defineOperation } from '../define-operation.ts';
import { makePerson } from '../people/make-person.ts';

const create = defineOperation({
  name: 'people.create',
  summary: 'Makes a person: an account like any other, with a test number.',
  params: z.strictObject({
    name: z.string().min(1).max(64),
    username: z.string().min(1).max(33).optional(),
    phone: z.string().min(1).max(20).optional().describe('A number 99966XYYYY; left out: any that is free.'),
  }),
  result: z.object({
    id: z.string(),
    name: z.string(),
    username: z.string().optional(),
    phone: z.string(),
    code: z.string().describe('Logs in with the number, in any client.'),
  }),
  async run({ kit, set }, choice) {
    const { id, name, username, phone, code } = await set.make(() => makePerson(kit, set, choice));
    return { id: String(id), name, username, phone, code };
  },
});

export const PEOPLE_OPERATIONS = [create];
