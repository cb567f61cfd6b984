// Today: which finished visits are shown, how long patients wait, and arrow keys on the board.
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
      time.dataset.minutes = ` (${minutes}\u00a0min)`;
      time.classList.toggle("long", minutes >= LONG && Boolean(time.closest(".is-waiting")));
    }
  };

  // The telephone dials by the link itself. The note is typed in the inbox.
  const callBack = async (dial) => {
    const { dial: take, then } = dial.dataset;
    await window.desk.post(take);
    window.location.assign(then);
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
    const dial = event.target.closest("[data-dial]");
    if (dial) callBack(dial);
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

  document.addEventListener("live:refreshed", () => {
    restoreLanes();
    showWaits();
  });

  restoreLanes();
  showWaits();
  setInterval(showWaits, 20000);
})();
