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
        self.workflow.set_data(parts=[])
        self.seen: list[str] = []

    def enter(self, parts: tuple[str, ...]) -> None:
        """Say which parts will be done, should the stage that comes have any, and go on to it."""
        self.workflow.task_tree.data["parts"] = list(parts)
        for task in self.workflow.get_tasks(state=TaskState.READY):
            task.data["parts"] = list(parts)
        self.workflow.do_engine_steps()

    def waiting(self) -> set[str]:
        """The tasks somebody must do now."""
        return {task.task_spec.bpmn_id for task in self._open()}

    def do(self, element: str, action: str, parts: tuple[str, ...]) -> None:
        """Finish a task with this decision."""
        task = next(task for task in self._open() if task.task_spec.bpmn_id == element)
        told = {"action": action, "parts": list(parts)}
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

    def walk(self, steps: list[Step], parts: tuple[str, ...] = ()) -> list[str]:
        """Go the whole way, doing these parts wherever they are; return the ends reached."""
        self.enter(parts)
        for source, action, _target in steps:
            stage = self.blueprint.stages[source]
            for part in stage.parts:
                element = f"part_{source}_{part.code}"
                if part.code in parts:
                    self.do(element, "", parts)
            assert self.waiting() == {f"stage_{source}"}
            self.do(f"stage_{source}", action, parts)
        done = self.workflow.get_tasks(state=TaskState.COMPLETED)
        return [task.task_spec.bpmn_id for task in done if (task.task_spec.bpmn_id or "").startswith("end_")]
