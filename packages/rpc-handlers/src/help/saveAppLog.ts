import { defineMethod } from '@aerogram/rpc';

/** Usage events of apps are not stored: only their number is logged. */
export const saveAppLog = defineMethod({
  method: 'help.saveAppLog',
  access: ['guest', 'user'],
  cost: 1,
  limits: { maxBytes: 256 * 1024, vectors: { events: 1000 } },
  repeat: 'idempotent',
  handler: (ctx, { events }) => {
    ctx.log.debug({ events: events.length }, 'app log');
    return Promise.resolve(true);
  },
});
