"""What the three people did for the deals of the sample data, besides what changed them."""

from collections.abc import Mapping

from bot.demo.sample.steps import Logged, Step
from bot.demo.workspace import ALICE, BOB
from store.activity import ActivityKind


def _called(what: str) -> Logged:
    return Logged(ActivityKind.CALL, what)


def _wrote(what: str) -> Logged:
    return Logged(ActivityKind.EMAIL, what)


def _met(what: str) -> Logged:
    return Logged(ActivityKind.MEETING, what)


def _noted(what: str) -> Logged:
    return Logged(ActivityKind.NOTE, what)


DIARY: Mapping[str, tuple[Step, ...]] = {
    "Acme renewal": (
        Step(30, _called("Happy with the service. Wants to know what 10 more seats would cost.")),
        Step(9, _met("Went through the offer together. The price is fine, the term is not."), BOB),
        Step(3, _wrote("Sent the quote for two years instead of three.")),
    ),
    "Globex rollout": (
        Step(40, _met("Kick-off in Leeds with their head of IT and two of her people.")),
        Step(8, _called("Legal has the contract. They expect an answer by the end of the week.")),
    ),
    "Initech support contract": (
        Step(16, _called("Priya is away until Monday. Her assistant will put us in.")),
        Step(5, _wrote("Asked again for the signed copy.")),
    ),
    "Hooli Berlin office": (
        Step(20, _called("They compare us with a local offer. Ours is 8% more.")),
        Step(7, _met("Demo for the Berlin team. Questions about hosting in Germany."), ALICE),
    ),
    "Stark fleet tracking": (Step(10, _met("Rode along in one of their vans.")),),
    "Wayne Hospitals tender": (
        Step(44, _noted("Deadline for questions is the 15th. Answers go to all bidders.")),
        Step(12, _wrote("Sent both references they had asked for.")),
    ),
    "Umbrella Foods pilot": (Step(4, _called("Pilot store is chosen: Bristol.")),),
    "Pied Piper storage": (
        Step(2, _called("Finn has budget approval. He wants to sign before the 1st.")),
    ),
    "Cyberdyne robots": (Step(17, _met("Board meeting. Our price was the only open point.")),),
}
"""By the name of the deal, oldest first; each on a day on which nothing else happened to it."""
