import { z } from 'zod';
import { defineOperation, type Operation } from '../define-operation.ts';

const open = defineOperation({
  name: 'people.open',
  summary: 'Returns a link that opens the web client logged in as a person: it works once, within ten minutes, on this machine.',
  params: z.strictObject({ person: z.string().max(20) }),
  result: z.strictObject({ url: z.string() }),
  async run({ kit, set }, { person }) {
    return { url: kit.webLinks.create(set.person(person).id, kit.server) };
  },
});

/** The operation that shows people to whoever writes tests. */
export const OPEN_OPERATIONS: readonly Operation[] = [open];
