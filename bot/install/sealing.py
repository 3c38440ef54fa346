"""Tokens at rest: encrypted with a key that is derived from SECRET_KEY."""

import base64
from typing import Any

PURPOSE = b"dealthread: bot tokens, 1"
KEY_BYTES = 32


class WrongKey(Exception):
    """The token was sealed with another SECRET_KEY, for another workspace, or was tampered with."""


class Box:
    """Fernet (AES-128-CBC with HMAC-SHA256) under a key of its own: HKDF parts it from whatever
    else SECRET_KEY may be used for. SECRET_KEY is random, so it needs no stretching.
    """

    def __init__(self, secret_key: str) -> None:
        # Loaded here, since only many workspaces need it.
        from cryptography.fernet import Fernet  # noqa: PLC0415
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

        hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE)
        key = hkdf.derive(secret_key.encode())
        self._fernet: Any = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, token: str, workspace_id: str) -> bytes:
        """A token as it is kept, tied to its workspace: in another one's row it doesn't open."""
        return bytes(self._fernet.encrypt(f"{workspace_id} {token}".encode()))

    def open(self, sealed: bytes, workspace_id: str) -> str:
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            owner, _, token = self._fernet.decrypt(sealed).decode().partition(" ")
        except InvalidToken:
            raise WrongKey from None
        if owner != workspace_id:
            raise WrongKey
        return str(token)
