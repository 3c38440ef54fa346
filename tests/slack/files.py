"""Files v2: an address to upload to, the bytes, and that they are complete.

A file that is shared nowhere is its uploader's alone, who may show it by a block. Slack takes it
over some time after it was completed: until then it has no type, and no block may name it.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.slack.call import Call
from tests.slack.errors import Refused
from tests.slack.world import Workspace, new_id

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]
ALT_TEXT = 1_000
IMAGES = (("png", b"\x89PNG\r\n\x1a\n"), ("gif", b"GIF8"), ("jpg", b"\xff\xd8\xff"))


@dataclass(slots=True, eq=False)
class File:
    """`data` is what was uploaded; `looks` how often it must be asked for until it has a type."""

    id: str
    team: Workspace
    name: str
    length: int
    alt_text: str
    looks: int
    title: str = ""
    data: bytes = field(default=b"", repr=False)
    complete: bool = False

    @property
    def type(self) -> str:
        found = (kind for kind, begins in IMAGES if self.data.startswith(begins))
        return next(found, "binary") if self.complete and self.looks <= 0 else ""

    @property
    def is_image(self) -> bool:
        """Of a kind that a block can show, and taken over."""
        return self.type in {kind for kind, _ in IMAGES}

    def wire(self) -> Json:
        link = f"https://files.slack.com/files-pri/{self.team.id}-{self.id}/{self.name}"
        about = {"id": self.id, "name": self.name, "title": self.title, "filetype": self.type}
        return {**about, "alt_txt": self.alt_text, "url_private": link, "size": len(self.data)}


class Files:
    """`looks` makes files that are completed from now on need so many more calls."""

    def __init__(self) -> None:
        self.looks = 1
        self.all: dict[str, File] = {}
        self._places: dict[str, File] = {}

    def place(self, file: File) -> str:
        key = new_id("P")
        self.all[file.id], self._places[key] = file, file
        return key

    def taken(self, key: str) -> File | None:
        """What is to be uploaded there: once."""
        return self._places.pop(key, None)


async def upload(slack: "StrictSlack", request: web.Request) -> web.Response:
    """The bytes of one file; as they are, or as the one part of a form."""
    data = await request.read()
    file = slack.files.taken(request.match_info["key"])
    if file is None:
        slack.violate("an upload to an address that was used, or never given")
        return web.Response(status=404, text="expired")
    if len(data) != file.length:
        slack.violate(f"an upload of {len(data)} bytes where {file.length} were announced")
        return web.Response(status=400, text="wrong length")
    file.data = data
    slack.notify()
    return web.Response(text=f"OK - {len(data)}")


def place(call: Call) -> Json:
    length, alt_text = str(call.args["length"]), str(call.args.get("alt_txt") or "")
    if not length.isdigit() or int(length) < 1:
        raise Refused("invalid_arguments", "length must be greater than 0")
    if len(alt_text) > ALT_TEXT:
        raise Refused("alt_txt_too_large")
    files, team = call.slack.files, call.workspace
    name = str(call.args["filename"])
    file = File(new_id("F"), team, name, int(length), alt_text, files.looks)
    address = f"http://127.0.0.1:{call.slack.port}/upload/{files.place(file)}"
    return {"upload_url": address, "file_id": file.id}


def complete(call: Call) -> Json:
    """Asked again it says the same, until the file has its type."""
    wanted = call.parsed("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise Refused("invalid_arguments", "files must be an array")
    if call.args.get("channel_id") or call.args.get("channels"):
        raise Refused("invalid_arguments", "sharing a file is not played here")
    found = []
    for one in wanted:
        file = call.slack.files.all.get(str(one.get("id")))
        if file is None or file.team is not call.workspace or not file.data:
            raise Refused("file_not_found")
        file.looks -= file.complete
        file.complete, file.title = True, str(one.get("title") or file.name)
        found.append(file.wire())
    return {"files": found}


HANDLERS = {"files.completeUploadExternal": complete, "files.getUploadURLExternal": place}
