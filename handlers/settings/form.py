"""What was filled in in the forms of the settings; what it may be, the store says."""

from collections.abc import Mapping

from handlers.form.entered import Answers, Values
from handlers.views.settings.form import LOUD
from store.errors import Invalid
from store.opportunity.status import STAGES, Status
from store.person.person import Actor
from store.settings.channels import ChannelSettings, Told
from store.settings.settings import Stage
from store.workspace import Archiving, Workspace

NO_NUMBER = -1
"""What can't be read as a number is none of those that the store takes."""


def stages(values: Values) -> Mapping[Status, Stage]:
    read = Answers(values)
    return {
        stage: Stage(
            label=read.text(f"label_{stage}"),
            probability=_number(read.text(f"probability_{stage}").replace("%", "")),
            expected_days=_number(read.text(f"days_{stage}")),
        )
        for stage in STAGES
    }


def _number(text: str) -> int:
    said = text.strip()
    known = said.isdecimal() and len(said) <= len("1000")
    return int(said) if known else NO_NUMBER


def reasons(values: Values) -> str:
    return Answers(values).text("reasons")


def archiving(values: Values) -> Archiving:
    chosen = Answers(values).member("archiving", Archiving)
    if chosen is None:
        raise Invalid({"archiving": "Choose who may archive deals."})
    return chosen


def channel(values: Values, actor: Actor, workspace: Workspace) -> ChannelSettings:
    """The threshold as `actor` writes amounts."""
    read = Answers(values)
    least = read.amount("threshold", actor, workspace)
    asked = read.ticked("also")
    loud = LOUD in read.ticked("loud_wins")
    also = frozenset(one for one in Told if one in asked)
    return read.agreed(lambda: ChannelSettings(loud_wins=loud, threshold=least, also=also))
