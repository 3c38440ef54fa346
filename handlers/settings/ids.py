"""What rides with the buttons and forms of the settings."""

from dataclasses import dataclass

from handlers.payload import Payload
from store.settings.settings import Group


@dataclass(frozen=True, slots=True)
class SettingsGroup(Payload):
    group: Group


@dataclass(frozen=True, slots=True)
class ChannelId(Payload):
    id: str


@dataclass(frozen=True, slots=True)
class EditingSettings(Payload):
    """`page` is the page of settings below the form, `mark` of what the form was filled with."""

    group: Group
    page: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class EditingChannel(Payload):
    channel_id: str
    page: str | None = None
    mark: str | None = None
