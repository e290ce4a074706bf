"""Gửi thư: whatever waits in the outbox."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao.domain.delivery import DeliverySummary
from baocao.mail.sending.delivery import deliver_all
from baocao.oversight.refusals import tell_refusals
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace
from tasks.support.progress import watched
from tasks.support.retrying import if_outside_failed


@task(
    name="Gửi thư",
    cache_policy=NO_CACHE,
    retries=3,
    retry_delay_seconds=[10, 60, 300],
    retry_condition_fn=if_outside_failed,
    timeout_seconds=3600,
)
def deliver(clock: Clock) -> DeliverySummary:
    """Send what is due; what the outside world refuses for now stays in the outbox for the next run.

    What a recipient's server refuses for good is told to the operators at once.
    """
    workspace = open_workspace()
    summary = deliver_all(workspace, clock, watched("gui-thu", "Gửi thư"))
    if tell_refusals(workspace, clock):
        deliver_all(workspace, clock)
    return summary
