"""All periodic jobs of the service, room by room."""

from notifications.jobs import JOBS as NOTIFICATION_JOBS
from workflow.jobs import JOBS as WORKFLOW_JOBS

JOBS = (*WORKFLOW_JOBS, *NOTIFICATION_JOBS)
