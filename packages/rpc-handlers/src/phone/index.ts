export { createGroupCall } from './createGroupCall.ts';
export { getGroupCallJoinAs } from './getGroupCallJoinAs.ts';
export { requestCall } from './requestCall.ts';
