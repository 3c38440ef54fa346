"""What the three people planned for the deals of the sample data: overdue, today's, and later."""

from collections.abc import Mapping

from bot.demo.sample.steps import Did, Planned, Step
from bot.demo.workspace import ALICE, BOB, CAROL

PLANS: Mapping[str, tuple[Step, ...]] = {
    "Acme renewal": (
        Step(31, Planned("Ask Jane how many seats she needs", due=-28)),
        Step(29, Did("Ask Jane how many seats she needs")),
        Step(5, Planned("Call Jane about the quote", due=0, hour=16, notes="She decides alone.")),
    ),
    "Globex rollout": (
        Step(7, Planned("Chase Omar for the contract", due=-2)),
        Step(2, Planned("Book the trainer for Leeds", due=6, assignee=BOB), ALICE),
    ),
    "Initech support contract": (Step(11, Planned("Get the signed copy from Priya", due=-4)),),
    "Hooli Berlin office": (
        Step(6, Planned("Send the offer in euros", due=1, hour=11)),
        Step(3, Planned("Ask Tom about the lease", due=9)),
    ),
    "Umbrella Foods pilot": (Step(4, Planned("Pick the two shops for the pilot", due=3)),),
    "Wayne Hospitals tender": (
        Step(12, Planned("Collect three references", due=4, assignee=CAROL), BOB),
        Step(9, Planned("Write the second round", due=13)),
    ),
    "Tyrell lens scanners": (Step(10, Planned("Send the data sheet", due=0)),),
    "Vandelay warehouse": (Step(14, Planned("Ask who decides")),),
    "Oscorp lab licences": (Step(3, Planned("Show Hugo the new version", due=5, hour=10)),),
    "Pied Piper storage": (Step(1, Planned("Send the contract", due=1)),),
}
