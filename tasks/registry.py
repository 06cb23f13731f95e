"""Every stage, in the order in which a tick runs them: what one stage leaves behind is the next one's work."""

from tasks import deliver, identification, pre_release, prompts
from tasks.stage import Stage

STAGES: dict[str, Stage] = {
    stage.name: stage for stage in (identification.STAGE, pre_release.STAGE, prompts.STAGE, deliver.STAGE)
}
