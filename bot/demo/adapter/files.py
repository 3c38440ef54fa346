"""Files that the bot uploads: kept here, because local-slack takes none, and given to its page."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.demo.adapter.text import Json

_KINDS = ((b"\x89PNG", "png"), (b"GIF8", "gif"), (b"\xff\xd8", "jpg"))
_numbers = itertools.count(1)


@dataclass
class _File:
    length: int
    data: bytes = b""

    @property
    def kind(self) -> str:
        found = (kind for begins, kind in _KINDS if self.data.startswith(begins))
        return next(found, "binary")


class Files:
    """`address` tells where this adapter is reached."""

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        self._files: dict[str, _File] = {}

    async def place(self, args: Json) -> Json:
        """files.getUploadURLExternal."""
        file_id = f"F{next(_numbers):010d}"
        self._files[file_id] = _File(int(args.get("length") or 0))
        return {"ok": True, "file_id": file_id, "upload_url": f"{self._address()}/upload/{file_id}"}

    async def complete(self, args: Json) -> Json:
        """files.completeUploadExternal; shared nowhere, as the bot asks for it."""
        wanted = [str(one.get("id")) for one in args.get("files") or ()]
        files = [self._files.get(one) for one in wanted]
        told = [
            {"id": one, "filetype": file.kind}
            for one, file in zip(wanted, files, strict=True)
            if file is not None and file.data
        ]
        if not told or len(told) < len(wanted):
            return {"ok": False, "error": "file_not_found"}
        return {"ok": True, "files": told}

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes, once."""
        file, data = self._files.get(request.match_info["id"]), await request.read()
        if file is None or file.data or len(data) != file.length:
            return web.Response(status=400, text="not as it was announced")
        file.data = data
        return web.Response(text=f"OK - {len(data)}")

    async def download(self, request: web.Request) -> web.Response:
        """For the browser, which Slack would let see what stands in a message."""
        file = self._files.get(request.match_info["id"])
        if file is None or not file.data:
            return web.Response(status=404)
        return web.Response(body=file.data, content_type=f"image/{file.kind}")

    def drawn(self, block: Json) -> Json:
        """A block that shows a file, as one that shows an address, which local-slack can draw."""
        if "slack_file" not in block:
            return block
        shown = {name: part for name, part in block.items() if name != "slack_file"}
        return shown | {"image_url": f"{self._address()}/files/{block['slack_file']['id']}"}
