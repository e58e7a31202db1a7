"""The periodic jobs of the programmes."""

from definitions import payment_lists
from definitions.shared import sampling

JOBS = (*payment_lists.JOBS, *sampling.JOBS)
