"""What is done with one stack, in order: look, show, ask, do, try, seed; and take back what does not work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from infra.local.deploy import Deployment
from infra.stacks.accounts import Account
from infra.stacks.alarms import Alarm, ringing
from infra.stacks.artefacts import Artefacts, Release
from infra.stacks.changes import losses
from infra.stacks.client_file import StackFile
from infra.stacks.drift import Packed, Step
from infra.stacks.entering import entered
from infra.stacks.exports import Holdings, erase, export
from infra.stacks.formation import ChangeSet, Formation, Stack, StackTrouble
from infra.stacks.parameters import changed_parameters, parameters
from infra.stacks.seeding import Seeding
from infra.stacks.smoke import Smoke
from vigie import wiring
from vigie.errors import NotFound

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """The stacks of one account. ``show`` takes lines of JSON; ``tell`` sentences for whoever waits."""

    account: Account
    show: Callable[[Line], None]
    tell: Callable[[str], None]
    packed: Callable[[Sequence[str]], list[Packed]]
    confirm: Callable[[str], bool]
    smoke_limit_seconds: float = 300.0
    artefacts: Artefacts = field(init=False)
    formation: Formation = field(init=False)

    def __post_init__(self) -> None:
        """Reach into the account."""
        object.__setattr__(self, "artefacts", Artefacts(self.account))
        object.__setattr__(self, "formation", Formation(self.account))

    # -- looking ---------------------------------------------------------------------------------------------

    def plan(self, file: StackFile, release: Release) -> None:
        """Show what a deployment would do, and leave no trace. Raises BadField or StackTrouble."""
        change_set, values = self._prepare(file, release)
        try:
            self._show_plan(file, release, change_set, values)
        finally:
            self.formation.discard(change_set)

    def status(self, name: str, file: StackFile | None) -> None:
        """Show how a stack stands: its release, its alarms, what waits in its dead letters, what has drifted."""
        stack = self.formation.stack(name)
        if stack is None:
            self.show({"kind": "status", "stack": name, "status": "absent"})
            return
        drift = [step.address for step in self._steps(file, stack) if step.action == "keep"] if file else []
        self.show(
            {
                "kind": "status",
                "stack": name,
                "status": stack.status,
                "release": self._release_of(name),
                "changed_at": stack.changed_at.isoformat() if stack.changed_at else None,
                "protected": stack.protected,
                "alarms": [alarm.name for alarm in self.alarms(name)],
                "dead_letters": self._dead_letters(stack),
                "drift": drift,
                "api": stack.outputs.get("ApiUrl"),
            }
        )

    def alarms(self, name: str) -> list[Alarm]:
        """Return the alarms of a stack that ring; none where there is no stack yet."""
        return ringing(self.account, self.formation, name)

    # -- deploying -------------------------------------------------------------------------------------------

    def deploy(self, file: StackFile, release: Release, allowed: Sequence[str] = ()) -> bool:
        """Deploy, try, seed; return False when nobody wanted it. Raises StackTrouble once all is as it was before.

        ``allowed`` names resources that may be replaced though they hold something.
        """
        former = self.former(file)
        change_set, values = self._prepare(file, release)
        self._show_plan(file, release, change_set, values)
        if lost := losses(change_set.changes, allowed):
            self.formation.discard(change_set)
            names = ", ".join(change.resource for change in lost)
            raise StackTrouble(
                f"{file.stack}: what {names} holds would be left behind: name each with --replace."
            )
        if not self.confirm(f"Deploy {file.stack}, {len(change_set.changes)} changes?"):
            self.formation.discard(change_set)
            return False
        stack = self._execute(release, change_set, values)
        try:
            digest_id = self._try(stack)
        except StackTrouble as trouble:
            self.tell(f"{file.stack}: the smoke test failed, rolling back")
            (former or partial(self._take_down, file))()
            raise StackTrouble(f"{trouble} Rolled back.") from trouble
        self.show({"kind": "smoke", "stack": file.stack, "digest": digest_id})
        for line in self._seed(file, stack):
            self.show(line)
        self.show(
            {
                "kind": "deployed",
                "stack": file.stack,
                "release": release.release_id,
                "api": stack.outputs.get("ApiUrl"),
            }
        )
        return True

    def _prepare(self, file: StackFile, release: Release) -> tuple[ChangeSet, dict[str, str]]:
        values = parameters(file, release.template["Parameters"], local=self.account.local)
        self._demand_secrets(file)
        self.tell(f"{file.stack}: preparing release {release.release_id}")
        return self.formation.prepare(file.stack, release, values, {"Client": file.client}), values

    def _execute(self, release: Release, change_set: ChangeSet, values: Mapping[str, str]) -> Stack:
        self.tell(f"{change_set.stack}: deploying, {len(change_set.changes)} changes")
        stack = self.formation.execute(change_set)
        self.account.complete(release.template, values, stack.outputs)
        self.formation.protect(stack.name, on=True)
        return stack

    def _try(self, stack: Stack) -> str:
        self.tell(f"{stack.name}: smoke test, a feed becomes a digest")
        with self._inside(stack):
            return Smoke(
                account=self.account,
                stack=stack,
                bucket=self.artefacts.bucket,
                limit_seconds=self.smoke_limit_seconds,
            ).run()

    def former(self, file: StackFile) -> Callable[[], None] | None:
        """Return what brings back the template and parameters of now; None when there is no stack yet.

        What was seeded from the file stays: it is the client's by then, and any release reads it.
        """
        stack = self.formation.stack(file.stack)
        if stack is None:
            return None
        release = self.artefacts.keep(self.formation.template(file.stack))

        def put_back() -> None:
            change_set = self.formation.prepare(
                file.stack, release, stack.parameters, {"Client": file.client}
            )
            self._execute(release, change_set, stack.parameters)
            self.show({"kind": "rolled_back", "stack": file.stack, "release": release.release_id})

        return put_back

    def _take_down(self, file: StackFile) -> None:
        """Remove a stack that is new, with the nothing that it holds."""
        stack = self.formation.stack(file.stack)
        self._remove(file.stack, Holdings.of(stack) if stack else None)
        self.show({"kind": "rolled_back", "stack": file.stack, "release": None})

    def _demand_secrets(self, file: StackFile) -> None:
        """Raise StackTrouble naming the secrets that nobody has put in place. Values are not read."""
        names = [f"/{file.stack}/{secret}" for secret in file.secrets]
        ssm, there = self.account.client("ssm"), set()
        for name in names:
            found = ssm.describe_parameters(
                ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [name]}]
            )
            there |= {each["Name"] for each in found["Parameters"]}
        if missing := [name for name in names if name not in there]:
            raise StackTrouble(
                f"{file.stack}: {', '.join(missing)} is not in the parameter store. "
                f"Put it there: aws ssm put-parameter --type SecureString --name {missing[0]} --value …"
            )

    # -- what is in it ---------------------------------------------------------------------------------------

    def _inside(self, stack: Stack) -> Any:
        return entered(Deployment(stack.name, stack.outputs).settings(stack.parameters))

    def _seeding(self) -> Seeding:
        return Seeding(
            desk=wiring.desk(),
            accounts=wiring.accounts(),
            sources=wiring.sources(),
            blobs=wiring.blobs(),
            clock=wiring.now,
            shard_count=wiring.settings().shard_count,
            enrol=wiring.appointments().keep,
        )

    def _steps(self, file: StackFile, stack: Stack) -> list[Step]:
        with self._inside(stack):
            return self._seeding().plan(file, self.packed(file.source_packs))

    def _seed(self, file: StackFile, stack: Stack) -> list[Line]:
        self.tell(f"{file.stack}: seeding")
        packed = self.packed(file.source_packs)
        with self._inside(stack):
            return [_seed_line(file.stack, step) for step in self._seeding().run(file, packed)]

    def _show_plan(
        self, file: StackFile, release: Release, change_set: ChangeSet, values: Mapping[str, str]
    ) -> None:
        before = self.formation.stack(file.stack)
        action = "create" if before is None else "update" if change_set.changes else "none"
        self.show({"kind": "stack", "stack": file.stack, "action": action, "release": release.release_id})
        changed = changed_parameters(before.parameters if before else {}, values)
        for name, (was, becomes) in changed.items():
            self.show(
                {"kind": "parameter", "stack": file.stack, "name": name, "was": was, "becomes": becomes}
            )
        for change in change_set.changes:
            self.show(
                {
                    "kind": "change",
                    "stack": file.stack,
                    "action": change.action,
                    "resource": change.resource,
                    "type": change.kind,
                    "replacement": change.replacement,
                }
            )
        for step in self._steps(file, before) if before else []:
            self.show(_seed_line(file.stack, step))

    def _dead_letters(self, stack: Stack) -> int:
        answer = self.account.client("sqs").get_queue_attributes(
            QueueUrl=stack.outputs["DeadLettersUrl"], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def _release_of(self, name: str) -> str:
        return str(self.formation.template(name).get("Metadata", {}).get("Release", ""))

    # -- the end ---------------------------------------------------------------------------------------------

    def destroy(self, name: str, folder: Path, *, with_data: bool) -> bool:
        """Export, then delete a stack; return False when nobody wanted it. What it holds stays, unless ``with_data``.

        Interrupted, it goes on from the export's manifest. Raises NotFound or StackTrouble.
        """
        stack = self.formation.stack(name)
        holdings = Holdings.of(stack) if stack else Holdings.read(folder, name)
        if holdings is None:
            raise NotFound(f"There is no stack {name}.")
        what = "and all it holds" if with_data else "and leave what it holds"
        if not self.confirm(f"Export {name} to {folder}, delete it {what}?"):
            return False
        if stack is not None:
            manifest = export(self.account, stack, self._release_of(name), folder, self.tell)
            self.show(
                {"kind": "exported", "stack": name, "folder": str(folder), "counts": manifest["counts"]}
            )
        gone = self._remove(name, holdings if with_data else None)
        left = [] if with_data else [*holdings.tables.values(), holdings.bucket]
        self.show({"kind": "destroyed", "stack": name, "erased": gone, "left": left})
        return True

    def _remove(self, name: str, holdings: Holdings | None) -> list[str]:
        """Delete a stack, and what it held where that is given; return the names of what was erased."""
        if self.formation.stack(name) is not None:
            self.tell(f"{name}: deleting")
            self.formation.protect(name, on=False)
            self.formation.delete(name)
        return erase(self.account, holdings) if holdings else []


def _seed_line(stack: str, step: Step) -> Line:
    return {
        "kind": "seed",
        "stack": stack,
        "what": step.address,
        "action": step.action,
        "file": step.filed,
        "stands": step.standing,
    }
