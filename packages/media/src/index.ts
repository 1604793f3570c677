/** Photos: processes that make the sizes of uploaded pictures, apart from the server. */
export { loadSharp, type SharpState } from './load-sharp.ts';
export { type LaneResult, PhotoLane, type PhotoLaneOptions } from './photo-lane.ts';
export { type MadePhoto, type MadeSize, PHOTO_BYTES_MAX, type PhotoRefusal } from './protocol.ts';
