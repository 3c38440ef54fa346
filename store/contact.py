"""A contact: a person or company that deals are with."""

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from store.errors import Invalid
from store.text import clean, one_line

NAME_MAX = 200
NOTES_MAX = 3000
EMAIL_MAX = 254
"""RFC 5321, 4.5.3.1.3: a path of 256 with its angle brackets."""


@dataclass(frozen=True, slots=True)
class ContactRef:
    """A contact as an opportunity names it."""

    id: int
    name: str
    company: str = ""

    @property
    def title(self) -> str:
        return f"{self.name}, {self.company}" if self.company else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    workspace_id: str
    id: int
    name: str
    company: str = ""
    email: str = ""
    phone: str = ""
    notes: str = ""
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    version: int = 1
    open_deals: int = 0
    """Open opportunities with this contact that the viewer may see."""

    @property
    def ref(self) -> ContactRef:
        return ContactRef(self.id, self.name, self.company)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """What a form or a command says of a contact, before it is one."""

    name: str
    company: str = ""
    email: str = ""
    phone: str = ""
    notes: str = ""

    def checked(self) -> "ContactDraft":
        """The same, cleaned; refuses an empty or overlong name and what can't be an e-mail."""
        wrong: dict[str, str] = {}
        name, company = one_line(self.name), one_line(self.company)
        email, phone = one_line(self.email), one_line(self.phone)
        if not name:
            wrong["name"] = "Write a name, like Jane Doe."
        elif len(name) > NAME_MAX:
            wrong["name"] = f"Write a name of at most {NAME_MAX} characters."
        if len(company) > NAME_MAX:
            wrong["company"] = f"Write a company of at most {NAME_MAX} characters."
        if email and not _is_email(email):
            wrong["email"] = "Write an e-mail address like jane@acme.com."
        if len(phone) > NAME_MAX:
            wrong["phone"] = f"Write a phone number of at most {NAME_MAX} characters."
        if len(self.notes) > NOTES_MAX:
            wrong["notes"] = f"Write notes of at most {NOTES_MAX:,} characters."
        if wrong:
            raise Invalid(wrong)
        return ContactDraft(
            name=name, company=company, email=email, phone=phone, notes=clean(self.notes)
        )


def _is_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return (
        bool(at and local and "." in domain.strip("."))
        and " " not in text
        and len(text) <= EMAIL_MAX
    )


FIELDS = ("name", "company", "email", "phone", "notes")


def marks(contact: Contact | ContactDraft) -> dict[str, str]:
    """A short mark of each field as it stands: what a form needs to carry to know, when it comes
    back, which of them were changed in it.
    """
    return {name: f"{crc32(getattr(contact, name).encode()):x}" for name in FIELDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactListing:
    """A page of contacts, `offset` from 0; `words` when they were searched for, and `alone` is
    then the only one that says them as they were written.
    """

    rows: tuple[Contact, ...]
    total: int
    offset: int = 0
    words: str | None = None
    alone: Contact | None = None
