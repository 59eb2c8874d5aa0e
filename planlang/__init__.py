"""planlang: AI data centres planned as code.

`check`, `load` and `loads` give a `Result` or a `Plan`; what goes wrong is a `PlanError`. See `planlang.face`
and `planlang.answers`.
"""

__version__ = "0.1.0"

__all__ = [
    "CannotReadError",
    "Comparison",
    "Element",
    "Finding",
    "Plan",
    "PlanError",
    "Quantity",
    "Result",
    "Schedule",
    "UnitMismatchError",
    "UnknownError",
    "check",
    "load",
    "loads",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from planlang.answers import Comparison, Element, Quantity, Result, Schedule
    from planlang.errors import CannotReadError, PlanError, UnitMismatchError, UnknownError
    from planlang.face import Plan, check, load, loads
    from planlang.lang.finding import Finding


def __getattr__(name: str) -> object:
    """A public name, imported when it is first used, so that the command line starts fast."""
    if name not in __all__:
        raise AttributeError(f"module `planlang` has no attribute `{name}`")
    if name == "Finding":
        from planlang.lang import finding

        return finding.Finding
    if name in ("Comparison", "Element", "Quantity", "Result", "Schedule"):
        from planlang import answers

        return getattr(answers, name)
    from planlang import errors, face

    return getattr(errors if name.endswith("Error") else face, name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
