// The drawer that books a visit: opened by the event "desk:book" and by the key n, which does what
// the page's button for it does.
//
// Its detail may hold start, day, practitioner, service, patient, waitlist and callback: keys, an ISO
// time and a date. With a visit's key as `visit`, it moves that visit. What is typed is posted by the form itself; the server renders each step.
(() => {
  const BOOK = "/admin/book/", MOVE = "/admin/move/";
  const ASKED = ["start", "day", "practitioner", "service", "patient", "waitlist", "callback", "visit"];
  const NO_ANSWER = "No answer came. Press it again: a visit is not booked twice.";
  const TYPED = ["who", "notes", "chosen_day", "chosen_time", "minutes"]; // the others are clicked
  let opener = null;
  let untouched = ""; // what is in these as the drawer opens
  let typedAhead = null; // before the drawer that was asked for is there

  const drawer = () => {
    const known = document.getElementById("desk-drawer");
    if (known) return known;
    const made = document.createElement("dialog");
    made.id = "desk-drawer";
    made.className = "desk-drawer";
    made.setAttribute("aria-labelledby", "desk-drawer-title");
    made.innerHTML = `<header><h2 id="desk-drawer-title"></h2>
      <button type="button" class="desk-button" aria-label="Close">×</button></header>
      <p class="book-problem" role="alert"></p><div class="book-body"></div>`;
    const leave = window.desk.leavable(made, () => typed() !== untouched);
    made.querySelector("header button").addEventListener("click", leave);
    made.addEventListener("pointerdown", (event) => {
      if (event.target === made) leave(event); // the backdrop; text may be selected out into it
    });
    made.addEventListener("close", () => {
      made.querySelector(".book-body").replaceChildren();
      if (opener?.isConnected) opener.focus({ preventScroll: true });
    });
    document.body.append(made);
    return made;
  };

  const typed = () => {
    const form = new FormData(document.querySelector("#desk-drawer form"));
    return JSON.stringify(TYPED.map((name) => form.get(name)));
  };

  const problem = (said) => {
    const shown = document.querySelector("#desk-drawer .book-problem");
    if (shown) shown.textContent = said;
  };

  const address = (detail) => {
    const asked = ASKED.filter((name) => detail?.[name]).map((name) => [name, detail[name]]);
    return `${detail?.visit ? MOVE : BOOK}?${new URLSearchParams(asked)}`;
  };

  const open = async (detail) => {
    if (drawer().open || typedAhead !== null) return;
    opener = document.activeElement;
    typedAhead = "";
    try {
      await load(detail);
    } finally {
      typedAhead = null;
    }
  };

  const load = async (detail) => {
    const shown = drawer();
    shown.querySelector("h2").textContent = detail?.visit ? "Move the visit" : "Book a visit";
    problem("");
    let response;
    try {
      response = await fetch(address(detail), {
        headers: { "HX-Request": "true" },
        redirect: "manual",
      });
    } catch {
      window.desk.say({ said: "No answer came. Please try again.", refused: true });
      return;
    }
    if (response.status === 404) return; // the operators book nothing
    if (!response.ok) {
      const said = response.status === 403 ? "Your account may not book." : "Please sign in again.";
      window.desk.say({ said, refused: true });
      return;
    }
    const body = shown.querySelector(".book-body");
    body.innerHTML = await response.text();
    window.htmx.process(body);
    untouched = typed();
    shown.showModal();
    const field = body.querySelector("[autofocus]") ?? body.querySelector("[name=who]");
    field?.focus();
    if (field?.matches("input[type=text][name=who]") && typedAhead) {
      field.value += typedAhead;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  document.addEventListener("keydown", (event) => {
    const isLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (typedAhead === null || !isLetter || window.desk.isField(event.target)) return;
    typedAhead += event.key;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });

  document.addEventListener("desk:book", (event) => open(event.detail));

  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key !== "n" || !plain || window.desk.isField(event.target)) return;
    const isAtDesk = document.querySelector("[data-find]"); // and not at the operators', or signed out
    if (document.querySelector("dialog[open]") || !isAtDesk) return;
    event.preventDefault();
    open(JSON.parse(document.querySelector("[data-book][aria-keyshortcuts=n]")?.dataset.book ?? "{}"));
  });

  // From the field to the names below it, and back.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = event.target.closest?.(".book-form [name=who], .book-people button");
    if (!step || !here) return;
    const row = [...here.form.querySelectorAll("input[name=who], .book-people button")];
    row[row.indexOf(here) + step]?.focus();
    event.preventDefault();
  });

  const isOurs = (event) => event.detail.elt?.closest?.(".book-form");

  // The next click may come before the answer to this one, whose request it replaces: what was
  // chosen is kept in the form.
  const keep = (form, name, value) => {
    const kept = form.querySelector(`input[type=hidden][name=${name}]`) ?? document.createElement("input");
    Object.assign(kept, { type: "hidden", name, value });
    if (!kept.form) form.prepend(kept);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".book-form button");
    if (["patient", "service"].includes(button?.name)) keep(button.form, button.name, button.value);
    if (button?.name === "change") keep(button.form, "patient", "");
  }, { capture: true });

  // A field that is being typed in keeps the focus, and what is typed, over a new form. So does what
  // leads from day to day.
  let typedIn = null;

  document.addEventListener("htmx:afterSwap", () => {
    typedIn?.focus();
    typedIn = null;
  });

  // A refusal is a form as well. The page of a sign-in is none.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isOurs(event)) return;
    const { xhr } = event.detail;
    problem("");
    typedIn = document.activeElement?.matches(".book-form [hx-preserve]") ? document.activeElement : null;
    const isTurning = document.activeElement?.closest(".book-days");
    if (typedIn || isTurning) event.detail.serverResponse = xhr.responseText.replaceAll(" autofocus", "");
    if (xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    if (![BOOK, MOVE].includes(new URL(xhr.responseURL).pathname)) {
      event.detail.shouldSwap = false;
      problem("You are signed out. Please sign in again in another tab; what you typed stays.");
    }
  });

  document.addEventListener("htmx:sendError", (event) => isOurs(event) && problem(NO_ANSWER));
  document.addEventListener("htmx:responseError", (event) => isOurs(event) && problem(NO_ANSWER));

  document.addEventListener("desk:booked", (event) => {
    const { said, undo } = event.detail;
    const shown = drawer();
    if (!shown.open) { // the page of its own
      window.location.assign("/admin/");
      return;
    }
    shown.close();
    window.desk.tell({ said, undo, refused: false });
    document.dispatchEvent(new CustomEvent("desk:changed", { detail: { said, undo } }));
  });
})();
