// The calendar: draws the visits of a day or a week, moves them, and keeps up with what others do.
//
// The address says what is shown. Its links are fetched here, and their page's bar is put in the
// place of this one, so that the drawing stays and only its days change.
(() => {
  const POLL = 12000; // milliseconds; a change is seen within 20 s
  const LINE = 16; // pixels; a lower visit has room for one line, one below three for two
  const NARROW = 640; // pixels; below it, a day is of one practitioner

  const calendar = document.getElementById("calendar");
  let config = JSON.parse(document.getElementById("calendar-config").textContent);
  let drawn = null; // the library's calendar
  let drawing = { visits: new Map(), tag: "", of: "" };
  let loading = ""; // the address that was asked for last, until it answers
  let isDragging = false;
  // Count what was asked for: an answer that comes too late is dropped.
  let pagesAsked = 0;
  let loadsAsked = 0;

  // --- what is shown

  const VIEWS = { day: "resourceTimeGridDay", week: "timeGridWeek" };
  const SLOTS = { 5: 15, 10: 20, 15: 15, 30: 30 }; // by the snap, in minutes

  const clock = (minutes) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

  const two = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

  // A minute's height: the shortest service has a line.
  const pixels = () => Math.min(2, Math.max(1.2, LINE / config.shortest));

  const linesOf = ({ minutes }) => Math.max(1, Math.floor((minutes * pixels()) / LINE));

  // EventCalendar 5.10 takes an offset of zero for the browser's own. A minute is a pixel.
  const zone = (offset) => (offset === "+00:00" ? "+00:01" : offset);

  const options = () => ({
    view: VIEWS[config.view],
    date: config.date,
    firstDay: config.first_day,
    locale: "en-GB",
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: false,
    dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
    slotLabelFormat: two,
    eventTimeFormat: two,
    slotDuration: clock(SLOTS[config.snap] ?? 15),
    snapDuration: clock(config.snap),
    slotLabelInterval: "01:00",
    slotHeight: pixels() * (SLOTS[config.snap] ?? 15),
    slotEventOverlap: false,
    columnWidth: config.view === "day" ? "minmax(9rem, 1fr)" : "minmax(6.5rem, 1fr)",
    nowIndicator: true,
    timeZone: zone(config.now.slice(-6)),
    pointer: config.may_book,
    longPressDelay: 500,
    editable: config.may_move,
    eventDurationEditable: config.may_override,
    datesSet: loadOnce,
    eventContent: content,
    eventClick: open,
    eventDragStart: () => (isDragging = true),
    eventDragStop: () => (isDragging = false),
    eventResizeStart: () => (isDragging = true),
    eventResizeStop: () => (isDragging = false),
    eventDrop: dropped,
    eventResize: resized,
    dateClick: clicked,
    eventAllUpdated: tidy,
    viewDidMount: tidy,
  });

  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const icon = (name) => {
    const made = element("span", "material-symbols-outlined", name);
    made.setAttribute("aria-hidden", "true");
    return made;
  };

  const hidden = (text) => element("span", "cal-hidden", text);

  // What is written in a visit. All of it is read out, signs as words.
  const content = ({ event, timeText }) => {
    const visit = event.extendedProps.visit;
    if (!visit) {
      const text = event.display === "pointer" ? timeText.slice(0, 5) : event.title;
      return { domNodes: [element("span", "cal-shade", text)] };
    }
    const inside = element("div", "cal-visit");
    inside.dataset.visit = visit.id;
    const first = element("span", "cal-when");
    const [sign, status] = config.signs[visit.status];
    first.append(icon(sign));
    if (visit.by_phone) first.append(icon("call"));
    // Of “01:30 EDT-02:00 EDT”, the end is what a narrow visit leaves out.
    const [, begins, ends] = /^(.*?)(-\d\d:\d\d.*)$/.exec(event.display === "preview" ? timeText : visit.when)
      ?? [null, timeText, ""];
    const time = element("span", "", begins);
    time.append(element("span", "cal-end", ends));
    first.append(time);
    const name = element("span", "cal-name", visit.patient);
    const what = element("span", "cal-what", visit.room ? `${visit.service}, ${visit.room}` : visit.service);
    const said = `, ${status}${visit.by_phone ? ", booked by telephone" : ""}, with ${nameOf(visit.practitioner)}`;
    inside.append(first, name, what, hidden(said));
    inside.title = `${visit.when} ${visit.patient}\n${visit.service} with ${nameOf(visit.practitioner)}\n`
      + `${status}, ${visit.reference}`;
    return { domNodes: [inside] };
  };

  const nameOf = (practitioner) => drawing.names?.get(practitioner) ?? "";

  // --- loading

  const address = () => {
    const { activeStart, activeEnd } = drawn.getView();
    const days = new URLSearchParams({ from: day(activeStart), to: day(activeEnd) });
    if (config.practitioner) days.set("practitioner", config.practitioner);
    return `${config.events}?${days}`;
  };

  const day = (date) =>
    `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;

  // The days that are shown, unless they are drawn or asked for already.
  const loadOnce = () => {
    if (drawn && ![drawing.of, loading].includes(address())) load();
  };

  const load = async () => {
    if (!drawn || isDragging) return;
    const from = address(), turn = ++loadsAsked;
    loading = from;
    const headers = { Accept: "application/json" };
    if (drawing.of === from) headers["If-None-Match"] = drawing.tag;
    let response;
    try {
      response = await fetch(from, { headers, redirect: "manual" });
    } catch {
      loading = "";
      return state("No answer from the server. What is shown may have changed.");
    }
    if (turn !== loadsAsked || isDragging) return;
    loading = "";
    if (response.status === 304) return state("");
    if (response.type === "opaqueredirect") return state("You are signed out. Please sign in again.");
    if (!response.ok) return state("The calendar could not be read. What is shown may have changed.");
    draw(await response.json(), from, response.headers.get("ETag"));
    state("");
  };

  const state = (text) => {
    const shown = document.getElementById("calendar-state");
    if (shown.textContent !== text) shown.textContent = text;
  };

  const draw = (found, of, tag) => {
    const before = drawing.of === of ? drawing.visits : null;
    const visits = new Map(found.visits.map((visit) => [visit.id, visit]));
    const names = new Map(found.practitioners.map((one) => [one.id, one.name]));
    drawing = { visits, names, of, tag };
    const focused = visitOf(document.activeElement)?.id;
    drawn.setOption("timeZone", zone(found.offset));
    drawn.setOption("slotMinTime", clock(60 * found.hours.first));
    drawn.setOption("slotMaxTime", clock(60 * found.hours.last));
    drawn.setOption("resources", found.practitioners.map(({ id, name }) => ({ id, title: name })));
    drawn.setOption("events", [
      ...found.shades.map(asShade),
      ...found.visits.map((visit) => asEvent(visit, before)),
    ]);
    if (focused) setTimeout(() => focusOn(focused));
    if (!before) setTimeout(showDay);
  };

  // Where a week is wider than the screen, it begins at the day that was asked for.
  const showDay = () => {
    const head = document.querySelector(`.ec-col-head time[datetime="${config.date}"]`)?.parentElement;
    const main = head?.closest(".ec-main");
    if (main && main.scrollWidth > main.clientWidth) {
      main.scrollLeft += head.getBoundingClientRect().left - main.getBoundingClientRect().left
        - main.querySelector(".ec-sidebar").offsetWidth;
    }
  };

  const asShade = (shade) => ({
    resourceId: shade.practitioner,
    start: shade.start,
    end: shade.end,
    title: shade.title,
    display: "background",
    className: `cal-${shade.kind}`,
  });

  const asEvent = (visit, before) => {
    const isNew = before && before.get(visit.id)?.seen !== visit.seen;
    return {
      id: visit.id,
      resourceId: visit.practitioner,
      start: visit.start,
      end: visit.end,
      editable: visit.movable && config.may_move,
      startEditable: visit.movable && config.may_move,
      durationEditable: visit.movable && config.may_override,
      classNames: ["cal-event", `cal-${visit.status}`, `cal-lines-${linesOf(visit)}`, ...(isNew ? ["cal-changed"] : [])],
      extendedProps: { visit },
    };
  };

  // The library calls its drawing a table, whose cells hold nothing. The visits are buttons.
  const tidy = () => {
    const grid = document.getElementById("calendar-grid");
    for (const one of grid.querySelectorAll("[role=table], [role=row], [role=rowgroup], [role=cell], [role=columnheader]")) {
      one.removeAttribute("role");
      for (const name of ["aria-colindex", "aria-colspan"]) one.removeAttribute(name);
    }
    for (const one of grid.querySelectorAll(".ec-bg-event[role], .ec-bg-event[tabindex]")) {
      one.removeAttribute("role");
      one.removeAttribute("tabindex");
    }
    const main = grid.querySelector(".ec-main");
    main?.setAttribute("tabindex", "0");
    main?.setAttribute("role", "group");
    main?.setAttribute("aria-labelledby", "calendar-title");
  };

  // --- other days

  const go = async (url, { isBack = false } = {}) => {
    const to = new URL(url, location.href);
    if (!isBack) history.pushState(null, "", to);
    const date = to.searchParams.get("date");
    if (drawn && date && to.searchParams.get("view") === config.view) drawn.setOption("date", date);
    const turn = ++pagesAsked;
    let page;
    try {
      const response = await fetch(to, { redirect: "manual" });
      if (!response.ok) return location.assign(to);
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      return location.assign(to);
    }
    if (turn === pagesAsked) put(page);
  };

  const put = (page) => {
    const next = page.getElementById("calendar");
    const isSame = next.dataset.view === config.view && (drawn || config.view === "month");
    config = JSON.parse(page.getElementById("calendar-config").textContent);
    document.title = page.title;
    if (!isSame) return putAll(next);
    putBar(next);
    if (config.view === "month") return swap(".cal-scroll", next);
    drawn.setOption("date", config.date);
    loadOnce();
  };

  const putAll = (next) => {
    const focused = document.activeElement?.id;
    if (drawn) EventCalendar.destroy(drawn);
    drawn = null;
    calendar.dataset.view = next.dataset.view;
    calendar.replaceChildren(...next.childNodes);
    start();
    refocus(focused);
  };

  // Not if it has the focus still: a date that is being typed would begin anew.
  const refocus = (id) => {
    if (id && document.activeElement?.id !== id) document.getElementById(id)?.focus();
  };

  // A field that is being typed in stays: another one would lose the place in it.
  const putBar = (next) => {
    const focused = document.activeElement?.id;
    const [here, there] = [calendar, next].map((one) => [...one.querySelector(".cal-bar").children]);
    here.forEach((part, place) => {
      const isTyped = part.matches("form") && part.contains(document.activeElement);
      if (!isTyped) part.replaceWith(there[place]);
    });
    refocus(focused);
  };

  const swap = (selector, next) => {
    const [old, fresh] = [calendar, next].map((one) => one.querySelector(selector));
    if (old && fresh && old.innerHTML !== fresh.innerHTML) old.replaceWith(fresh);
  };

  calendar.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (link && isPlain && link.pathname === config.page) {
      event.preventDefault();
      go(link.href);
    }
  });

  calendar.addEventListener("change", (event) => {
    const form = event.target.closest("#calendar-choice");
    if (form && form.checkValidity()) {
      go(`${config.page}?${new URLSearchParams(new FormData(form))}`);
    }
  });

  window.addEventListener("popstate", () => go(location.href, { isBack: true }));

  // --- a visit: open it, move it, or book into a gap

  const visitOf = (node) => drawing.visits.get(node?.querySelector?.("[data-visit]")?.dataset.visit);

  const focusOn = (id) => document.querySelector(`[data-visit="${id}"]`)?.closest(".ec-event")?.focus();

  const open = ({ event, jsEvent }) => {
    const here = encodeURIComponent(location.pathname + location.search);
    const page = `${config.visit.replace(/[0-9a-f-]{36}/, event.id)}?next=${here}`;
    if (jsEvent.ctrlKey || jsEvent.metaKey) window.open(page);
    else location.assign(page);
  };

  const MINUTE = 60000;
  const minutesOf = (delta) => (delta.days ?? 0) * 1440 + (delta.seconds ?? 0) / 60;

  // The wall's time so many minutes later: counted as if all hours were there once.
  const later = (wall, minutes) =>
    new Date(Date.parse(`${wall}Z`) + minutes * MINUTE).toISOString().slice(0, 16);

  const dropped = ({ event, delta, revert }) => {
    const visit = event.extendedProps.visit;
    const start = minutesOf(delta) ? later(visit.start, minutesOf(delta)) : visit.at;
    change(visit, { start, practitioner: event.resourceIds[0] }, revert);
  };

  const resized = ({ event, endDelta, revert }) => {
    const visit = event.extendedProps.visit;
    const minutes = visit.minutes + minutesOf(endDelta);
    change(visit, { start: visit.at, practitioner: visit.practitioner, minutes }, revert);
  };

  const send = (visit, to) => desk.post(config.move, { visit: visit.id, seen: visit.seen, ...to });

  // A move that is refused snaps back. What is free instead is offered as buttons.
  const change = async (visit, to, revert) => {
    const { answer } = await send(visit, to);
    if (answer.refused) {
      revert?.();
      load();
    }
    const alternatives = answer.refused ? ways(answer) : [];
    desk.say({ ...answer, alternatives }, { choose: ({ label, ...other }) => change(asShown(visit), { ...to, ...other }) });
  };

  const asShown = (visit) => drawing.visits.get(visit.id) ?? visit;

  const ways = (answer) => {
    const others = answer.alternatives.map(({ label, start, practitioner }) => ({ label, start, practitioner }));
    if (answer.insist) others.push({ label: "Move it there all the same", [answer.insist]: "on" });
    return others;
  };

  // A gap: the drawer books into it.
  const clicked = ({ dateStr, resource }) => {
    if (!config.may_book) return;
    const detail = { start: dateStr.slice(0, 16), practitioner: Number(resource?.id ?? config.practitioner) };
    document.dispatchEvent(new CustomEvent("desk:book", { detail }));
  };

  // --- the dialog: the same without a mouse

  const dialog = document.getElementById("calendar-move");
  const form = dialog?.querySelector("form");
  let moving = null; // the visit as the dialog shows it
  let untouched = ""; // its fields, before anything is typed

  const show = (visit) => {
    moving = visit;
    dialog.querySelector(".cal-whose").textContent =
      `${visit.patient}, ${visit.service}, ${visit.when} with ${nameOf(visit.practitioner)}`;
  };

  const fields = () => String(new URLSearchParams(new FormData(form)));

  const ask = (visit) => {
    const { day, time, practitioner, minutes } = form.elements;
    show(visit);
    [day.value, time.value] = visit.start.split("T");
    if (![...practitioner.options].some((one) => Number(one.value) === visit.practitioner)) {
      practitioner.add(new Option(nameOf(visit.practitioner), visit.practitioner));
    }
    practitioner.value = visit.practitioner;
    if (minutes) minutes.value = visit.minutes;
    untouched = fields();
    refuse(null);
    desk.hide();
    dialog.showModal();
    time.focus();
  };

  const typed = (visit) => {
    const { day, time, practitioner, minutes } = form.elements;
    const start = `${day.value}T${time.value.slice(0, 5)}`;
    const to = { start: start === visit.start ? visit.at : start, practitioner: practitioner.value };
    if (minutes && Number(minutes.value) !== visit.minutes) to.minutes = minutes.value;
    return to;
  };

  const refuse = (answer) => {
    const said = dialog.querySelector(".cal-refusal");
    said.replaceChildren();
    if (!answer) return;
    const others = ways(answer).map(({ label, ...other }) => {
      const button = element("button", "cal-button", label);
      button.type = "button";
      button.addEventListener("click", () => submit(other));
      return button;
    });
    said.append(element("p", "", answer.said), ...others);
  };

  // What was typed stays until it is done. A visit that somebody else moved is shown as it is now.
  const submit = async (other = {}) => {
    const { answer } = await send(moving, { ...typed(moving), ...other });
    if (!answer.refused) {
      dialog.close();
      return desk.say(answer);
    }
    await load();
    show(asShown(moving));
    refuse(answer);
  };

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form?.querySelector("[value=cancel]").addEventListener("click", () => dialog.close());
  dialog?.addEventListener("close", () => focusOn(moving.id));
  if (dialog) desk.leavable(dialog, () => fields() !== untouched);

  // --- keys

  const FIELD = "input, select, textarea, [contenteditable], dialog, [role=dialog]";

  // A drag that the browser takes over, to scroll, ends without a word.
  window.addEventListener("pointercancel", () => (isDragging = false));

  const keyed = (event) => {
    const other = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (other || event.defaultPrevented || event.target.closest?.(FIELD)) return;
    if (event.key === "ArrowLeft") press("calendar-previous", event);
    if (event.key === "ArrowRight") press("calendar-next", event);
    const visit = visitOf(event.target);
    if (!visit) return;
    if (event.key === "ArrowUp") step(visit, -1, event);
    if (event.key === "ArrowDown") step(visit, 1, event);
    if (event.key === "m" && dialog) {
      event.preventDefault();
      if (visit.movable) ask(visit);
      else desk.say({ said: `It is ${config.signs[visit.status][1]}, and stays where it is.`, refused: true });
    }
  };

  const press = (id, event) => {
    event.preventDefault();
    document.getElementById(id).click();
  };

  // To the visit before or after, of the same practitioner and day.
  const step = (visit, by, event) => {
    event.preventDefault();
    const column = [...drawing.visits.values()].filter((other) =>
      other.practitioner === visit.practitioner && other.start.slice(0, 10) === visit.start.slice(0, 10));
    const next = column[column.indexOf(visit) + by];
    if (next) focusOn(next.id);
  };

  document.addEventListener("keydown", keyed);

  // --- keeping up

  const refresh = () => {
    if (document.hidden) return;
    if (drawn) load();
    else if (config.view === "month") renew();
  };

  const renew = async () => {
    const turn = ++pagesAsked;
    const response = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (!response?.ok || turn !== pagesAsked) return;
    swap(".cal-scroll", new DOMParser().parseFromString(await response.text(), "text/html"));
  };

  setInterval(refresh, POLL);
  document.addEventListener("visibilitychange", refresh);
  document.addEventListener("desk:changed", refresh);
  window.addEventListener("pageshow", (event) => event.persisted && refresh());

  const start = () => {
    const grid = document.getElementById("calendar-grid");
    if (!grid || !window.EventCalendar) return;
    const says = new URL(location.href);
    const first = document.querySelector("#calendar-practitioner option:not([value=''])");
    if (window.innerWidth < NARROW && config.view === "day" && !says.searchParams.has("practitioner")) {
      says.searchParams.set("practitioner", first.value);
      return location.replace(says);
    }
    drawn = EventCalendar.create(grid, options());
    loadOnce();
  };

  start();
})();
