import { defineFileMethod } from '../sending/send-file.ts';

export const sendVideoNote = defineFileMethod('sendVideoNote', 'video_note', []);
