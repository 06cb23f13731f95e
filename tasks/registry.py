"""Every stage, in the order in which a tick runs them: what one stage leaves behind is the next one's work."""

from tasks import (
    assurance,
    deliver,
    disclosure,
    exit_planning,
    identification,
    meetings,
    pre_release,
    prompts,
    replies,
    reports,
    screening,
)
from tasks.stage import Stage

STAGES: dict[str, Stage] = {
    stage.name: stage
    for stage in (
        identification.STAGE,
        pre_release.STAGE,
        screening.STAGE,
        replies.STAGE,
        meetings.STAGE,
        disclosure.STAGE,
        exit_planning.STAGE,
        prompts.STAGE,
        deliver.STAGE,
        reports.STAGE,
        assurance.STAGE,
    )
}
