"""Diagnostics as a JUnit report: a test case for each, and one for the plan itself. Needs the extra `junit`."""

from __future__ import annotations

from typing import Any

from junitparser import Failure, JUnitXml, TestCase, TestSuite

from planlang.views.diagnostics import place
from planlang.views.github import path_of
from planlang.views.printable import printable
from planlang.views.verdict import summary


def render(document: dict[str, Any], folder: str = "") -> str:
    """One suite. Errors are failures; warnings pass, and say what they are; what holds is one case that passes."""
    name = _xml(document["plan"]["name"])
    suite = TestSuite(name)
    whole = TestCase(name="check", classname=name)
    if document["verdict"] != "holds":
        whole.result = [Failure(_xml(summary(document)), document["verdict"])]
    suite.add_testcase(whole)
    for one in document["diagnostics"]:
        suite.add_testcase(_case(one, name, folder))
    report = JUnitXml(name)
    report.add_testsuite(suite)
    report.update_statistics()  # type: ignore[no-untyped-call, unused-ignore]
    made: bytes = report.tostring()  # type: ignore[no-untyped-call, unused-ignore]
    return made.decode("utf-8") + "\n"


def _case(one: dict[str, Any], name: str, folder: str) -> TestCase:
    subject = f" {one['subject']}" if one["subject"] else ""
    case = TestCase(name=_xml(f"{one['code']} {one['name']}{subject}"), classname=name)
    where = "" if one["span"] is None else place(one["span"], folder)
    lines = [where, one["message"], *one["notes"], *(f"fix: {fix['message']}" for fix in one["fixes"])]
    text = "\n".join([_xml(line) for line in lines if line])
    if one["severity"] == "error" and not one.get("accepted"):
        failure = Failure(_xml(one["message"]), one["code"])
        failure.text = text
        case.result = [failure]
    else:
        case.system_out = text
    if one["span"] is not None:
        case._elem.set("file", _xml(path_of(one["span"]["file"], folder)))
        case._elem.set("line", str(one["span"]["start"]["line"]))
    return case


def _xml(text: str) -> str:
    """The text without what XML cannot carry."""
    return "".join(sign if sign < "\ufffe" or sign > "\uffff" else "\ufffd" for sign in printable(text))
