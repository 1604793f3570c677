/** What data centres tell each other of people: cards with names, photos and privacy rules. */
export { type Card, type Sought, type Ways } from './card.ts';
export { type Cards, createCards, NO_CARDS } from './cards.ts';
export { findNamedCards } from './read-cards.ts';
export { lockPeople } from './card-store.ts';
export { listLater, takeLater, type ToldLater } from './later-store.ts';
export { ClaimAsker } from './ask-claims.ts';
export { CardKeeper, ORDER_CARD_PHOTO } from './keep-cards.ts';
export { CardSender } from './send-cards.ts';
