"""All periodic jobs, room by room: what the scheduler process runs and the pages show the health of."""

from definitions import jobs as definitions
from notifications import jobs as notifications
from workflow import jobs as workflow

JOBS = (*workflow.JOBS, *definitions.JOBS, *notifications.JOBS)
