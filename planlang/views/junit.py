"""Diagnostics as a JUnit report: a suite a plan, in it a test case for each diagnostic and one for the plan itself."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement

from planlang.views.diagnostics import place
from planlang.views.github import path_of
from planlang.views.printable import printable
from planlang.views.verdict import summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def render(found: Sequence[tuple[Mapping[str, Any], str]]) -> str:
    """Errors are failures; warnings pass, and say what they are; what holds is one case that passes.

    The folder of each document leads from the repository to its files.
    """
    report = Element("testsuites", name="planlang")
    for document, folder in found:
        name = _xml(document["plan"]["name"])
        suite = SubElement(report, "testsuite", name=name)
        whole = SubElement(suite, "testcase", name="check", classname=name)
        if document["verdict"] != "holds":
            SubElement(whole, "failure", message=_xml(summary(document)), type=document["verdict"])
        for one in document["diagnostics"]:
            _add_case(suite, one, name, folder)
        _count(suite)
    _count(report)
    ElementTree.indent(report)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(report, encoding="unicode")}\n'


def _add_case(suite: Element, one: Mapping[str, Any], name: str, folder: str) -> None:
    subject = f" {one['subject']}" if one["subject"] else ""
    case = SubElement(suite, "testcase", name=_xml(f"{one['code']} {one['name']}{subject}"), classname=name)
    where = ""
    if one["span"] is not None:
        where = place(one["span"], folder)
        case.set("file", _xml(path_of(one["span"]["file"], folder)))
        case.set("line", str(one["span"]["start"]["line"]))
    lines = [where, one["message"], *one["notes"], *(f"fix: {fix['message']}" for fix in one["fixes"])]
    if one["severity"] == "error" and not one.get("accepted"):
        said = SubElement(case, "failure", message=_xml(one["message"]), type=one["code"])
    else:
        said = SubElement(case, "system-out")
    said.text = "\n".join([_xml(line) for line in lines if line])


def _count(suite: Element) -> None:
    cases = suite.findall(".//testcase")
    failed = sum(case.find("failure") is not None for case in cases)
    suite.attrib.update(tests=str(len(cases)), failures=str(failed), errors="0", skipped="0")


def _xml(text: str) -> str:
    """The text without what XML cannot carry."""
    return "".join(sign if sign < "\ufffe" or sign > "\uffff" else "\ufffd" for sign in printable(text))
