"""The exported process in SpiffWorkflow: parsed, and worked task by task."""

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.exports.walks import Step
from workflow.catalogue import Blueprint


def parse(code: str, document: str):
    """The process as SpiffWorkflow understands it, after its own check against the schema of OMG."""
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_xml(etree.ElementTree(etree.fromstring(document.encode())))
    return parser.get_spec(code)


class Run:
    """One case in the foreign engine."""

    def __init__(self, spec, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.workflow = BpmnWorkflow(spec)
        self.workflow.do_engine_steps()

    def waiting(self) -> set[str]:
        """The tasks somebody must do now."""
        return {task.task_spec.bpmn_id for task in self._open()}

    def do(self, element: str, action: str) -> None:
        """Finish a task with this decision."""
        task = next(task for task in self._open() if task.task_spec.bpmn_id == element)
        told = {"action": action}
        if task.task_spec.manual:
            task.data.update(told)
            task.run()
        else:
            name = f"message_{element}"
            self.workflow.catch(BpmnEvent(MessageEventDefinition(name), payload=told))
        self.workflow.do_engine_steps()

    def _open(self):
        return [
            task
            for task in self.workflow.get_tasks(state=TaskState.READY | TaskState.WAITING)
            if task.task_spec.bpmn_id and task.task_spec.bpmn_id.startswith(("stage_", "part_"))
        ]

    def walk(self, steps: list[Step], order: int = 1) -> list[str]:
        """Go the whole way, the parts of a stage in their order or, with -1, the other way round; return the ends."""
        for source, action, _target in steps:
            parts = [f"part_{source}_{part.code}" for part in self.blueprint.stages[source].parts][::order]
            for done, part in enumerate(parts):
                assert self.waiting() == set(parts[done:])
                self.do(part, "")
            assert self.waiting() == {f"stage_{source}"}
            self.do(f"stage_{source}", action)
        done = self.workflow.get_tasks(state=TaskState.COMPLETED)
        return [task.task_spec.bpmn_id for task in done if (task.task_spec.bpmn_id or "").startswith("end_")]
