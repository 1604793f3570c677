"""The commands about files, with Telethon's own methods."""
import base64

from telethon import functions, types


class FileCommands:
    """A part of the driver's client."""

    async def sendFile(self, peer, path, caption, thumb=None):
        """Uploads a file of the disk and sends it as a document."""
        message = await self.client.send_file(self.whom(peer), path, caption=caption, thumb=thumb, force_document=True)
        return {"id": message.id}

    async def saveFile(self, peer, id, path):
        """Downloads the document of a message into a file."""
        message = await self.client.get_messages(self.whom(peer), ids=id)
        await self.client.download_media(message, path)

    async def saveThumb(self, peer, id, path):
        """Downloads the thumbnail of the document of a message."""
        message = await self.client.get_messages(self.whom(peer), ids=id)
        await self.client.download_media(message, path, thumb="m")

    async def sendPhoto(self, peer, path, caption):
        """Uploads a picture of the disk and sends it as a photo."""
        message = await self.client.send_file(self.whom(peer), path, caption=caption)
        return {"id": message.id}

    async def sendPhotoOnce(self, peer, path, caption):
        """Uploads a picture of the disk and sends it as a photo that can be viewed once."""
        media = types.InputMediaUploadedPhoto(await self.client.upload_file(path), ttl_seconds=0x7FFFFFFF)
        message = await self.client.send_file(self.whom(peer), media, caption=caption)
        return {"id": message.id}

    async def sendVoice(self, peer, path, caption):
        """Uploads a sound of the disk and sends it as a voice message."""
        message = await self.client.send_file(self.whom(peer), path, caption=caption, voice_note=True)
        return {"id": message.id}

    async def openContent(self, peer, id):
        """Marks the content of a message as opened."""
        await self.client(functions.messages.ReadMessageContentsRequest([id]))

    async def showContent(self, peer, id):
        """What a message has now."""
        message = await self.client.get_messages(self.whom(peer), ids=id)
        if isinstance(message.media, types.MessageMediaPhoto):
            return {"kind": "photo" if message.media.photo else "gone", "unheard": None}
        return {"kind": "voice" if message.media.document else "gone", "unheard": bool(message.media_unread)}

    async def sendAlbum(self, peer, paths, caption):
        """Uploads pictures of the disk and sends them as an album, with a caption at the first one."""
        messages = await self.client.send_file(self.whom(peer), paths, caption=caption)
        return {"ids": [message.id for message in messages]}

    async def listAlbums(self, peer, limit):
        """The albums of the newest messages of a chat."""
        messages = await self.client.get_messages(self.whom(peer), limit=limit)
        return [None if message.grouped_id is None else str(message.grouped_id) for message in messages]

    async def saveSizes(self, peer, id, directory):
        """Downloads all sizes of the photo of a message, or of the page that it links to."""
        message = await self.client.get_messages(self.whom(peer), ids=id)
        sizes = [size for size in message.photo.sizes if size.type != "i"]
        for size in sizes:
            await self.client.download_media(message, f"{directory}/{size.type}.jpg", thumb=size.type)
        return [{"type": size.type, "width": size.w, "height": size.h} for size in sizes]

    async def setOwnPhoto(self, path):
        """Makes a picture of the disk the own profile photo."""
        await self.client(functions.photos.UploadProfilePhotoRequest(file=await self.client.upload_file(path)))

    async def setChatPhoto(self, peer, path=None):
        """Sets the photo of a group or channel, or removes it."""
        photo = types.InputChatUploadedPhoto(file=await self.client.upload_file(path)) if path else types.InputChatPhotoEmpty()
        if peer < -1_000_000_000_000:
            await self.client(functions.channels.EditPhotoRequest(self.whom(peer), photo))
        else:
            await self.client(functions.messages.EditChatPhotoRequest(-peer, photo))

    async def setVideo(self, path, startS, peer=None):
        """Makes a video of the disk the own profile photo, or that of a group or channel."""
        video = await self.client.upload_file(path)
        if peer is None:
            await self.client(functions.photos.UploadProfilePhotoRequest(video=video, video_start_ts=startS))
            return
        photo = types.InputChatUploadedPhoto(video=video, video_start_ts=startS)
        if peer < -1_000_000_000_000:
            await self.client(functions.channels.EditPhotoRequest(self.whom(peer), photo))
        else:
            await self.client(functions.messages.EditChatPhotoRequest(-peer, photo))

    async def fullPhoto(self, peer):
        """The full photo of a user, group or channel."""
        if peer > 0:
            photos = await self.client.get_profile_photos(self.whom(peer), limit=1)
            return photos[0] if photos else None
        if peer > -1_000_000_000_000:
            return (await self.client(functions.messages.GetFullChatRequest(-peer))).full_chat.chat_photo
        return (await self.client(functions.channels.GetFullChannelRequest(self.whom(peer)))).full_chat.chat_photo

    async def saveVideo(self, peer, path):
        """Downloads the video in the photo of a user, group or channel; says what the library shows of it, None if there is none."""
        photo = await self.fullPhoto(peer)
        video = next((size for size in getattr(photo, "video_sizes", None) or [] if size.type == "u"), None)
        if video is None:
            return None
        location = types.InputPhotoFileLocation(photo.id, photo.access_hash, photo.file_reference, video.type)
        await self.client.download_file(location, path, file_size=video.size, dc_id=photo.dc_id)
        return {"width": video.w, "height": video.h, "startS": video.video_start_ts}

    async def saveInvitePhoto(self, link, path):
        """Downloads the photo in the preview of an invite link; says whether there is one."""
        photo = (await self.client(functions.messages.CheckChatInviteRequest(link.split("+")[1]))).photo
        if not isinstance(photo, types.Photo):
            return False
        return await self.client.download_media(photo, path) is not None

    async def saveAvatar(self, peer, big, path):
        """Downloads the photo beside the name of a chat in the list of chats; says whether there is one."""
        dialogs = await self.client.get_dialogs()
        entity = next(dialog.entity for dialog in dialogs if dialog.id == peer)
        return await self.client.download_profile_photo(entity, path, download_big=big) is not None

    async def countPhotos(self, peer):
        """How many profile photos somebody has."""
        return (await self.client.get_profile_photos(self.whom(peer), limit=0)).total

    async def deleteOwnPhoto(self):
        """Deletes the own current profile photo."""
        photos = await self.client.get_profile_photos("me", limit=1)
        await self.client(functions.photos.DeletePhotosRequest(photos))

    async def download(self, document):
        """A document of an answer, whole, as the library downloads it."""
        location = types.InputDocumentFileLocation(
            int(document["id"]), int(document["access_hash"]), bytes.fromhex(document["file_reference"]), "")
        data = await self.client.download_file(location, bytes, file_size=document["size"], dc_id=document["dc_id"])
        return base64.b64encode(data).decode()

    async def uploadInput(self, path):
        """Uploads a file of the disk; returns the InputFile, as tests write requests."""
        file = await self.client.upload_file(path)
        return {"_": "inputFile", "id": {"$long": str(file.id)}, "parts": file.parts, "name": file.name, "md5_checksum": file.md5_checksum if isinstance(file.md5_checksum, str) else file.md5_checksum.hexdigest()}
