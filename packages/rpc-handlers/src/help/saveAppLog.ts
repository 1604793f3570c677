import { defineMethod } from '@aerogram/rpc';

/** What apps note about their use is nobody's business here: it is counted in the log and forgotten. */
export const saveAppLog = defineMethod({
  method: 'help.saveAppLog',
  access: 'any',
  cost: 1,
  limits: { maxBytes: 256 * 1024, vectors: { events: 1000 } },
  repeat: 'idempotent',
  handler: (ctx, { events }) => {
    ctx.log.debug({ events: events.length }, 'app log');
    return Promise.resolve(true);
  },
});
