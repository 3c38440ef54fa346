"""What Slack's documentation says of each Web API method and event that the bot can use."""

from dataclasses import dataclass

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
OPEN = ("channels:manage", "groups:write", "im:write", "mpim:write")
WRITE = ("chat:write",)
FILES = ("files:write",)
USERS = ("users:read",)

TIER_2, TIER_3, TIER_4 = 20, 50, 100
SPECIAL = 300
"""Special methods have no published figure ("hundreds a minute"): this is our reading of it."""

POSTS_PER_MINUTE = 60
POST_BURST = 5
"""One message a second in a channel; short bursts are tolerated, how short is not said."""


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: calls a minute, scopes of which one is enough, what it must be given."""

    rate: int
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    json: bool = False


METHODS = {
    "auth.test": Method(SPECIAL, json=True),
    "apps.connections.open": Method(TIER_3, json=True),
    "bots.info": Method(TIER_3, USERS),
    "chat.delete": Method(TIER_3, WRITE, ("channel", "ts"), json=True),
    "chat.getPermalink": Method(SPECIAL, (), ("channel", "message_ts")),
    "chat.postEphemeral": Method(TIER_4, WRITE, ("channel", "user"), json=True),
    "chat.postMessage": Method(SPECIAL, WRITE, ("channel",), json=True),
    "chat.update": Method(TIER_3, WRITE, ("channel", "ts"), json=True),
    "conversations.history": Method(TIER_3, HISTORY, ("channel",), json=True),
    "conversations.info": Method(TIER_3, READ, ("channel",)),
    "conversations.join": Method(TIER_3, ("channels:join",), ("channel",), json=True),
    "conversations.list": Method(TIER_2, READ),
    "conversations.members": Method(TIER_4, READ, ("channel",)),
    "conversations.open": Method(TIER_3, OPEN, json=True),
    "conversations.replies": Method(TIER_3, HISTORY, ("channel", "ts")),
    "files.completeUploadExternal": Method(TIER_4, FILES, ("files",), json=True),
    "files.getUploadURLExternal": Method(TIER_4, FILES, ("filename", "length")),
    "oauth.v2.access": Method(SPECIAL),
    "team.info": Method(TIER_3, ("team:read",), json=True),
    "users.conversations": Method(TIER_3, READ),
    "users.info": Method(TIER_4, USERS, ("user",)),
    "users.list": Method(TIER_2, USERS),
    "views.open": Method(TIER_4, (), ("view",), json=True),
    "views.publish": Method(TIER_4, (), ("user_id", "view"), json=True),
    "views.push": Method(TIER_4, (), ("view",), json=True),
    "views.update": Method(TIER_4, (), ("view",), json=True),
}

EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": (),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unarchive": ("channels:read",),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""What an app can subscribe to, and the scopes of which one is needed."""
