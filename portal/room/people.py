"""Who may come in, and what as: whoever has an address in the plan. Roles are read from the plan at every request."""

from dataclasses import dataclass

from baocao.domain.planned.plan import Plan, RecipientRole

_REPORTING = frozenset({RecipientRole.COORDINATOR, RecipientRole.APPROVER})
_DECIDING = _REPORTING | {RecipientRole.OPERATOR}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an address of the plan. ``units`` are the codes for which the address may send, in their order."""

    address: str
    name: str
    units: tuple[str, ...]
    roles: frozenset[RecipientRole]

    @property
    def is_coordinator(self) -> bool:
        """Whether every unit's pages are open, and every decision."""
        return RecipientRole.COORDINATOR in self.roles

    @property
    def has_desk(self) -> bool:
        """Whether anything waits for this person's decision."""
        return bool(self.roles & _DECIDING)

    @property
    def may_see_all(self) -> bool:
        """Whether the figures of all units are this person's to see: they stand in the reports that it decides on."""
        return bool(self.roles & _REPORTING)

    def may_see(self, unit: str | None) -> bool:
        """Whether a unit's files and findings are this person's to see."""
        return self.is_coordinator or unit in self.units


def person_of(plan: Plan, address: str) -> Person | None:
    """Whose address it is, whatever the case of its letters; None where the plan does not know it.

    Where the plan names no coordinator, the coordinating unit's own address is one.
    """
    wanted = address.strip().lower()
    units = [one for one in plan.units if wanted in _addresses(one.email, one.head_email, *one.senders)]
    recipients = [one for one in plan.recipients if wanted in _addresses(one.email)]
    roles = {role for one in recipients for role in one.roles}
    names = [*(one.name for one in recipients), *(one.name for one in units)]
    if not names:
        return None
    if not plan.recipients_of(RecipientRole.COORDINATOR) and plan.unit_by_code[plan.coordinator] in units:
        roles.add(RecipientRole.COORDINATOR)
    return Person(wanted, names[0], tuple(one.code for one in units), frozenset(roles))


def _addresses(*some: str) -> set[str]:
    return {one.lower() for one in some if one}
