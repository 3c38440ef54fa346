"""The demo's sample data: what three people of Northwind Sales sold in the last weeks.

Days are counted back from today, so that the pipeline is always fresh: a deal that was opened 34
days ago and is to close in 7 stays that.
"""

from bot.demo.sample.steps import (
    Deal,
    Edited,
    Lost,
    Moved,
    Paused,
    Reopened,
    Rescheduled,
    Resumed,
    Step,
    Won,
)
from bot.demo.workspace import ALICE, BOB, CAROL
from store.contact import ContactDraft
from store.money import Money
from store.opportunity.status import Status


def _pounds(amount: int) -> Money:
    return Money(amount * 100, "GBP")


def _euros(amount: int) -> Money:
    return Money(amount * 100, "EUR")


_pitching, _quoting, _closing = (
    Moved(Status.PITCHING),
    Moved(Status.QUOTING),
    Moved(Status.CLOSING),
)


def _someone(name: str, company: str, email: str, phone: str = "", notes: str = "") -> ContactDraft:
    return ContactDraft(name=name, company=company, email=email, phone=phone, notes=notes)


CONTACTS = (
    _someone("Jane Doe", "Acme Ltd", "jane.doe@acme.example", "020 7946 0101", "Decides alone."),
    _someone("Omar Haddad", "Globex", "omar@globex.example", "020 7946 0102"),
    _someone("Priya Nair", "Initech", "priya.nair@initech.example", "0161 496 0103"),
    _someone("Tom Becker", "Hooli GmbH", "t.becker@hooli.example", "", "Offers in euros."),
    _someone("Sofia Rossi", "Umbrella Foods", "sofia@umbrella.example", "0117 496 0105"),
    _someone("Liam O'Connor", "Stark Logistics", "liam@stark.example", "0131 496 0106"),
    _someone("Grace Kim", "Wayne Hospitals", "grace.kim@wayne.example", "0113 496 0107"),
    _someone("Noah Fischer", "Tyrell Optics", "noah@tyrell.example"),
    _someone("Amelia Wright", "Cyberdyne", "amelia@cyberdyne.example", "0151 496 0109"),
    _someone("Lucas Martin", "Soylent", "lucas.martin@soylent.example"),
    _someone("Ella Novak", "Vandelay Imports", "ella@vandelay.example", "029 2018 0111"),
    _someone("Hugo Silva", "Oscorp", "hugo@oscorp.example"),
    _someone("Maya Cohen", "Dunder Paper", "maya@dunder.example", "0115 496 0113"),
    _someone("Finn Larsen", "Pied Piper", "finn@piedpiper.example"),
    _someone("Zoe Evans", "Bluth Homes", "zoe@bluth.example", "028 9018 0115"),
)

DEALS = (
    Deal(
        name="Acme renewal",
        contact="Jane Doe",
        owner=ALICE,
        opened=34,
        value=_pounds(10_000),
        close=7,
        notes="Three more seats than last year. Jane wants the quote by Friday.",
        steps=(
            Step(26, _pitching),
            Step(12, Edited("value", _pounds(12_000)), BOB),
            Step(4, _quoting),
        ),
    ),
    Deal(
        name="Acme training days",
        contact="Jane Doe",
        owner=BOB,
        opened=9,
        value=_pounds(3_600),
        close=40,
    ),
    Deal(
        name="Globex rollout",
        contact="Omar Haddad",
        owner=ALICE,
        opened=52,
        value=_pounds(84_000),
        close=12,
        steps=(
            Step(45, _pitching),
            Step(30, _quoting),
            Step(9, _closing),
            Step(3, Edited("probability", 90)),
        ),
    ),
    Deal(
        name="Initech support contract",
        contact="Priya Nair",
        owner=CAROL,
        opened=60,
        value=_pounds(18_500),
        close=-3,
        steps=(Step(51, _pitching), Step(33, _quoting), Step(20, _closing)),
    ),
    Deal(
        name="Hooli Berlin office",
        contact="Tom Becker",
        owner=BOB,
        opened=41,
        value=_euros(46_000),
        close=18,
        steps=(Step(29, _pitching), Step(11, _quoting)),
    ),
    Deal(
        name="Umbrella Foods pilot",
        contact="Sofia Rossi",
        owner=CAROL,
        opened=16,
        value=_pounds(7_200),
        close=25,
        steps=(Step(6, _pitching),),
    ),
    Deal(
        name="Stark fleet tracking",
        contact="Liam O'Connor",
        owner=ALICE,
        opened=38,
        value=_pounds(64_000),
        close=32,
        steps=(Step(21, _pitching), Step(2, _quoting)),
    ),
    Deal(
        name="Wayne Hospitals tender",
        contact="Grace Kim",
        owner=BOB,
        opened=70,
        value=_pounds(120_000),
        close=21,
        notes="Two rounds. References from other hospitals are asked for.",
        steps=(Step(58, _pitching), Step(31, _quoting)),
    ),
    Deal(
        name="Tyrell lens scanners",
        contact="Noah Fischer",
        owner=CAROL,
        opened=23,
        value=_pounds(22_400),
        close=48,
        steps=(Step(13, _pitching),),
    ),
    Deal(name="Cyberdyne evaluation", contact="Amelia Wright", owner=ALICE, opened=5, close=60),
    Deal(
        name="Soylent catering app",
        contact="Lucas Martin",
        owner=BOB,
        opened=44,
        value=_pounds(15_000),
        close=-9,
        steps=(Step(40, _pitching), Step(36, Rescheduled(-9))),
    ),
    Deal(
        name="Vandelay warehouse",
        contact="Ella Novak",
        owner=CAROL,
        opened=19,
        value=_pounds(38_000),
        close=55,
    ),
    Deal(
        name="Oscorp lab licences",
        contact="Hugo Silva",
        owner=ALICE,
        opened=12,
        value=_pounds(9_900),
        close=30,
        steps=(Step(1, _pitching),),
    ),
    Deal(name="Dunder Paper website", contact="Maya Cohen", owner=BOB, opened=2, close=75),
    Deal(
        name="Pied Piper storage",
        contact="Finn Larsen",
        owner=CAROL,
        opened=28,
        value=_euros(27_500),
        close=14,
        steps=(Step(22, _pitching), Step(15, _quoting), Step(5, _closing)),
    ),
    Deal(
        name="Bluth Homes showroom",
        contact="Zoe Evans",
        owner=ALICE,
        opened=35,
        value=_pounds(31_000),
        close=90,
        steps=(Step(24, _pitching), Step(8, Paused(50))),
    ),
    Deal(
        name="Globex Scotland",
        contact="Omar Haddad",
        owner=BOB,
        opened=7,
        value=_pounds(26_000),
        close=80,
    ),
    Deal(
        name="Initech phones",
        contact="Priya Nair",
        owner=CAROL,
        opened=33,
        value=_pounds(5_400),
        close=10,
        steps=(Step(25, _pitching), Step(17, Paused(35)), Step(6, Resumed())),
    ),
    Deal(
        name="Hooli data migration",
        contact="Tom Becker",
        owner=ALICE,
        opened=30,
        value=_euros(12_000),
        close=-6,
        steps=(
            Step(24, _pitching),
            Step(18, _quoting),
            Step(10, _closing),
            Step(6, Won(_euros(11_400))),
        ),
    ),
    Deal(
        name="Umbrella Foods tills",
        contact="Sofia Rossi",
        owner=CAROL,
        opened=48,
        value=_pounds(19_800),
        close=-11,
        steps=(
            Step(39, _pitching),
            Step(27, _quoting),
            Step(19, _closing),
            Step(11, Won(_pounds(19_800))),
        ),
    ),
    Deal(
        name="Stark driver app",
        contact="Liam O'Connor",
        owner=BOB,
        opened=26,
        value=_pounds(8_750),
        close=-1,
        steps=(Step(16, _pitching), Step(10, _quoting), Step(1, Won(_pounds(8_000)))),
    ),
    Deal(
        name="Wayne Hospitals beds",
        contact="Grace Kim",
        owner=CAROL,
        opened=55,
        value=_pounds(52_000),
        close=-5,
        steps=(
            Step(46, _pitching),
            Step(28, _quoting),
            Step(7, Lost("Competitor", "They went with their old supplier")),
        ),
    ),
    Deal(
        name="Cyberdyne robots",
        contact="Amelia Wright",
        owner=ALICE,
        opened=31,
        value=_pounds(75_000),
        close=20,
        steps=(Step(20, _pitching), Step(14, Lost("Price"))),
    ),
    Deal(
        name="Soylent loyalty cards",
        contact="Lucas Martin",
        owner=BOB,
        opened=40,
        value=_pounds(11_250),
        close=28,
        steps=(
            Step(32, _pitching),
            Step(23, Lost("Timing", "Budget comes in the new year")),
            Step(3, Reopened(28)),
        ),
    ),
    Deal(name="Vandelay Sunday opening", contact=None, owner=CAROL, opened=1),
    Deal(
        name="Tyrell service plan",
        contact="Noah Fischer",
        owner=BOB,
        opened=22,
        value=_pounds(4_300),
        close=16,
        steps=(Step(17, _pitching), Step(8, _quoting), Step(2, _closing)),
    ),
)
