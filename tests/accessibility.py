"""Accessibility, as axe-core judges it: WCAG 2.2, levels A and AA, and its best practices."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
# Nothing is loading or fading in, since colours are judged as they are at the moment.
AT_REST = """() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")
    && document.getAnimations().every((one) => one.playState !== "running"
        || one.effect.getComputedTiming().endTime === Infinity)"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, within: str = "body") -> list[str]:
    """What is wrong with the elements `within` the page, a line each: the rule, and where.

    The script is evaluated and not added to the page: its policy would refuse that.
    """
    page.wait_for_function(AT_REST)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    run = "([within, tags]) => axe.run(within, {runOnly: tags, resultTypes: ['violations']})"
    found: Any = page.evaluate(run, [within, TAGS])
    return [
        f"{one['id']}: {one['help']}: {node['target']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
