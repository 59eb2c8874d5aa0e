"""planlang: AI data centres planned as code.

`check`, `load` and `loads` give a `Result` or a `Plan`; what goes wrong is a `PlanError`. See `planlang.face`.
"""

__version__ = "0.1.0"

__all__ = [
    "CannotReadError",
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
    from planlang.face import (
        CannotReadError,
        Element,
        Finding,
        Plan,
        PlanError,
        Quantity,
        Result,
        Schedule,
        UnitMismatchError,
        UnknownError,
        check,
        load,
        loads,
    )


def __getattr__(name: str) -> object:
    """The face is imported when it is first asked for: the command line starts without it."""
    if name not in __all__:
        raise AttributeError(f"module `planlang` has no attribute `{name}`")
    from planlang import face

    return getattr(face, name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
