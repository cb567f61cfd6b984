"""Clicks: how many a job took, as the browser counted them."""

from playwright.sync_api import Page

# On the document, before the page sees it. Not on the window: there Playwright stops a click that
# would miss, and tries it again. Kept over a change of page in the same tab.
COUNT = """
if (!window.countsClicks) {
  window.countsClicks = true;
  document.addEventListener("pointerdown", () => {
    sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks") ?? 0) + 1);
  }, { capture: true });
}
"""


class Clicks:
    """Counts from now on. A click that only moves the focus counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(COUNT)
        page.evaluate("sessionStorage.removeItem('clicks')")
        page.evaluate(COUNT)

    def count(self) -> int:
        return int(self.page.evaluate("Number(sessionStorage.getItem('clicks') ?? 0)"))
