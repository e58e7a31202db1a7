"""The periodic jobs of the programmes."""

from definitions import payment_lists
from definitions.intake import results
from definitions.shared import sampling
from definitions.standard_change import jobs as standard_change
from definitions.verification import jobs as verification

JOBS = (*standard_change.JOBS, *payment_lists.JOBS, *sampling.JOBS, *results.JOBS, *verification.JOBS)
