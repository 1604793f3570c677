import { describe, expect, test } from 'vitest';
import { useLibraries } from './libraries.ts';
import { answerAll, becomesMember, countLinks, deleteLink, editLink, EXPIRED, listImporters, listLinks, listRequests, makeLink, makePermanentLink, readLink, revokeLink, seesRequests } from './invite-story.ts';
import { enter, textOf } from './people-of-libraries.ts';
import { ALL, befriend, CASTS, comeBack, eventually, groupOf, hears, idsOf, leave, say } from './supergroup-story.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;
const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;

describe('people come into a supergroup by links from one library to another', () => {
  for (const cast of CASTS) {
    const [library, second, third, fourth] = cast;
    test(`${library} owns it; ${second}, ${third} and ${fourth} come in, or ask to be let in`, { timeout: TIMEOUT_MS }, async () => {
      // Strangers to each other: nobody has anybody's number.
      const [alice, bob, carol, dora, eve] = await Promise.all([
        enter(libraries, library, 'Alice'), enter(libraries, second, 'Bob'), enter(libraries, third, 'Carol'), enter(libraries, fourth, 'Dora'), enter(libraries, second, 'Eve'),
      ]);
      const { peer } = await alice.client.createSupergroup({ title: 'Climbing' });
      const former = await makePermanentLink(alice, peer);
      const permanent = await makePermanentLink(alice, peer);
      expect(await textOf(bob.client.lookAtInvite({ link: former }))).toMatch(EXPIRED);
      const expireDate = inAnHour();
      const spring = await makeLink(alice, peer, { title: 'Spring', expireDate, places: 1 });
      for (const link of [permanent, spring]) expect(link).toMatch(/^https:\/\/t\.me\/\+[\w-]{16}$/);
      expect(await listLinks(alice, peer, false)).toEqual([permanent, spring].toSorted());

      // A link with one place lets one person in.
      expect(await bob.client.lookAtInvite({ link: spring })).toEqual({ title: 'Climbing', members: 1, asks: false });
      expect(await bob.client.joinByInvite({ link: spring })).toEqual({ isMember: true });
      await becomesMember(bob, peer);
      expect(await bob.client.lookAtInvite({ link: spring })).toEqual({ peer });
      await say(alice, peer, 'welcome', [bob]);
      await say(bob, peer, 'thanks for the link', [alice]);
      expect(await textOf(carol.client.lookAtInvite({ link: spring }))).toMatch(EXPIRED);
      expect(await textOf(carol.client.joinByInvite({ link: spring }))).toMatch(EXPIRED);
      expect(await readLink(alice, peer, spring)).toEqual({ title: 'Spring', expireDate, usage: 1, places: 1, requests: 0, isRevoked: false });

      // With one more place it lets one more person in, and when it is revoked, nobody.
      expect(await editLink(alice, peer, spring, { title: 'Summer', expireDate, places: 2 })).toEqual({ title: 'Summer', expireDate, usage: 1, places: 2, requests: 0, isRevoked: false });
      expect(await carol.client.joinByInvite({ link: spring })).toEqual({ isMember: true });
      await becomesMember(carol, peer);
      expect(await listImporters(alice, peer, spring)).toEqual(idsOf(bob, carol));
      await editLink(alice, peer, spring, { title: 'Autumn', expireDate, places: 3 });
      expect(await dora.client.lookAtInvite({ link: spring })).toEqual({ title: 'Climbing', members: 3, asks: false });
      await revokeLink(alice, peer, spring);
      // TDLib keeps what it was shown of a link.
      if (fourth !== 'tdlib') expect(await textOf(dora.client.lookAtInvite({ link: spring }))).toMatch(EXPIRED);
      expect(await textOf(dora.client.joinByInvite({ link: spring }))).toMatch(EXPIRED);
      expect(await readLink(alice, peer, spring)).toMatchObject({ title: 'Autumn', isRevoked: true });
      expect([await listLinks(alice, peer, false), await listLinks(alice, peer, true)]).toEqual([[permanent], [former, spring].toSorted()]);

      // Two people ask by a link with approval; one of them is let in.
      const asking = await makeLink(alice, peer, { title: 'Asking', asks: true });
      expect(await dora.client.lookAtInvite({ link: asking })).toEqual({ title: 'Climbing', members: 3, asks: true });
      expect(await dora.client.joinByInvite({ link: asking })).toEqual({ isMember: false });
      await seesRequests(alice, peer, [dora]);
      expect(await eve.client.joinByInvite({ link: asking })).toEqual({ isMember: false });
      await seesRequests(alice, peer, [dora, eve]);
      expect(await listRequests(alice, peer)).toEqual(idsOf(dora, eve));
      expect(await readLink(alice, peer, asking)).toMatchObject({ usage: 0, requests: 2 });
      // Dora is offline when she is let in.
      await dora.client.close();
      await alice.client.answerRequest({ peer, user: dora.id, isApproved: true });
      await comeBack(libraries, dora);
      await becomesMember(dora, peer);
      expect(await listRequests(alice, peer)).toEqual([eve.id]);
      await alice.client.answerRequest({ peer, user: eve.id, isApproved: false });
      expect(await listRequests(alice, peer)).toEqual([]);
      expect(await listImporters(alice, peer, asking)).toEqual([dora.id]);
      await say(dora, peer, 'thanks for letting me in', [alice, bob, carol]);
      await say(alice, peer, 'bring a rope', [bob, carol, dora]);
      expect(await groupOf(eve, peer).catch(() => ({ isMember: false }))).toMatchObject({ isMember: false });

      // Who was not let in may come by another link.
      expect(await eve.client.lookAtInvite({ link: permanent })).toEqual({ title: 'Climbing', members: 4, asks: false });
      expect(await eve.client.joinByInvite({ link: permanent })).toEqual({ isMember: true });
      await becomesMember(eve, peer);
      const people = [alice, bob, carol, dora, eve] as const;
      for (const person of people) await eventually('five members', () => groupOf(person, peer), ({ members }) => String(members) === String(idsOf(...people)));
      await leave(...people);
    });
  }
});

describe('people come into a basic group by links from one library to another', () => {
  for (const cast of CASTS) {
    const [library, second, third, fourth] = cast;
    test(`${library} owns it; ${third} comes in, ${fourth} and ${second} ask to be let in`, { timeout: TIMEOUT_MS }, async () => {
      const [alice, bob, carol, dora, eve] = await Promise.all([
        enter(libraries, library, 'Alice'), enter(libraries, second, 'Bob'), enter(libraries, third, 'Carol'), enter(libraries, fourth, 'Dora'), enter(libraries, second, 'Eve'),
      ]);
      await befriend(alice, bob);
      const { peer } = await alice.client.createGroup({ users: [bob.id], title: 'Rowing' });
      const link = await makeLink(alice, peer, { title: 'Spring', expireDate: inAnHour(), places: 1 });
      expect(await carol.client.lookAtInvite({ link })).toEqual({ title: 'Rowing', members: 2, asks: false });
      expect(await carol.client.joinByInvite({ link })).toEqual({ isMember: true });
      await becomesMember(carol, peer);
      expect(await carol.client.lookAtInvite({ link })).toEqual({ peer });
      expect(await textOf(dora.client.joinByInvite({ link }))).toMatch(EXPIRED);
      expect(await listImporters(alice, peer, link)).toEqual([carol.id]);
      await carol.client.send({ peer, text: 'thanks for the link' });
      for (const { client } of [alice, bob]) await client.seesMessage('thanks for the link');

      const asking = await makeLink(alice, peer, { title: 'Asking', asks: true });
      for (const person of [dora, eve]) expect(await person.client.joinByInvite({ link: asking })).toEqual({ isMember: false });
      await seesRequests(alice, peer, [dora, eve]);
      expect(await listRequests(alice, peer)).toEqual(idsOf(dora, eve));
      await alice.client.answerRequest({ peer, user: eve.id, isApproved: false });
      // Dora is offline when she is let in.
      await dora.client.close();
      await alice.client.answerRequest({ peer, user: dora.id, isApproved: true });
      await comeBack(libraries, dora);
      await becomesMember(dora, peer);
      expect(await listRequests(alice, peer)).toEqual([]);
      await dora.client.send({ peer, text: 'thanks for letting me in' });
      for (const { client } of [alice, bob, carol]) await client.seesMessage('thanks for letting me in');

      await revokeLink(alice, peer, asking);
      expect(await textOf(eve.client.joinByInvite({ link: asking }))).toMatch(EXPIRED);
      for (const person of [alice, bob, carol, dora]) expect(await groupOf(person, peer)).toEqual({ title: 'Rowing', isMember: true, members: idsOf(alice, bob, carol, dora) });
      await leave(alice, bob, carol, dora, eve);
    });
  }
});

describe('people come into a channel by links from one library to another', () => {
  for (const cast of CASTS) {
    const [library, second, third, fourth] = cast;
    test(`${library} owns it; ${second} becomes an admin and makes a link, by which ${third} and ${fourth} ask to be let in`, { timeout: TIMEOUT_MS }, async () => {
      const [alice, bob, carol, dora] = await Promise.all([enter(libraries, library, 'Alice'), enter(libraries, second, 'Bob'), enter(libraries, third, 'Carol'), enter(libraries, fourth, 'Dora')]);
      await befriend(alice, bob);
      const { peer } = await alice.client.createChannel({ title: 'News' });
      const permanent = await makePermanentLink(alice, peer);
      expect(await bob.client.lookAtInvite({ link: permanent })).toEqual({ title: 'News', members: 1, asks: false });
      expect(await bob.client.joinByInvite({ link: permanent })).toEqual({ isMember: true });
      await alice.client.promote({ peer, user: bob.id, isAdmin: true });
      // TDLib does not ask for members of a channel before it knows that it may.
      await eventually('that he is an admin', () => bob.client.role({ peer, user: bob.id }).catch(() => 'member'), (role) => role === 'admin');

      const asking = await makeLink(bob, peer, { title: 'Asking', asks: true });
      for (const person of [carol, dora]) {
        expect(await person.client.lookAtInvite({ link: asking })).toEqual({ title: 'News', members: 2, asks: true });
        expect(await person.client.joinByInvite({ link: asking })).toEqual({ isMember: false });
      }
      for (const admin of [alice, bob]) {
        await seesRequests(admin, peer, [carol, dora]);
        expect(await listRequests(admin, peer)).toEqual(idsOf(carol, dora));
      }
      await answerAll(alice, peer, asking, true);
      for (const { id } of [carol, dora]) await eventually('that both are in', () => alice.client.role({ peer, user: id }), (role) => role === 'member');
      expect(await listRequests(bob, peer)).toEqual([]);
      await alice.client.send({ peer, text: 'the wall is open' });
      for (const { client } of [bob, carol, dora]) await hears(client, peer, 'the wall is open');
      expect(await carol.client.lookAtInvite({ link: asking })).toEqual({ peer });

      // The owner sees and ends the links of other admins, and may delete them then.
      expect(await listImporters(alice, peer, asking)).toEqual(idsOf(carol, dora));
      expect(await countLinks(alice, peer)).toEqual({ [alice.id]: [1, 0], [bob.id]: [1, 0] });
      await revokeLink(alice, peer, asking);
      expect(await countLinks(alice, peer)).toEqual({ [alice.id]: [1, 0], [bob.id]: [0, 1] });
      expect(await listLinks(bob, peer, true)).toEqual([asking]);
      await deleteLink(alice, peer, asking);
      expect(await listLinks(bob, peer, true)).toEqual([]);
      await leave(alice, bob, carol, dora);
    });
  }
});
