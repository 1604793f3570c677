import { defineBotMethod } from '../define-bot-method.ts';

export const removeMyProfilePhoto = defineBotMethod({
  method: 'removeMyProfilePhoto',
  params: [],
  async run(call) {
    await call.invoke({ _: 'photos.updateProfilePhoto', id: { _: 'inputPhotoEmpty' } });
    return true;
  },
});
