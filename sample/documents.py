"""The JSON object of a simulation."""

from datetime import date

from pydantic import Field

from sample.answers import Given
from sample.simulate import Every, Simulated, Span
from views.model import View


class SpanView(View, title="Days"):
    """Days from the first to the last, both included."""

    first: date = Field(serialization_alias="from", description="The first day.")
    last: date = Field(serialization_alias="to", description="The last day.")


class StageTotalView(View, title="What a stage did in all"):
    """What a stage did in all ticks of a simulation."""

    stage: str = Field(description="The stage.", examples=["prompts"])
    done: int = Field(description="How many were done.")
    failed: int = Field(description="How many failed.")


class SimulationView(SpanView, title="What a simulation did"):
    """What a simulation did, day by day or hour by hour."""

    every: Every = Field(description="How often the clock ticked.")
    outage: SpanView | None = Field(description="The days on which the clock stood still, or null.")
    ticks: int = Field(description="How many ticks ran.")
    ticks_skipped: int = Field(description="How many the outage left out.")
    prompts: int = Field(description="How many prompts were raised.")
    prompts_by_kind: dict[str, int] = Field(description="The same by kind of timescale.")
    late: int = Field(description="How many of them went out after their day.")
    messages: dict[str, int] = Field(description="The messages of the record by state, at the end.")
    stages: list[StageTotalView] = Field(description="What each stage did in all.")


class AnswersView(View, title="What invented people recorded"):
    """What the invented people of a simulation recorded."""

    seed: int = Field(description="The seed.", examples=[7])
    facts: dict[str, int] = Field(description="How many facts of each kind were recorded.")
    meetings_held: int = Field(description="How many meetings were held.")
    absences: int = Field(description="How many required agencies neither came nor reported.")
    escalations_to_smb_chair: int = Field(description="How many prompts went to the SMB Chair.")
    refused_as_meant: int = Field(
        description="How many forms were to be refused, and were: an action that is only said to be done."
    )
    refused: int = Field(description="How many others were refused.")
    refusals: list[str] = Field(description="Case, kind and reasons of those.")


class AnsweredSimulationView(SimulationView, title="What a simulation with answers did"):
    """The same, where invented people recorded what was due of them."""

    answers: AnswersView = Field(description="What they recorded.")


def simulation_view(done: Simulated, outage: Span | None) -> SimulationView:
    """Return what a simulation did; with what invented people recorded, where they did."""
    seen = SimulationView(
        first=done.span.first,
        last=done.span.last,
        every=done.every,
        outage=SpanView.model_validate(outage) if outage else None,
        ticks=done.ticks,
        ticks_skipped=done.skipped,
        prompts=done.prompts,
        prompts_by_kind=done.prompts_by_kind,
        late=done.late,
        messages=done.messages,
        stages=[
            StageTotalView(stage=name, done=count, failed=done.failed[name]) for name, count in done.handled.items()
        ],
    )
    return AnsweredSimulationView(**dict(seen), answers=answers_view(done.answers)) if done.answers else seen


def answers_view(given: Given) -> AnswersView:
    """Return what invented people recorded."""
    return AnswersView(
        seed=given.seed,
        facts=dict(sorted(given.facts.items())),
        meetings_held=given.meetings_held,
        absences=given.absences,
        escalations_to_smb_chair=given.escalations_to_smb_chair,
        refused_as_meant=given.refused_as_meant,
        refused=given.refused,
        refusals=given.unexpected,
    )
