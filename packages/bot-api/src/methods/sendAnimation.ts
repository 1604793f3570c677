import { defineFileMethod } from '../sending/send-file.ts';

export const sendAnimation = defineFileMethod('sendAnimation', 'animation');
