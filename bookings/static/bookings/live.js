// Live regions: a part of a page that refreshes itself by htmx, outerHTML for outerHTML.
//
// <div id="board" data-live hx-get=… hx-trigger=… hx-swap="outerHTML">. In it, what has an id,
// data-version and data-name is marked when its version is another one. The focus stays, and so
// does what is being typed: then nothing is swapped. Fires "live:refreshed" on the region. Signed
// out, it goes to the sign-in, unless something typed would be lost with the page.
(() => {
  let before = null;
  let focused = null;
  let isAway = false; // the server

  const sayAway = (event) => {
    if (!isLive(event.detail.elt) || isAway) return;
    isAway = true;
    const said = "No answer from the server. What is shown may have changed.";
    window.desk.say({ said, undo: null, refused: true });
  };

  document.addEventListener("htmx:sendError", sayAway);
  document.addEventListener("htmx:responseError", sayAway);

  const rows = (region) => [...region.querySelectorAll("[data-version][id]")];

  const isTyping = (region) => {
    const field = document.activeElement;
    return region.contains(field) && window.desk.isField(field) && field.value !== "";
  };

  const isSignedOut = (xhr) => new URL(xhr.responseURL).pathname.endsWith("/login/");

  const leave = () => {
    if (window.desk.hasTyped() || document.querySelector("dialog[open]")) window.desk.saySignedOut();
    else window.location.reload();
  };

  const isLive = (element) => "live" in (element?.dataset ?? {});

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (isSignedOut(xhr)) {
      event.detail.shouldSwap = false;
      if (!target.closest(".book-form")) leave(); // the drawer says so itself
      return;
    }
    if (!isLive(target)) return;
    isAway = false;
    if (isTyping(target)) event.detail.shouldSwap = false;
    before = new Map(rows(target).map((row) => [row.id, row.dataset.version]));
    focused = target.contains(document.activeElement) ? document.activeElement : null;
  });

  const markChanged = (region) => {
    const changed = rows(region).filter((row) => before.get(row.id) !== row.dataset.version);
    changed.forEach((row) => row.classList.add("changed"));
    const names = changed.map((row) => row.dataset.name);
    const news = document.getElementById("live-news");
    if (news && names.length) news.textContent = `Changed: ${names.join(", ")}.`;
  };

  // What had the focus; when it is gone, what comes next in the same row.
  const keepFocus = () => {
    if (!focused || document.activeElement !== document.body) return;
    const row = document.getElementById(focused.closest("[data-version]")?.id);
    const again = (focused.id && document.getElementById(focused.id)) || row?.querySelector("button, a");
    again?.focus({ preventScroll: true });
  };

  document.addEventListener("htmx:load", (event) => {
    const region = event.detail.elt;
    if (!isLive(region) || before === null) return;
    markChanged(region);
    keepFocus();
    region.dispatchEvent(new CustomEvent("live:refreshed", { bubbles: true }));
  });
})();
