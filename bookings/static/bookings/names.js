// What the theme leaves without a name or out of the keyboard's reach, for those who cannot see it.
"use strict";
{
  const labelOf = (element) => {
    const row = element.closest(".form-row, .field-row, [class*='field-'], td, fieldset");
    const label = row?.querySelector("label, .readonly-label, legend");
    return (label?.firstChild?.textContent || label?.textContent || "").trim();
  };

  // A list of texts: each field has the name of the whole, and what adds or removes is a button.
  const nameLists = (root) => {
    root.querySelectorAll("[x-data='{items: []}']").forEach((list) => {
      const name = labelOf(list);
      list.querySelectorAll("input:not([aria-label])").forEach((input) => {
        input.setAttribute("aria-label", name);
      });
      list.querySelectorAll("a:not([href]), div.cursor-pointer").forEach((element) => {
        element.setAttribute("role", "button");
        element.tabIndex = 0;
        const does = element.matches("a") ? "Delete" : element.textContent.trim();
        element.setAttribute("aria-label", `${does}: ${name}`);
      });
    });
  };

  // A choice with a search field: https://select2.org, which names it by its own text alone.
  const nameChoices = (root) => {
    root.querySelectorAll("select.select2-hidden-accessible").forEach((select) => {
      const name = select.labels?.[0]?.textContent.trim() || labelOf(select);
      const box = select.nextElementSibling?.querySelector("[role='combobox']");
      const text = box?.querySelector("[role='textbox']");
      if (!name || !box) return;
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", name);
      text?.setAttribute("aria-label", name);
    });
  };

  const name = () => {
    nameLists(document);
    nameChoices(document);
  };

  document.addEventListener("keydown", (event) => {
    const isButton = event.target.matches?.("[role='button']:not(button)");
    if (!isButton || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.target.click();
  });

  window.addEventListener("load", () => {
    document.getElementById("content")?.setAttribute("role", "main");
    name();
    let isDue = false;
    new MutationObserver(() => {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        name();
      });
    }).observe(document.body, { childList: true, subtree: true });
  });
}
