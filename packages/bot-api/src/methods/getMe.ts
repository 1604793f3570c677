import { defineBotMethod } from '../define-bot-method.ts';
import { projectMe } from '../objects/index.ts';

export const getMe = defineBotMethod({
  method: 'getMe',
  params: [],
  async run({ invoke }) {
    const [user] = await invoke({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
    if (user?._ !== 'user') throw new Error('a bot without a row of its own');
    return projectMe(user);
  },
});
