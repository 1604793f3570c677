import { defineFileMethod, PLAIN_CAPTION_PARAMS } from '../sending/send-file.ts';

export const sendVoice = defineFileMethod('sendVoice', 'voice', PLAIN_CAPTION_PARAMS);
