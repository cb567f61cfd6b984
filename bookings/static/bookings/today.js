// Today: the board refreshes itself, shows what changed, and keeps what the user had opened.
(() => {
  const SHOWN = "desk-shows-over"; // the lanes whose finished visits are shown, in this tab
  const LONG = 15; // minutes of waiting that are marked

  const shown = () => new Set(JSON.parse(sessionStorage.getItem(SHOWN) ?? "[]"));

  const restoreLanes = () => {
    for (const lane of document.querySelectorAll("[data-lane]")) {
      const shows = shown().has(lane.dataset.lane);
      lane.classList.toggle("shows-over", shows);
      lane.querySelector("[data-shows-over]")?.setAttribute("aria-expanded", String(shows));
    }
  };

  const toggleLane = (lane) => {
    const kept = shown();
    if (!kept.delete(lane.dataset.lane)) kept.add(lane.dataset.lane);
    sessionStorage.setItem(SHOWN, JSON.stringify([...kept]));
    restoreLanes();
  };

  const showWaits = () => {
    for (const time of document.querySelectorAll("time[data-since]")) {
      const minutes = Math.floor((Date.now() - Date.parse(time.dataset.since)) / 60000);
      if (minutes < 0) continue;
      time.dataset.minutes = ` (${minutes} min)`;
      time.classList.toggle("long", minutes >= LONG && Boolean(time.closest(".is-waiting")));
    }
  };

  const versions = () => new Map(
    [...document.querySelectorAll(".visit")].map((visit) => [visit.id, visit.dataset.version]),
  );

  const markChanged = (before) => {
    const changed = [...document.querySelectorAll(".visit")].filter(
      (visit) => before.get(visit.id) !== visit.dataset.version,
    );
    changed.forEach((visit) => visit.classList.add("changed"));
    const names = changed.map((visit) => visit.dataset.name);
    if (names.length) document.getElementById("board-news").textContent = `Changed: ${names.join(", ")}.`;
  };

  let before = new Map();
  let focused = null;

  const isSignedOut = (detail) => new URL(detail.xhr.responseURL).pathname.endsWith("/login/");

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isSignedOut(event.detail)) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
    if (event.detail.target.id !== "board") return;
    before = versions();
    focused = document.activeElement?.closest?.(".visit, .lane") && document.activeElement;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "board" && event.detail.elt?.id !== "board") return;
    restoreLanes();
    showWaits();
    markChanged(before);
    keepFocus();
  });

  // The button that had the focus; when it is gone, what comes next for the same visit.
  const keepFocus = () => {
    if (!focused || document.activeElement !== document.body) return;
    const visit = document.getElementById(focused.closest(".visit")?.id);
    const again = document.getElementById(focused.id) ?? visit?.querySelector("button, a");
    again?.focus({ preventScroll: true });
  };

  const besideInBoard = (button, step) => {
    const all = [...document.querySelectorAll(".visit .desk-button.next")].filter(
      (one) => one.offsetParent !== null,
    );
    const own = button.closest(".visit").querySelector(".desk-button.next") ?? button;
    return all[all.indexOf(own) + step];
  };

  document.addEventListener("click", (event) => {
    const lane = event.target.closest("[data-shows-over]")?.closest("[data-lane]");
    if (lane) toggleLane(lane);
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]") && event.target.value) event.target.form.submit();
  });

  document.addEventListener("keydown", (event) => {
    const button = event.target.closest?.(".visit button");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!button || !step) return;
    event.preventDefault();
    besideInBoard(button, step)?.focus();
  });

  restoreLanes();
  showWaits();
  setInterval(showWaits, 20000);
})();
