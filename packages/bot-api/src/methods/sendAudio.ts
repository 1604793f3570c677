import { defineFileMethod, PLAIN_CAPTION_PARAMS } from '../sending/send-file.ts';

export const sendAudio = defineFileMethod('sendAudio', 'audio', PLAIN_CAPTION_PARAMS);
