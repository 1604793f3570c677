import { defineBotMethod } from '../define-bot-method.ts';
import { readProfilePhoto } from '../params/profile-photo.ts';

export const setMyProfilePhoto = defineBotMethod({
  method: 'setMyProfilePhoto',
  params: ['photo'],
  async run(call, params) {
    await call.invoke({ _: 'photos.uploadProfilePhoto', ...readProfilePhoto(params) });
    return true;
  },
});
