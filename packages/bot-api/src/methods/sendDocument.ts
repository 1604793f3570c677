import { defineFileMethod, PLAIN_CAPTION_PARAMS } from '../sending/send-file.ts';

export const sendDocument = defineFileMethod('sendDocument', 'document', PLAIN_CAPTION_PARAMS);
