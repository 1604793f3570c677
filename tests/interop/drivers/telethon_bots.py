"""The commands of bots, and of people who press their buttons, with Telethon's own methods."""
from telethon import Button, functions


class BotCommands:
    """A part of the driver's client."""

    async def loginBot(self, token):
        user = await self.client.sign_in(bot_token=token)
        return {"id": user.id, "firstName": user.first_name}

    async def findPerson(self, username):
        return {"id": (await self.client.get_entity(username)).id}

    async def offer(self, peer, text, buttons):
        keyboard = [[Button.inline(label, label.encode())] for label in buttons]
        message = await self.client.send_message(self.whom(peer), text, buttons=keyboard)
        return {"id": message.id}

    async def press(self, peer, id, data):
        message = await self.client.get_messages(self.whom(peer), ids=id)
        answer = await message.click(data=data.encode())
        return {"text": answer.message, "isAlert": bool(answer.alert)}

    async def answerPress(self, query, text, isAlert):
        await self.client(functions.messages.SetBotCallbackAnswerRequest(int(query), 0, alert=isAlert, message=text))
