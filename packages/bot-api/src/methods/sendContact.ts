import type { tl } from '@aerogram/tl';

import { defineBotMethod } from '../define-bot-method.ts';
import { oneMessage } from '../sending/count-messages.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

export const sendContact = defineBotMethod({
  method: 'sendContact',
  params: [...CONTENT_PARAMS, 'phone_number', 'first_name', 'last_name', 'vcard'],
  sends: oneMessage,
  run(call, params) {
    const media: tl.inputMediaContact = {
      _: 'inputMediaContact',
      phone_number: params.text('phone_number'),
      first_name: params.text('first_name'),
      last_name: params.text('last_name'),
      vcard: params.text('vcard'),
    };
    return sendMessageOf(call, params, { message: '', entities: [], media });
  },
});
