"""The commands about groups, with Telethon's own methods where it has them."""
from telethon import functions, types, utils


def is_channel(peer):
    return peer < -10 ** 12


class GroupCommands:
    """A part of the driver's client."""

    async def createGroup(self, users, title):
        inputs = await self.own([{"$user": user} for user in users])
        answer = await self.client(functions.messages.CreateChatRequest(inputs, title))
        return {"peer": utils.get_peer_id(answer.chats[0])}

    async def createSupergroup(self, title):
        answer = await self.client(functions.channels.CreateChannelRequest(title, "", megagroup=True))
        return {"peer": utils.get_peer_id(answer.chats[0])}

    async def addMembers(self, peer, users):
        inputs = await self.own([{"$user": user} for user in users])
        await self.client(functions.channels.InviteToChannelRequest(peer, inputs))

    async def addMember(self, peer, user):
        await self.client(functions.messages.AddChatUserRequest(-peer, await self.own({"$user": user}), fwd_limit=100))

    async def removeMember(self, peer, user):
        await self.client.kick_participant(peer, self.whom(user))

    async def leaveGroup(self, peer):
        if is_channel(peer):
            await self.client(functions.channels.LeaveChannelRequest(self.whom(peer)))
        else:
            await self.client.kick_participant(peer, "me")

    async def setTitle(self, peer, title):
        if is_channel(peer):
            await self.client(functions.channels.EditTitleRequest(self.whom(peer), title))
        else:
            await self.client(functions.messages.EditChatTitleRequest(-peer, title))

    async def pin(self, peer, id):
        await self.client.pin_message(peer, id, notify=True)

    async def react(self, peer, id, emoji):
        await self.client(functions.messages.SendReactionRequest(types.InputPeerChat(-peer), id, reaction=emoji))

    async def group(self, peer):
        if is_channel(peer):
            chat = await self.client.get_entity(self.whom(peer))
            is_member = isinstance(chat, types.Channel) and not chat.left
            members = await self.client.get_participants(self.whom(peer)) if is_member else []
            return {"title": chat.title, "isMember": is_member, "members": [member.id for member in members]}
        chat = await self.client.get_entity(types.PeerChat(-peer))
        is_member = isinstance(chat, types.Chat) and not chat.left
        members = await self.client.get_participants(types.PeerChat(-peer)) if is_member else []
        return {"title": chat.title, "isMember": is_member, "members": [member.id for member in members]}
