import { describe, expect, test } from 'vitest';
import { useLibraries } from './libraries.ts';
import { ALL, CASTS, enterCircle, eventually, knowsGroup, leave, say } from './supergroup-story.ts';
import { textOf } from './people-of-libraries.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;

describe('what admins see of what happened is the same in every library', () => {
  for (const cast of CASTS) {
    const [library, second, third] = cast;
    test(`${library} owns the group; ${second} writes, ${third} becomes an admin`, { timeout: TIMEOUT_MS }, async () => {
      const { alice, bob, carol, dora } = await enterCircle(libraries, cast);
      const { peer } = await alice.client.createSupergroup({ title: 'Climbing' });
      await alice.client.addMembers({ peer, users: [bob.id, carol.id] });
      for (const person of [bob, carol]) await knowsGroup(person, peer);
      await alice.client.setTitle({ peer, title: 'Bouldering' });
      const id = await say(bob, peer, 'who brings the rope?', [alice, carol]);
      await bob.client.edit({ peer, id, text: 'who brings two ropes?' });
      await alice.client.sees('the edit', (event) => event.kind === 'edit' && event.text === 'who brings two ropes?');
      await alice.client.delete({ peer, ids: [id] });
      await alice.client.slowMode({ peer, seconds: 10 });
      await alice.client.publicName({ peer, username: `log_${alice.phone}` });
      await alice.client.mute({ peer, user: bob.id, isMuted: true });
      expect(await textOf(bob.client.adminLog({ peer }))).toMatch(/CHAT_ADMIN_REQUIRED|ChatAdminRequired|rights|admin/i);
      await alice.client.promote({ peer, user: carol.id, isAdmin: true });
      await eventually('the new admin', () => carol.client.role({ peer, user: carol.id }), (role) => role === 'admin');
      await carol.client.ban({ peer, user: bob.id, isBanned: true });

      const events = [
        { by: carol.id, what: 'ParticipantToggleBan' },
        { by: alice.id, what: 'ParticipantToggleAdmin' },
        { by: alice.id, what: 'ParticipantToggleBan' },
        { by: alice.id, what: 'ChangeUsername' },
        { by: alice.id, what: 'ToggleSlowMode' },
        { by: alice.id, what: 'DeleteMessage' },
        { by: bob.id, what: 'EditMessage' },
        { by: alice.id, what: 'ChangeTitle' },
        { by: alice.id, what: 'ParticipantInvite' },
        { by: alice.id, what: 'ParticipantInvite' },
      ];
      for (const { client } of [alice, carol]) {
        expect([client.library, await client.adminLog({ peer })]).toEqual([client.library, events]);
        expect([client.library, await client.adminLog({ peer, words: 'two ropes' })]).toEqual([client.library, events.slice(5, 7)]);
      }
      await leave(alice, bob, carol, dora);
    });
  }
});
