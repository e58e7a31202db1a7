"""What really happened: the ways cases went through a definition, how long they stood where, and where they came back."""

from workflow.mining.paths import Mined, Variant, mine
from workflow.mining.reading import MOST, Passed, Sample, sample

__all__ = ["MOST", "Mined", "Passed", "Sample", "Variant", "mine", "sample"]
