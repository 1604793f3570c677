"""The commands about audio and video, with Telethon's own methods."""
from telethon import types

# What the library is told about a file of each kind.
OPTIONS = {
    "video": {},
    "round": {"video_note": True},
    "animation": {"attributes": [types.DocumentAttributeAnimated()]},
    "voice": {"voice_note": True},
    "music": {},
}


def kind_of(video, audio, animated):
    """The kind of a message by the attributes of its document."""
    if animated:
        return "animation"
    if video:
        return "round" if video.round_message else "video"
    return ("voice" if audio.voice else "music") if audio else "document"


class MediaCommands:
    """A part of the driver's client."""

    async def sendKind(self, peer, path, kind, caption):
        """Uploads a file of the disk and sends it as this kind of message."""
        message = await self.client.send_file(self.whom(peer), path, caption=caption, **OPTIONS[kind])
        return {"id": message.id}

    async def showMedia(self, peer, id):
        """What the library shows of the audio or video of a message."""
        message = await self.client.get_messages(self.whom(peer), ids=id)
        found = {type(attribute): attribute for attribute in message.document.attributes}
        video, audio = found.get(types.DocumentAttributeVideo), found.get(types.DocumentAttributeAudio)
        shown = video or audio
        return {
            "kind": kind_of(video, audio, types.DocumentAttributeAnimated in found),
            "width": video.w if video else None,
            "height": video.h if video else None,
            "duration": shown.duration if shown else 0,
            "title": audio.title if audio else None,
            "performer": audio.performer if audio else None,
            "hasWaveform": any(audio.waveform) if audio and audio.waveform else False,
        }

    async def saveMediaThumb(self, peer, id, path):
        """Downloads the thumbnail of the audio or video of a message. Returns whether there is one."""
        message = await self.client.get_messages(self.whom(peer), ids=id)
        thumb = next((size for size in message.document.thumbs or [] if size.type != "i"), None)
        if thumb:
            await self.client.download_media(message, path, thumb=thumb.type)
        return thumb is not None
