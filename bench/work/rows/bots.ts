import { createServer } from 'node:http';
import { systemRandom } from '@aerogram/runtime';
import { listen } from '../../load/bot-http-load.ts';
import type { WorkRow } from '../work-row.ts';
import { sendText } from './messages.ts';

/** Bots over HTTP. */
export const BOT_ROWS: readonly WorkRow[] = [
  {
    name: 'Bot API sendMessage',
    memory: 'alone',
    isAlone: true,
    async prepare({ openBot, friend }, stage) {
      const bot = await openBot();
      stage.onEnd(() => bot[Symbol.dispose]());
      return { call: () => bot.call('sendMessage', { chat_id: Number(friend.userId), text: 'words of an ordinary message, all forty.' }) };
    },
  },
  {
    name: 'Bot API getUpdates of one message',
    async prepare({ openBot, friend, botPeer }, stage) {
      const bot = await openBot();
      stage.onEnd(() => bot[Symbol.dispose]());
      const [last] = await bot.call<{ update_id: number }[]>('getUpdates', { offset: -1 });
      let offset = last === undefined ? 0 : last.update_id + 1;
      return {
        before: () => sendText({ account: friend }, botPeer),
        async call() {
          const updates = await bot.call<{ update_id: number }[]>('getUpdates', { offset, limit: 1 });
          offset = updates.at(-1)!.update_id + 1;
        },
      };
    },
  },
  {
    name: 'text to a bot with a webhook, until the webhook has it',
    isAlone: true,
    async prepare({ openBot, friend, botPeer }, stage) {
      let onText: () => void = () => undefined;
      const hook = createServer((request, response) => {
        request.resume().once('end', () => {
          response.writeHead(200, { 'Content-Length': 0 }).end();
          onText();
        });
      });
      hook.unref();
      const url = await listen(hook);
      using bot = await openBot();
      await bot.call('setWebhook', { url: `${url}/`, drop_pending_updates: true });
      stage.onEnd(() => hook.close().closeAllConnections());
      return {
        call: () =>
          new Promise<void>((resolve, reject) => {
            onText = resolve;
            friend.sendTo(botPeer, 'words of an ordinary message, all forty.', systemRandom.int63()).catch(reject);
          }),
      };
    },
  },
];
