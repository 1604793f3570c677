/** Places in groups and channels that strangers have given to people: how many they may give, what they may send there, and how people accept them. */
export { type Acceptance, createAcceptance } from './acceptance.ts';
export { acceptPlaces, addPlaces, chargePlace } from './add-places.ts';
export { moveToFolder } from './archive-place.ts';
export { ArrivingStrangers, listSilenced, listUnmet } from './arriving-strangers.ts';
export { type ChargedPosts, countLeft, replayPosts } from './place-budget.ts';
export { endUnaccepted, findGiven, findLastGiven, findUnaccepted, isUnaccepted, listGiven, listUnacceptedIn, moveUnaccepted, type UnacceptedPlace } from './place-store.ts';
